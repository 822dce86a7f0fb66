using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Measures;

/// <summary>What one node last said of a lane.</summary>
internal readonly record struct LaneSpeed(double PerSecond, double MeanMs, double DeviationMs, bool IsAlive)
{
    /// <summary>The nodes that live work side by side; when none does, the newest word holds.</summary>
    /// <param name="newestFirst">What each node said.</param>
    /// <param name="open">The job's tasks that are not over.</param>
    /// <param name="ahead">Those of other jobs before them.</param>
    /// <param name="maxParallel">The most tasks of the job at once.</param>
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
