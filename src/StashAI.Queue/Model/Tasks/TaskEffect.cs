namespace StashAI.Queue.Model.Tasks;

/// <summary>What a transition changes besides the state.</summary>
[Flags]
public enum TaskEffect
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>The fence rises by one and the attempt is counted.</summary>
    CountAttempt = 1,

    /// <summary>The attempt is given back.</summary>
    GiveAttemptBack = 2,

    /// <summary>The lane waits too.</summary>
    BlockLane = 4,

    /// <summary>The cancel flag is set; the owner aborts the call.</summary>
    FlagCancel = 8,

    /// <summary>A crash is counted.</summary>
    CountCrash = 16,

    /// <summary>Attempts and crashes start again at zero.</summary>
    ResetBudget = 32,

    /// <summary>The task is found through the index of requeued tasks, no longer by its job's cursor.</summary>
    Requeue = 64,
}
