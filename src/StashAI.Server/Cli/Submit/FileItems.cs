using System.IO.Enumeration;
using StashAI.Client.Submit;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Submit;

/// <summary>Files, folders and patterns become items: a file each, called by its path below the folder that was given.</summary>
internal static class FileItems
{
    /// <summary>The files that files, folders and patterns name.</summary>
    public static IReadOnlyList<(string Path, string Name)> Find(IReadOnlyList<string> paths) => [.. paths.SelectMany(Expand)];

    /// <param name="files">The files.</param>
    /// <param name="byPath">True sends the paths only: the server reads the files.</param>
    public static ItemSource Of(IReadOnlyList<(string Path, string Name)> files, bool byPath)
    {
        var items = files.Select(file => byPath
            ? SubmitItem.FromServerFile(Path.GetFullPath(file.Path), file.Name)
            : SubmitItem.FromStream(_ => new(RegularFile.OpenRead(file.Path)), file.Name)).ToAsyncEnumerable();
        return new ItemSource(items, files.Count, CanBeReadAgain: true, files.Select(file => Check(file.Path)).ToAsyncEnumerable());
    }

    private static GivenItem Check(string path)
    {
        try
        {
            using var file = RegularFile.OpenRead(path);
            return new GivenItem(path, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new GivenItem(path, null, exception.Message);
        }
    }

    private static IEnumerable<(string Path, string Name)> Expand(string path)
    {
        if (File.Exists(path)) return [(path, Path.GetFileName(path))];
        if (Directory.Exists(path)) return FolderOf(path);
        var pattern = Path.GetFileName(path);
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        if (pattern.IndexOfAny(['*', '?']) < 0 || !Directory.Exists(folder))
            throw new UsageException($"There is no file or folder '{path}'.");

        var found = Directory.EnumerateFiles(folder).Where(file => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file)))
            .Order(StringComparer.Ordinal).Select(file => (file, Path.GetFileName(file))).ToList();
        return found.Count > 0 ? found : throw new UsageException($"No file in '{folder}' matches '{pattern}'.");
    }

    /// <summary>All files below a folder, by name; hidden ones are left out.</summary>
    private static List<(string Path, string Name)> FolderOf(string folder)
    {
        var options =
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };
        var found = Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal)
            .Select(file => (file, Path.GetRelativePath(folder, file).Replace('\\', '/'))).ToList();
        return found.Count > 0 ? found : throw new UsageException($"The folder '{folder}' has no files.");
    }
}
