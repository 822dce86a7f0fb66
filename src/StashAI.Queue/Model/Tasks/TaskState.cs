namespace StashAI.Queue.Model.Tasks;

/// <summary>The state of a task. The numbers are stored, and are literals in partial indexes: never renumber.</summary>
public enum TaskState
{
    /// <summary>Ready to be claimed.</summary>
    Available = 0,

    /// <summary>Waits for its due time (later start, backoff, throttled).</summary>
    Scheduled = 1,

    /// <summary>Claimed by a node.</summary>
    Running = 2,

    /// <summary>Ended with a result.</summary>
    Completed = 3,

    /// <summary>Ended without a result.</summary>
    Failed = 4,

    /// <summary>Ended by a cancel.</summary>
    Cancelled = 5,
}
