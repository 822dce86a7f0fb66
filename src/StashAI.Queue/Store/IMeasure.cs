using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Store;

/// <summary>Measurements of the queue's work over all processes.</summary>
public interface IMeasure
{
    /// <summary>Stores how fast this node works in its lanes; the last report of a node about a lane counts.</summary>
    Task ReportAsync(long nodeKey, IReadOnlyList<LaneRate> rates, CancellationToken cancellationToken);

    /// <summary>What is ahead of a job in its lane, and how fast that lane is; null for an unknown job.</summary>
    Task<JobOutlook?> ReadOutlookAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>The same for many jobs, read lane by lane instead of job by job; unknown jobs are left out.</summary>
    Task<IReadOnlyDictionary<long, JobOutlook>> ReadOutlooksAsync(IReadOnlyList<long> jobKeys, CancellationToken cancellationToken);

    /// <summary>The same for a job that is not submitted; without a speed for a lane that never had a job.</summary>
    Task<JobOutlook> ReadOutlookAsync(QuotedJob job, CancellationToken cancellationToken);

    /// <summary>
    /// Adds counts to those of their minutes, and notes how many tasks wait in <paramref name="minute"/>. Processes add to the same rows.
    /// </summary>
    /// <returns>True when anything was written.</returns>
    Task<bool> AddSeriesAsync(DateTimeOffset minute, IReadOnlyList<SeriesAddition> additions, CancellationToken cancellationToken);

    /// <summary>
    /// Rolls the minutes of the last hours up into hours, and removes minutes after two days and hours after ninety. May be repeated.
    /// </summary>
    Task RollSeriesAsync(CancellationToken cancellationToken);

    /// <summary>Points of the series in order; those without anything are left out.</summary>
    Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(SeriesQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// What was spent on each day by each key and service, the latest day first; at most <paramref name="limit"/> entries.
    /// </summary>
    Task<IReadOnlyList<DayCost>> ReadCostsAsync(CostQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>What was noted of a job while it ran, from what is kept as it happens.</summary>
    Task<JobTimeline> ReadTimelineAsync(JobView job, CancellationToken cancellationToken);

    /// <summary>Totals over the whole queue, from counters.</summary>
    Task<QueueStats> ReadStatsAsync(CancellationToken cancellationToken);
}
