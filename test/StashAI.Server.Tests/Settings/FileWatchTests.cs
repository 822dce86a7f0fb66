using StashAI.Hosting.Files;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Settings;

/// <summary>Changes of files are noticed in every way in which files change.</summary>
public sealed class FileWatchTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_that_comes_changes_and_goes_is_noticed_once_each()
    {
        var path = folder.File("a");
        var watch = new FileWatch(() => [path]);
        Assert.Empty(watch.Look());

        File.WriteAllText(path, "one");
        Assert.Equal([path], watch.Look().Keys);
        Assert.Empty(watch.Look());

        File.WriteAllText(path, "two");
        Assert.Equal([path], watch.Look().Keys);

        File.Delete(path);
        Assert.Equal(FileVersion.None, watch.Look()[path]);
        Assert.Empty(watch.Look());
    }

    [Fact]
    public void Other_content_with_the_same_time_and_length_is_a_change()
    {
        var path = folder.File("a");
        File.WriteAllText(path, "one");
        var time = File.GetLastWriteTimeUtc(path);
        var watch = new FileWatch(() => [path]);
        watch.Look();

        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, time);

        Assert.Single(watch.Look());
    }

    [Fact]
    public void A_mounted_folder_whose_link_is_swapped_is_a_change()
    {
        var path = Mount("v1", "one");
        var watch = new FileWatch(() => [path]);
        watch.Look();

        Swap("v2", "two");

        Assert.Single(watch.Look());
        Directory.Delete(folder.File("..v2"), recursive: true);
        Assert.Equal(FileVersion.None, watch.Look()[path]);
    }

    [Fact]
    public void A_file_that_leaves_the_list_is_gone()
    {
        var path = folder.File("a.yaml");
        File.WriteAllText(path, "one");
        var watch = new FileWatch(() => Directory.EnumerateFiles(folder.Path, "*.yaml"));
        Assert.Single(watch.Look());

        File.Move(path, folder.File("a.off"));

        Assert.Equal(FileVersion.None, watch.Look()[path]);
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
