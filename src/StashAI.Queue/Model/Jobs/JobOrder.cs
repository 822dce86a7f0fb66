namespace StashAI.Queue.Model.Jobs;

/// <summary>The order of a list of jobs; within it the newest come first.</summary>
public enum JobOrder
{
    /// <summary>The newest first.</summary>
    Newest,

    /// <summary>Those with the most failed tasks first; jobs without failures are left out.</summary>
    MostFailed,

    /// <summary>Those of the highest priority first; jobs that are over are left out.</summary>
    MostUrgent,
}
