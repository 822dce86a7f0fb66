namespace StashAI.Queue.Model.Jobs;

/// <summary>Where a job stands. The numbers are stored: never renumber.</summary>
public enum JobState
{
    /// <summary>No task was claimed yet.</summary>
    Pending = 0,

    /// <summary>Some task was claimed and some task is open.</summary>
    Running = 1,

    /// <summary>Every task completed.</summary>
    Completed = 2,

    /// <summary>Nothing is open; some tasks completed and some did not.</summary>
    Partial = 3,

    /// <summary>Nothing is open, nothing completed and something failed.</summary>
    Failed = 4,

    /// <summary>Nothing is open, nothing completed and something was cancelled.</summary>
    Cancelled = 5,

    /// <summary>Its upload is under way: invisible to every reader and never claimed.</summary>
    Staging = 6,
}
