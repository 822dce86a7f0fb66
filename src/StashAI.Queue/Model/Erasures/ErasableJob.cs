using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Erasures;

/// <summary>A job whose tasks may name a subject.</summary>
/// <param name="Key">The internal key.</param>
/// <param name="Service">The service; empty for an upload that is under way.</param>
/// <param name="TaskType">The type of its tasks.</param>
/// <param name="State">Its state; null for an upload that is under way, and for a job that is being removed.</param>
/// <param name="FinishedAt">When it ended the last time.</param>
public sealed record ErasableJob(long Key, string Service, string TaskType, JobState? State, DateTimeOffset? FinishedAt)
{
    /// <summary>True while all its results are recorded and none of its tasks runs.</summary>
    public bool HasEnded => State is { } state && JobStateMachine.IsTerminal(state);
}
