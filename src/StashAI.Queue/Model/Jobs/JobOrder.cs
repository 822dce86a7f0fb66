namespace StashAI.Queue.Model.Jobs;

/// <summary>The order of a list of jobs; of equal ones the newest come first, or the oldest in orders that ascend.</summary>
public enum JobOrder
{
    /// <summary>The newest first.</summary>
    Newest,

    /// <summary>Those with the most failed tasks first; jobs without failures are left out.</summary>
    MostFailed,

    /// <summary>Those of the highest priority first; jobs that are over are left out.</summary>
    MostUrgent,

    /// <summary>The oldest first.</summary>
    Oldest,

    /// <summary>Those that run, by the share of their tasks that is over, the furthest first; other jobs are left out.</summary>
    Furthest,

    /// <summary>By name, in lower case and in the order of its characters; jobs without a name are left out.</summary>
    ByName,
}
