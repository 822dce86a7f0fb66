namespace StashAI.Queue.Model.Figures;

/// <summary>Counts of one service to add to those of a minute.</summary>
/// <param name="Minute">When the minute began.</param>
/// <param name="Calls">How many calls ended, by bucket of their time (<see cref="Policies.LatencyBuckets"/>).</param>
public sealed record SeriesAddition(
    DateTimeOffset Minute, string Service, SeriesCounts Counts, IReadOnlyList<(int Bucket, long Count)> Calls);

/// <summary>What happened to tasks: submitted, and how their calls ended.</summary>
public readonly record struct SeriesCounts(long Submitted, long Completed, long Failed, long Retried, long Throttled);

/// <summary>Which points of the series to read.</summary>
/// <param name="Step">How much time a point stands for: less than an hour reads minutes, otherwise hours.</param>
/// <param name="Service">One service; null for the sum over all.</param>
public sealed record SeriesQuery(DateTimeOffset From, DateTimeOffset To, TimeSpan Step, string? Service);

/// <summary>A point of the series. Points without anything are left out.</summary>
/// <param name="At">When its time began.</param>
/// <param name="Waiting">The most tasks that waited at once.</param>
/// <param name="Calls">The ended calls by bucket of their time, in order.</param>
public sealed record SeriesPoint(
    DateTimeOffset At, SeriesCounts Counts, long Waiting, IReadOnlyList<(int Bucket, long Count)> Calls);
