namespace StashAI.Queue.Model.Tasks;

/// <summary>What a transition changes besides the state.</summary>
[Flags]
public enum TaskEffect
{
    None = 0,

    /// <summary>The fence is increased and the attempt is counted.</summary>
    CountAttempt = 1,

    /// <summary>The attempt is given back.</summary>
    GiveAttemptBack = 2,

    /// <summary>The lane waits too, unless it answers other tasks.</summary>
    BlockLane = 4,

    /// <summary>The cancel flag is set, and the node that runs the task aborts the call.</summary>
    FlagCancel = 8,

    /// <summary>A crash is counted.</summary>
    CountCrash = 16,

    /// <summary>Attempts and crashes are reset to zero.</summary>
    ResetBudget = 32,

    /// <summary>Claims find the task through the index of requeued tasks, no longer through its job's cursor.</summary>
    Requeue = 64,
}
