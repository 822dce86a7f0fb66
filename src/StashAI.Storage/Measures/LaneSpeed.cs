using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Measures;

/// <summary>One node's last report on a lane.</summary>
internal readonly record struct LaneSpeed(double PerSecond, double MeanMs, double DeviationMs, bool IsAlive)
{
    /// <summary>Combines the reports: the speeds of live nodes add up; without a live node, the newest report counts.</summary>
    /// <param name="newestFirst">The reports, newest first.</param>
    /// <param name="open">The job's open tasks.</param>
    /// <param name="ahead">Tasks of other jobs that come first.</param>
    /// <param name="maxParallel">The most tasks of the job that run at once.</param>
    public static JobOutlook Outlook(IReadOnlyList<LaneSpeed> newestFirst, int open, long ahead, int maxParallel)
    {
        var living = newestFirst.Where(speed => speed.IsAlive).ToList();
        if (living.Count == 0) living = [.. newestFirst.Take(1)];
        var rate = living.Sum(speed => speed.PerSecond);
        if (rate <= 0) return new JobOutlook(open, ahead, null, 0, 0, maxParallel);
        return new JobOutlook(
            open,
            ahead,
            rate,
            living.Sum(speed => speed.MeanMs * speed.PerSecond) / rate,
            living.Sum(speed => speed.DeviationMs * speed.PerSecond) / rate,
            maxParallel);
    }
}
