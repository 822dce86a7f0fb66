using StashAI.Queue.Model.Nodes;

namespace StashAI.Storage.Backups;

/// <summary>What both databases keep of backups.</summary>
internal static class BackupSql
{
    private const string Columns =
        "folder, host, ended_at, error, snapshot_at, size, damaged, has_queue, checked_at, check_error";

    public const string Newest = $"SELECT {Columns} FROM backups ORDER BY id DESC LIMIT 1";

    public const string NewestWritten = $"SELECT {Columns} FROM backups WHERE error IS NULL ORDER BY id DESC LIMIT 1";

    public const string Insert = """
        INSERT INTO backups (folder, host, ended_at, error, snapshot_at, size, damaged, has_queue)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    /// <summary>The newest twenty stay, and the newest backup that was written.</summary>
    public const string RemoveOld = """
        DELETE FROM backups WHERE id <= (SELECT MAX(id) FROM backups) - 20
        AND id <> COALESCE((SELECT MAX(id) FROM backups WHERE error IS NULL), 0)
        """;

    public const string RecordCheck = "UPDATE backups SET checked_at = $2, check_error = $3 WHERE snapshot_at = $1";

    public static BackupStanding Standing(RecordedBackup? newest, RecordedBackup? written) =>
        new(written, newest?.Error is null ? null : newest);
}
