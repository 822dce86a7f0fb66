namespace StashAI.Queue.Model;

/// <summary>A job's state follows from its counters and from whether a task was ever claimed; nothing else decides it.</summary>
public static class JobStateMachine
{
    /// <summary>The state that these counters mean.</summary>
    public static JobState From(in JobCounters counters, bool started) => counters switch
    {
        { Open: > 0 } => started ? JobState.Running : JobState.Pending,
        { Completed: > 0 } => counters.Completed == counters.Total ? JobState.Completed : JobState.Partial,
        { Cancelled: > 0 } => JobState.Cancelled,
        _ => JobState.Failed,
    };

    /// <summary>True when nothing of the job is open.</summary>
    public static bool IsTerminal(JobState state) =>
        state is JobState.Completed or JobState.Partial or JobState.Failed or JobState.Cancelled;
}
