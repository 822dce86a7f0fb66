namespace StashAI.Queue.Model.Nodes;

/// <summary>A run of <c>stashai backup</c>, as the queue keeps it.</summary>
/// <param name="Folder">The folder of the backup, on the machine that made it.</param>
/// <param name="Host">The name of that machine.</param>
/// <param name="EndedAt">When the run ended.</param>
/// <param name="Error">Why there is no backup of this run; null for one that was written.</param>
/// <param name="SnapshotAt">What was committed before is in the backup; null with an error.</param>
/// <param name="Size">All bytes of the backup.</param>
/// <param name="Damaged">How many payloads the queue itself had lost.</param>
/// <param name="HasQueue">False when the database is on a server and was not dumped into the backup.</param>
/// <param name="CheckedAt">When <c>stashai backup verify</c> last read all of it; null for never.</param>
/// <param name="CheckError">What it found; null for nothing.</param>
public sealed record RecordedBackup(
    string Folder, string Host, DateTimeOffset EndedAt, string? Error = null, DateTimeOffset? SnapshotAt = null, long Size = 0,
    long Damaged = 0, bool HasQueue = false, DateTimeOffset? CheckedAt = null, string? CheckError = null);

/// <summary>What the queue knows of its backups.</summary>
/// <param name="Last">The newest one that was written; null when none was recorded.</param>
/// <param name="Failure">The newest run when it failed; null when the newest run wrote a backup.</param>
public sealed record BackupStanding(RecordedBackup? Last, RecordedBackup? Failure)
{
    /// <summary>After so long, a backup needs to be renewed.</summary>
    public static readonly TimeSpan OldAfter = TimeSpan.FromDays(8);

    /// <summary>How good the backups are: the worst of what is wrong.</summary>
    public BackupState StateAt(DateTimeOffset now) => this switch
    {
        { Failure: not null } => BackupState.Failed,
        { Last: null } => BackupState.None,
        { Last: { CheckError: not null } or { Damaged: > 0 } } => BackupState.Damaged,
        { Last.HasQueue: false } => BackupState.Incomplete,
        { Last: { } last } when now - (last.SnapshotAt ?? last.EndedAt) > OldAfter => BackupState.Old,
        _ => BackupState.Good,
    };
}

/// <summary>How good the backups of a queue are.</summary>
public enum BackupState
{
    /// <summary>The newest run wrote a backup of everything, and it is not old.</summary>
    Good,

    /// <summary>No run was recorded.</summary>
    None,

    /// <summary>The newest run failed.</summary>
    Failed,

    /// <summary>Parts of the newest backup are missing or altered.</summary>
    Damaged,

    /// <summary>The database is on a server, and its dump is not in the newest backup.</summary>
    Incomplete,

    /// <summary>The newest backup is older than <see cref="BackupStanding.OldAfter"/>.</summary>
    Old,
}
