using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// The speed and the estimated end of the jobs of a list. Lanes are read once for all jobs, and what was read serves every list for a
/// moment: a list costs no query for each of its rows.
/// </summary>
internal sealed class JobPaces(IMeasure measures, EtaReader etas, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<long, JobOutlook> outlooks = [];
    private long readAt;

    /// <summary>The paces of jobs by their key.</summary>
    public async Task<IReadOnlyDictionary<long, JobPace>> ReadAsync(IReadOnlyList<JobView> jobs, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var open = jobs.Where(job => job.Counters.Open > 0 && !job.IsPaused).ToList();
        var ends = open.Count == 0
            ? new Dictionary<long, Eta>()
            : await etas.ReadAsync(open, await OutlooksAsync(open, cancellationToken), cancellationToken);
        var paces = new Dictionary<long, JobPace>(jobs.Count);
        foreach (var job in jobs) paces[job.Key] = new JobPace(JobPace.RateOf(job, now), ends.GetValueOrDefault(job.Key));
        return paces;
    }

    private async Task<Dictionary<long, JobOutlook>> OutlooksAsync(List<JobView> jobs, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, JobOutlook>(jobs.Count);
        var unread = new List<long>();
        lock (gate)
        {
            if (clock.GetElapsedTime(readAt) > Fresh) outlooks.Clear();
            foreach (var job in jobs)
            {
                if (outlooks.TryGetValue(job.Key, out var outlook)) found[job.Key] = outlook with { Open = job.Counters.Open };
                else unread.Add(job.Key);
            }
        }

        if (unread.Count == 0) return found;
        var read = await measures.ReadOutlooksAsync(unread, cancellationToken);
        lock (gate)
        {
            if (outlooks.Count == 0) readAt = clock.GetTimestamp();
            foreach (var (key, outlook) in read) found[key] = outlooks[key] = outlook;
        }

        return found;
    }
}
