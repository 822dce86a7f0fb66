using System.Diagnostics;

namespace StashAI.Bench.Interactions;

/// <summary>How often a second the disk makes a group durable: what a database appends for 16 interactions, and one flush.</summary>
internal static class FlushRate
{
    /// <summary>Twelve pages of SQLite's log, which 16 interactions with their indexes and sessions change.</summary>
    private const int GroupBytes = 12 * (4096 + 24);

    /// <summary>SQLite begins its log anew at about this size, so most groups overwrite what is there.</summary>
    private const int FileBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    /// <summary>Groups a second.</summary>
    /// <param name="folder">A folder on the disk that is measured.</param>
    public static double Measure(string folder)
    {
        var path = Path.Combine(folder, "flushes");
        var group = new byte[GroupBytes];
        Random.Shared.NextBytes(group);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, options: FileOptions.DeleteOnClose);
        for (var written = 0; written < FileBytes; written += group.Length) RandomAccess.Write(file, group, written);
        RandomAccess.FlushToDisk(file);
        var (count, watch) = (0, Stopwatch.StartNew());
        for (; watch.Elapsed < Duration; count++)
        {
            RandomAccess.Write(file, group, (long)count * GroupBytes % FileBytes);
            RandomAccess.FlushToDisk(file);
        }

        return count / watch.Elapsed.TotalSeconds;
    }
}
