namespace StashAI.Queue.Model.Jobs;

/// <summary>The state of a job. The numbers are stored: never renumber.</summary>
public enum JobState
{
    /// <summary>No task has been claimed yet.</summary>
    Pending = 0,

    /// <summary>A task has been claimed, and a task is open.</summary>
    Running = 1,

    /// <summary>Every task completed.</summary>
    Completed = 2,

    /// <summary>No task is open; some completed and some did not.</summary>
    Partial = 3,

    /// <summary>No task is open and none completed; at least one failed and none was cancelled.</summary>
    Failed = 4,

    /// <summary>No task is open and none completed; at least one was cancelled.</summary>
    Cancelled = 5,

    /// <summary>The upload is not complete: no reader sees the job, and no task is claimed.</summary>
    Staging = 6,
}
