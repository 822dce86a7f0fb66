using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Figures;

/// <summary>The description of <c>GET /api/server</c> in the API's document.</summary>
internal static class ServerDocs
{
    public static RouteDoc Server { get; } = new("server", Chapter.Server, "What runs here, and how much room it has")
    {
        Description = "Read from memory: the disk is measured every 30 seconds, the database every ten minutes. `disk` is null where it is "
            + "not known, `database` in the first moments. `payload_bytes` and `preview_bytes` are part of `bytes`; the small pictures of "
            + "photos are estimated on SQLite. `payload_file_bytes` are in files beside the database, and "
            + "estimated on PostgreSQL where they are many. `log_bytes` is null on PostgreSQL. `backup` has what `stashai backup` and "
            + "`stashai backup verify` recorded in the queue, read every 30 seconds: `last` is the newest backup that was written, "
            + "`failure` the newest run when it failed. Its `state` is the worst of what is wrong: `none` (never recorded), `failed`, "
            + "`damaged` (a verification found something, or the queue itself had lost payloads), `incomplete` (the database is on a "
            + "server, and its dump is not in the backup), `old` (the snapshot is more than eight days old) or `good`. It is null "
            + "in the first moments.",
        Answers =
        [
            AnswerDoc.Of(new ServerShape(
                HealthRoutes.Version, ".NET 10.0.0", "Debian GNU/Linux 13, X64",
                new DiskShape(120_000_000_000, 500_000_000_000, 2_147_483_648, null),
                new DatabaseShape(
                    DatabaseKindShape.Sqlite, "3.50.4", "0030", 400_000_000, 8_000_000, 3_000_000, 35_000_000_000, 200_000_000,
                    Samples.Time),
                new BackupShape(
                    BackupStateShape.Good,
                    new LastBackupShape(
                        Samples.Time, Samples.Time, "/mnt/nas/stashai", "attic", 36_000_000_000, 0, true, Samples.Time, null),
                    null))),
        ],
    };
}

/// <summary>The versions of what runs here, the disk of its data folder, its database, and its backups.</summary>
internal sealed record ServerShape(
    string Version, string Runtime, string System, DiskShape? Disk, DatabaseShape? Database, BackupShape? Backup);

/// <summary>The disk of the data folder. With less than `low_below_bytes` it needs attention, since `low_since`.</summary>
internal sealed record DiskShape(long FreeBytes, long TotalBytes, long LowBelowBytes, DateTimeOffset? LowSince);

/// <summary>The database: what it is, the number of its newest migration, and its size.</summary>
internal sealed record DatabaseShape(
    DatabaseKindShape Kind, string Version, string Schema, long Bytes, long? LogBytes, long PayloadBytes, long PayloadFileBytes,
    long PreviewBytes, DateTimeOffset MeasuredAt);

/// <summary>Which database holds the queue.</summary>
internal enum DatabaseKindShape
{
    Sqlite,
    Postgresql,
}

/// <summary>How good the backups are, the newest one that was written, and the newest run when it failed.</summary>
internal sealed record BackupShape(BackupStateShape State, LastBackupShape? Last, FailedBackupShape? Failure);

/// <summary>The worst of what is wrong with the backups.</summary>
internal enum BackupStateShape
{
    Good,
    None,
    Failed,
    Damaged,
    Incomplete,
    Old,
}

/// <summary>
/// A backup: what was committed before `snapshot_at` is in it. `folder` is on the machine `host`. `verified_at` is null when nobody ran
/// `stashai backup verify`, and `verify_error` when it found nothing.
/// </summary>
internal sealed record LastBackupShape(
    DateTimeOffset EndedAt, DateTimeOffset SnapshotAt, string Folder, string Host, long Bytes, long DamagedPayloads, bool HasDatabase,
    DateTimeOffset? VerifiedAt, string? VerifyError);

/// <summary>A run that wrote no backup, and why.</summary>
internal sealed record FailedBackupShape(DateTimeOffset EndedAt, string Folder, string Host, string Error);
