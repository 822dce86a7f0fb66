using System.Diagnostics;

namespace StashAI.Queue.Model.Jobs;

/// <summary>Derives a job's state from its counters and from whether a task was ever claimed, and from nothing else.</summary>
public static class JobStateMachine
{
    /// <summary>The table. The first row whose condition holds gives the state.</summary>
    public static IReadOnlyList<JobRule> Rules { get; } =
    [
        new(JobState.Running, "something is open and a task was claimed", (counters, started) => counters.Open > 0 && started),
        new(JobState.Pending, "something is open", (counters, _) => counters.Open > 0),
        new(JobState.Completed, "every task completed", (counters, _) => counters.Completed > 0 && counters.Completed == counters.Total),
        new(JobState.Partial, "some tasks completed", (counters, _) => counters.Completed > 0),
        new(JobState.Cancelled, "some tasks were cancelled", (counters, _) => counters.Cancelled > 0),
        new(JobState.Failed, "otherwise", (_, _) => true),
    ];

    /// <summary>The state for these counters.</summary>
    public static JobState From(in JobCounters counters, bool started)
    {
        foreach (var rule in Rules)
        {
            if (rule.Holds(counters, started)) return rule.State;
        }

        throw new UnreachableException("The last rule always holds.");
    }

    /// <summary>True when no task of the job is open.</summary>
    public static bool IsTerminal(JobState state) =>
        state is JobState.Completed or JobState.Partial or JobState.Failed or JobState.Cancelled;
}
