using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Submit;

/// <summary>Empty files, of which no service can make anything: one of them would keep the others from being submitted.</summary>
internal static class EmptyFiles
{
    /// <summary>So many are named; the others are counted.</summary>
    private const int MaxShown = 20;

    /// <summary>Leaves empty files out and says which.</summary>
    /// <exception cref="UsageException">All files are empty.</exception>
    public static async Task<IReadOnlyList<(string Path, string Name)>> LeaveOutAsync(
        RemoteCall call, IReadOnlyList<(string Path, string Name)> files)
    {
        var empty = files.Where(file => IsEmpty(file.Path)).ToList();
        if (empty.Count == 0) return files;
        if (empty.Count == files.Count)
        {
            throw new UsageException(files.Count == 1
                ? $"'{files[0].Path}' is empty: there is nothing to submit."
                : $"All {files.Count} files are empty: there is nothing to submit.");
        }

        foreach (var (path, _) in empty.Take(MaxShown)) await call.Error.WriteLineAsync($"'{path}' is empty and left out.");
        if (empty.Count > MaxShown) await call.Error.WriteLineAsync($"and {empty.Count - MaxShown} more empty files.");
        return [.. files.Except(empty)];
    }

    private static bool IsEmpty(string path)
    {
        try
        {
            if (new FileInfo(path).Length > 0) return false;
            // Pipes have no length either, and are refused with their own reason; nor have files of the system, which can be read.
            using var file = RegularFile.OpenRead(path);
            return file.ReadByte() < 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
