namespace StashAI.Client.Models;

/// <summary>The state of a job.</summary>
public enum JobState
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>No task has started yet.</summary>
    Pending,

    /// <summary>The job starts later.</summary>
    Scheduled,

    /// <summary>Some tasks have started, and some have not ended.</summary>
    Running,

    /// <summary>Every task has a result.</summary>
    Completed,

    /// <summary>All tasks have ended: some with a result, others not.</summary>
    Partial,

    /// <summary>All tasks have ended, and none has a result.</summary>
    Failed,

    /// <summary>The job was cancelled.</summary>
    Cancelled,
}
