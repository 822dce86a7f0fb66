using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Measures the room on the disk of the data folder, and how large the database is, and looks when it was last backed up. What it found is
/// read from memory; the sizes of the database cost a little more, and are read less often.
/// </summary>
/// <param name="sizes">The database.</param>
/// <param name="backups">The database, which keeps the runs of backups.</param>
/// <param name="readRoom">Reads the room on the disk; null when it is not known.</param>
/// <param name="lowBelow">With less room, in bytes, something needs attention; 0 for never.</param>
/// <param name="metrics">Shows what is measured.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Says when the room becomes short, and when there is enough again.</param>
internal sealed class StorageWatch(
    IStoreSizes sizes, IBackups backups, Func<DiskRoom?> readRoom, long lowBelow, QueueMetrics metrics, TimeProvider clock, ILogger logger)
{
    /// <summary>The name of the disk among the parts of <c>/health</c>.</summary>
    public const string Part = "disk";

    private static readonly TimeSpan SizesPause = TimeSpan.FromMinutes(10);

    private volatile StorageState state = new(null, null, lowBelow, null, null);

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    public StorageState State => state;

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = state;
        var now = clock.GetUtcNow();
        var room = readRoom();
        var lowSince = room is not null && room.Free < lowBelow ? before.LowSince ?? now : (DateTimeOffset?)null;
        // What the disk has is shown before the database is asked, which may be full.
        state = before with { Room = room, LowSince = lowSince };
        if (lowSince is not null && before.LowSince is null) Log.DiskLow(logger, state.Warning!);
        if (lowSince is null && before.LowSince is not null) Log.DiskInOrder(logger);
        state = state with { Backups = await backups.ReadBackupsAsync(cancellationToken) };
        if (before.MeasuredAt is not { } last || now - last >= SizesPause)
            state = state with { Sizes = await sizes.ReadSizesAsync(cancellationToken), MeasuredAt = now };
        metrics.Update(state);
        return Pause;
    }

    /// <summary>The room on the disk of a folder; null when the system does not tell.</summary>
    public static DiskRoom? RoomOf(string folder)
    {
        try
        {
            var full = Path.GetFullPath(folder);
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(full)! : full);
            return new DiskRoom(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
