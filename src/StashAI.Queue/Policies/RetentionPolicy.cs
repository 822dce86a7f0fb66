using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Policies;

/// <summary>How long jobs are kept after their end, by state; null keeps them forever. Open jobs are never removed.</summary>
public sealed record RetentionPolicy
{
    /// <summary>30 days for completed and cancelled jobs, 90 days for failed and partial ones.</summary>
    public static RetentionPolicy Default { get; } = new();

    /// <summary>How long completed jobs are kept.</summary>
    public TimeSpan? Completed { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long partial jobs are kept.</summary>
    public TimeSpan? Partial { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long failed jobs are kept.</summary>
    public TimeSpan? Failed { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long cancelled jobs are kept.</summary>
    public TimeSpan? Cancelled { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long after a job's end the inputs of its completed tasks are kept; other tasks keep theirs for a retry. Null keeps all with the
    /// job.
    /// </summary>
    public TimeSpan? Inputs { get; init; }

    /// <summary>Rules for single services, by name. The <see cref="Services"/> of such a rule are ignored.</summary>
    public IReadOnlyDictionary<string, RetentionPolicy> Services { get; init; } = new Dictionary<string, RetentionPolicy>();

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
