using StashAI.Queue.Model.Nodes;

namespace StashAI.Storage.Backups;

/// <summary>
/// Records runs of backups in the queue that they are of, while servers may work on it. A queue of an older version has no place for them.
/// </summary>
public interface IBackupJournal
{
    /// <summary>Records a run; false when the queue is of an older version.</summary>
    Task<bool> RecordAsync(RecordedBackup run, CancellationToken cancellationToken);

    /// <summary>Records that a backup was read; false when the queue does not know the backup.</summary>
    /// <param name="snapshotAt">The moment of the snapshot, which tells the backup from others.</param>
    /// <param name="checkedAt">When it was read.</param>
    /// <param name="error">What is wrong with it; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    Task<bool> RecordCheckAsync(DateTimeOffset snapshotAt, DateTimeOffset checkedAt, string? error, CancellationToken cancellationToken);
}
