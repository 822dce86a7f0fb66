using System.Globalization;

namespace StashAI.Queue.Model.Nodes;

/// <summary>What a process last measured of its disk and of the database.</summary>
/// <param name="Room">The room on the disk of the data folder; null when it is not known.</param>
/// <param name="Sizes">The sizes of the database; null before they were read.</param>
/// <param name="LowBelow">With less room, in bytes, something needs attention.</param>
/// <param name="LowSince">Since when there is less; null when there is enough.</param>
/// <param name="MeasuredAt">When the sizes were read.</param>
/// <param name="Backups">What the queue knows of its backups; null before it was read.</param>
public sealed record StorageState(
    DiskRoom? Room, StoreSizes? Sizes, long LowBelow, DateTimeOffset? LowSince, DateTimeOffset? MeasuredAt, BackupStanding? Backups = null)
{
    private const double Gigabyte = 1_000_000_000;

    /// <summary>The setting of <see cref="LowBelow"/>.</summary>
    public const string LowSetting = "DISK_LOW_BYTES";

    /// <summary>What is short and what to do, in one sentence; null when there is enough room.</summary>
    public string? Warning => LowSince is null || Room is null
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The disk of the data folder has {Room.Free / Gigabyte:0.0} GB free of {Room.Total / Gigabyte:0.0} GB, less than the "
            + $"{LowBelow / Gigabyte:0.0} GB of {LowSetting}: free some room, or delete jobs that are over. When it is full, nothing more "
            + $"is accepted.");
}
