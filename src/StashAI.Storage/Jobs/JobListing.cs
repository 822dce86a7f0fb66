using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Jobs;

/// <summary>
/// Makes a page of the jobs that an index leads to. It looks at so many jobs at most, whatever matches: a query for something rare costs no
/// more than one for everything, and goes on with its next page. Every database compares by the same code.
/// </summary>
internal sealed class JobListing(JobQuery query)
{
    /// <summary>The most jobs that one read looks at.</summary>
    public const int MaxExamined = 5_000;

    private readonly HashSet<Guid> named = [.. query.OnlyIds ?? []];
    private readonly List<(long Rank, long Key, string? Text)> found = [];
    private (long Rank, long Key, string? Text) last;
    private long matches;

    /// <summary>The jobs of the page.</summary>
    public IReadOnlyList<long> Keys => [.. found.Take(query.Limit).Select(place => place.Key)];

    /// <summary>Looks at the next job in the query's order.</summary>
    public void Examine(in JobCandidate job)
    {
        last = (job.Rank, job.Key, job.Text);
        if (!IsWanted(job)) return;
        matches++;
        if (matches > query.Offset && found.Count <= query.Limit) found.Add(last);
    }

    /// <summary>The page.</summary>
    /// <param name="jobs">Those of <see cref="Keys"/>.</param>
    /// <param name="isComplete">False when there may be more jobs than were looked at.</param>
    /// <param name="isLast">True when the next page would look at the same jobs.</param>
    public JobQueryPage Page(IReadOnlyList<JobView> jobs, bool isComplete, bool isLast = false)
    {
        var (total, isExact) = query.After is { } before ? (before.Total, before.IsTotalExact) : (matches, isComplete);
        (long Rank, long Key, string? Text)? end = query.Limit > 0 && found.Count > query.Limit
            ? found[query.Limit - 1]
            : isComplete || isLast ? null : last;
        return new JobQueryPage(
            jobs, total, isExact, end is { } place ? new JobPlace(place.Rank, place.Key, total, isExact) { Text = place.Text } : null);
    }

    /// <summary>The same as a page of <see cref="JobFilter"/>, whose total is that of its first page.</summary>
    public static JobPage PageOf(JobQueryPage page, JobQueryPage first) =>
        new(page.Jobs, first.Total, page.Next?.Key) { IsTotalExact = first.IsTotalExact };

    private bool IsWanted(in JobCandidate job) =>
        job.IsLabelled
        && (query.States.Count == 0 || query.States.Contains(job.State))
        && (query.IsPaused is not { } paused || job.IsPaused == paused)
        && (query.Service is null || job.Service == query.Service)
        && (query.TaskTypes.Count == 0 || query.TaskTypes.Contains(job.TaskType))
        && (query.Owner is null || job.Owner == query.Owner)
        && (query.UserId is null || job.UserId == query.UserId)
        && (query.SessionId is null || job.SessionId == query.SessionId)
        && !(query.OnlyBatches && job.IsSingleTask)
        && (query.NamePart is null || job.Name.Contains(query.NamePart, StringComparison.OrdinalIgnoreCase))
        && (query.ErrorPart is null || job.Errors?.Contains(query.ErrorPart, StringComparison.OrdinalIgnoreCase) == true)
        && (query.CreatedAfter is not { } after || job.CreatedAt > after.ToUnixTimeMilliseconds())
        && (query.CreatedBefore is not { } before || job.CreatedAt < before.ToUnixTimeMilliseconds())
        && (query.Ids is not { } ids || (job.JobId >= ids.First && job.JobId <= ids.Last))
        && (query.OnlyIds is null || named.Contains(job.JobId))
        && !(query.OnlyUnowned && job.Owner is not null)
        && !(query.OnlyFailed && job.Failed == 0)
        && (query.Until is not { } until || (job.Key <= until.Key && job.CreatedAt <= until.At.ToUnixTimeMilliseconds()));
}
