using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Jobs;

/// <summary>What a filter looks at of a job.</summary>
internal readonly record struct JobRow(
    long Key, string Service, bool IsSingleTask, JobState State, string Name, string? UserId, string? SessionId);

/// <summary>
/// Finds jobs that no counters know, by their user, their session or their name. It looks at so many jobs at most, newest first, whatever
/// matches: a search for something rare costs no more than one for everything, and goes on with its next page. Every database compares by
/// the same code.
/// </summary>
internal sealed class JobSearch(JobFilter filter)
{
    /// <summary>The most jobs that one read looks at.</summary>
    public const int MaxExamined = 10_000;

    private int examined;
    private long matches;
    private long last;

    /// <summary>The keys of the page, and of one job more where there is one.</summary>
    private readonly List<long> keys = [];

    /// <summary>True for a filter that this class is for.</summary>
    public static bool IsNeeded(JobFilter filter) => filter is not { UserId: null, SessionId: null, NamePart: null };

    /// <summary>Looks at the next older job.</summary>
    public void Examine(JobRow job)
    {
        examined++;
        last = job.Key;
        if (!IsWanted(job)) return;
        matches++;
        if (matches > filter.Offset && keys.Count <= filter.Limit) keys.Add(job.Key);
    }

    /// <summary>The jobs of the page.</summary>
    public IReadOnlyList<long> Keys => keys[..Math.Min(keys.Count, filter.Limit)];

    /// <summary>All jobs that matched, of those that were looked at.</summary>
    public long Matches => matches;

    /// <summary>False when there may be older jobs.</summary>
    public bool IsComplete => examined < MaxExamined;

    /// <summary>Where the next page starts.</summary>
    public long? Next => keys.Count > filter.Limit ? keys[filter.Limit - 1] : IsComplete ? null : last;

    private bool IsWanted(JobRow job) =>
        (filter.UserId is null || job.UserId == filter.UserId)
        && (filter.SessionId is null || job.SessionId == filter.SessionId)
        && (filter.NamePart is null || job.Name.Contains(filter.NamePart, StringComparison.OrdinalIgnoreCase))
        && (filter.Service is null || job.Service == filter.Service)
        && (filter.States.Count == 0 || filter.States.Contains(job.State))
        && !(filter.OnlyBatches && job.IsSingleTask);
}
