using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// Estimates when a job will end, from its open tasks, the tasks before them, and the speed of their lane. There is no estimate for a
/// paused job, or before the lane's speed was measured. Outside allowed hours the work begins when they open; that they end again is left
/// out.
/// </summary>
internal sealed class EtaReader(IMeasure store, IRead reads, TimeProvider clock)
{
    /// <summary>The 90th percentile of the normal distribution, in standard deviations.</summary>
    private const double P90 = 1.2816;

    public async Task<Eta?> ReadAsync(JobView job, CancellationToken cancellationToken)
    {
        if (job.Counters.Open == 0 || job.IsPaused) return null;
        if ((await reads.ReadPausesAsync(cancellationToken)).Includes(job.Service)) return null;
        if (await store.ReadOutlookAsync(job.Key, cancellationToken) is not { } outlook) return null;
        return await EstimateAsync(job.Service, outlook, job.StartsLater ? job.StartAt : null, cancellationToken);
    }

    /// <summary>Estimates when jobs end, from outlooks that were read; jobs that nobody can estimate are left out.</summary>
    public async Task<Dictionary<long, Eta>> ReadAsync(
        IReadOnlyList<JobView> jobs, Dictionary<long, JobOutlook> outlooks, CancellationToken cancellationToken)
    {
        var pauses = await reads.ReadPausesAsync(cancellationToken);
        var limits = await reads.ListLimitsAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var ends = new Dictionary<long, Eta>();
        foreach (var job in jobs)
        {
            if (job.Counters.Open == 0 || job.IsPaused || pauses.Includes(job.Service)) continue;
            if (!outlooks.TryGetValue(job.Key, out var outlook)) continue;
            if (Estimate(job.Service, outlook, job.StartsLater ? job.StartAt : null, limits, now) is { } eta) ends[job.Key] = eta;
        }

        return ends;
    }

    /// <summary>Estimates when a job ends whose service is not paused; null when nothing was measured.</summary>
    /// <param name="service">The job's service.</param>
    /// <param name="outlook">The job's outlook.</param>
    /// <param name="start">When it starts at the earliest; null for now.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public async Task<Eta?> EstimateAsync(string service, JobOutlook outlook, DateTimeOffset? start, CancellationToken cancellationToken)
    {
        return Estimate(service, outlook, start, await reads.ListLimitsAsync(cancellationToken), clock.GetUtcNow());
    }

    private static Eta? Estimate(
        string service, JobOutlook outlook, DateTimeOffset? start, IReadOnlyList<ServiceLimits> all, DateTimeOffset now)
    {
        var wait = start > now ? (start.Value - now).TotalSeconds : 0;
        var limits = all.FirstOrDefault(one => one.Service == service);
        if (limits is not null && limits.IsClosed(now) && limits.OpenFrom is { } opens)
            wait = Math.Max(wait, (opens - now).TotalSeconds);
        return Estimate(outlook) is { } work
            ? new Eta(wait + work.Seconds, wait + work.P90Seconds, now.AddSeconds(wait + work.Seconds))
            : null;
    }

    /// <summary>Estimates how long the work takes; null when nothing was measured.</summary>
    internal static Work? Estimate(JobOutlook outlook)
    {
        if (outlook.PerSecond is not { } rate || rate <= 0) return null;
        var mean = Math.Max(outlook.MeanMs / 1000, 1e-4);
        // By Little's law, this many calls run at the same time.
        var calls = Math.Max(1, rate * mean);
        var own = Math.Min(calls, outlook.MaxParallel);
        var seconds = Math.Max(mean, Math.Max(outlook.Open / (own / mean), (outlook.Open + outlook.Ahead) / rate));
        var deviation = outlook.DeviationMs / 1000 * Math.Sqrt(outlook.Open + outlook.Ahead) / own;
        return new Work(seconds, seconds + (P90 * deviation));
    }

    /// <summary>The seconds of work: the mean, and the 90th percentile.</summary>
    internal readonly record struct Work(double Seconds, double P90Seconds);
}
