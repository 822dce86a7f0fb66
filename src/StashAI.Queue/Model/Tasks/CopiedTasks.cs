namespace StashAI.Queue.Model.Tasks;

/// <summary>Which items of a job another job repeats. Both databases compare the numbers.</summary>
public enum CopiedTasks
{
    /// <summary>All items.</summary>
    All = 0,

    /// <summary>Those whose tasks failed.</summary>
    Failed = 1,

    /// <summary>Those whose tasks failed or were cancelled.</summary>
    Unfinished = 2,
}
