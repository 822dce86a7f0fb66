using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Policies;

/// <summary>How long jobs are kept after their end, by state; null keeps them for ever. Open jobs are never removed.</summary>
public sealed record RetentionPolicy
{
    /// <summary>30 days for what completed or was cancelled, 90 for what failed.</summary>
    public static RetentionPolicy Default { get; } = new();

    /// <summary>Jobs whose tasks all completed.</summary>
    public TimeSpan? Completed { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Jobs with some failed tasks.</summary>
    public TimeSpan? Partial { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Jobs without a completed task.</summary>
    public TimeSpan? Failed { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Jobs that were cancelled.</summary>
    public TimeSpan? Cancelled { get; init; } = TimeSpan.FromDays(30);

    /// <summary>When, after a job's end, the inputs of its completed tasks go; the others keep theirs, to be retried. Null for with the job.</summary>
    public TimeSpan? Inputs { get; init; }

    /// <summary>Services with rules of their own, by name; their own <see cref="Services"/> mean nothing.</summary>
    public IReadOnlyDictionary<string, RetentionPolicy> Services { get; init; } = new Dictionary<string, RetentionPolicy>();

    /// <summary>The rules for a service.</summary>
    public RetentionPolicy For(string service) => Services.GetValueOrDefault(service, this);

    /// <summary>How long jobs that ended in this state are kept.</summary>
    public TimeSpan? Keep(JobState state) => state switch
    {
        JobState.Completed => Completed,
        JobState.Partial => Partial,
        JobState.Failed => Failed,
        JobState.Cancelled => Cancelled,
        _ => null,
    };
}
