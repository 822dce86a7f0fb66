using StashAI.Hosting.Files;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Settings;

/// <summary>Changes of files are noticed in every way in which files change.</summary>
public sealed class FileVersionTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_that_comes_changes_and_goes_has_other_versions()
    {
        var path = folder.File("a");
        Assert.Equal(FileVersion.None, FileVersion.Of(path));

        File.WriteAllText(path, "one");
        var first = FileVersion.Of(path);
        Assert.NotEqual(FileVersion.None, first);
        Assert.Equal(first, FileVersion.Of(path));

        File.WriteAllText(path, "two");
        Assert.NotEqual(first, FileVersion.Of(path));

        File.Delete(path);
        Assert.Equal(FileVersion.None, FileVersion.Of(path));
    }

    [Fact]
    public void Other_content_with_the_same_time_and_length_is_another_version()
    {
        var path = folder.File("a");
        File.WriteAllText(path, "one");
        var (time, first) = (File.GetLastWriteTimeUtc(path), FileVersion.Of(path));

        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, time);

        Assert.NotEqual(first, FileVersion.Of(path));
    }

    [Fact]
    public void A_mounted_folder_whose_link_is_swapped_gives_another_version()
    {
        var path = Mount("v1", "one");
        var first = FileVersion.Of(path);

        Swap("v2", "two");

        Assert.NotEqual(first, FileVersion.Of(path));
        Directory.Delete(folder.File("..v2"), recursive: true);
        Assert.Equal(FileVersion.None, FileVersion.Of(path));
    }

    /// <summary>Lays a file out as Kubernetes does: a link to a file in a linked folder.</summary>
    private string Mount(string version, string content)
    {
        Swap(version, content);
        var path = folder.File("keys");
        File.CreateSymbolicLink(path, Path.Combine("..data", "keys"));
        return path;
    }

    private void Swap(string version, string content)
    {
        Directory.CreateDirectory(folder.File(".." + version));
        File.WriteAllText(folder.File(Path.Combine(".." + version, "keys")), content);
        Directory.CreateSymbolicLink(folder.File("..data_tmp"), ".." + version);
        if (Path.Exists(folder.File("..data"))) Directory.Delete(folder.File("..data"));
        Directory.Move(folder.File("..data_tmp"), folder.File("..data"));
    }
}
