using StashAI.Hosting.Files;
using StashAI.Visage.Models;

namespace StashAI.Server.Cli.Account;

/// <summary>What `doctor` finds in the data folder of a server on this machine.</summary>
internal static class DataFolderChecks
{
    private const long LittleSpace = 1_000_000_000;
    private const int Flushes = 8;
    private const int FlushBytes = 4096;

    private static readonly TimeSpan SlowFlush = TimeSpan.FromMilliseconds(25);

    /// <summary>The space that is free for the folder.</summary>
    public static Finding Space(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var text = FormattableString.Invariant($"{free / 1_000_000_000d:0.0} GB are free for {folder}.");
        return free < LittleSpace
            ? new Finding(FindingLevel.Warning, "disk", $"{text} Free some: a full disk stops the queue.")
            : new Finding(FindingLevel.Ok, "disk", text);
    }

    /// <summary>
    /// How long the disk takes to store a page, which every submit and every group of results waits for; and whether it may.
    /// </summary>
    public static async Task<Finding> FlushAsync(string folder, TimeProvider clock, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
        try
        {
            var times = new List<TimeSpan>();
            await using (var file = new FileStream(
                path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FlushBytes, FileOptions.DeleteOnClose))
            {
                for (var i = 0; i < Flushes; i++)
                {
                    var started = clock.GetTimestamp();
                    await file.WriteAsync(new byte[FlushBytes], cancellationToken);
                    file.Flush(flushToDisk: true);
                    times.Add(clock.GetElapsedTime(started));
                }
            }

            var usual = times.Order().ElementAt(Flushes / 2);
            var text = FormattableString.Invariant($"The disk stores a page in {usual.TotalMilliseconds:0.0} ms.");
            return usual <= SlowFlush
                ? new Finding(FindingLevel.Ok, "flush", text)
                : new Finding(
                    FindingLevel.Warning, "flush",
                    $"{text} Submits and results wait for that: keep the data folder on a local SSD, or use PostgreSQL.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Finding(
                FindingLevel.Warning, "permissions",
                $"This user cannot write to {folder}: {exception.Message} The server must run as a user who can.");
        }
    }

    /// <summary>Files that other users of this machine can read or change.</summary>
    public static IEnumerable<Finding> Permissions(string folder)
    {
        var open = PrivateFiles.Warnings(
            [folder, .. Directory.EnumerateFiles(folder, "*.db*"), Path.Combine(folder, "secrets.key")]).ToList();
        return open.Count == 0
            ? [new Finding(FindingLevel.Ok, "permissions", $"Only this user can read {folder}.")]
            : open.Select(text => new Finding(FindingLevel.Warning, "permissions", text));
    }

    /// <summary>Whether the face models are there.</summary>
    public static Finding Models(string folder)
    {
        var missing = ModelStore.Missing(folder).ToList();
        return missing.Count == 0
            ? new Finding(FindingLevel.Ok, "models", $"The face models are in {folder}.")
            : new Finding(
                FindingLevel.Warning, "models",
                $"{string.Join(", ", missing)} are not in {folder}: 'stashai models fetch' fetches them. Only Visage needs them.");
    }
}
