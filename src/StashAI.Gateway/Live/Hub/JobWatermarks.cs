using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Hub;

/// <summary>
/// Finds jobs that another process added, changed or removed, by comparing versions: of the open jobs that are served next, of the newest
/// jobs, and of those that some page shows. Reads a bounded number of rows.
/// </summary>
internal sealed class JobWatermarks(IRead store)
{
    /// <summary>The most open jobs, and the most new ones, that are compared.</summary>
    public const int Window = 1000;

    private const int Page = 2000;

    private Dictionary<long, (Guid Id, long Version)> known = [];

    /// <summary>True once there is something to compare with.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Forgets everything; the next comparison begins anew.</summary>
    public void Clear()
    {
        known.Clear();
        HasBegun = false;
    }

    /// <summary>The public id of a job that was seen.</summary>
    public Guid? IdOf(long key) => known.TryGetValue(key, out var job) ? job.Id : null;

    /// <summary>True for a version that was not seen yet.</summary>
    public bool IsNews(JobView job) => !known.TryGetValue(job.Key, out var before) || before.Version < job.Version;

    public void Remember(JobView job) => known[job.Key] = (job.JobId, job.Version);

    /// <summary>Forgets a job.</summary>
    public void Remove(long key) => known.Remove(key);

    /// <summary>
    /// The jobs whose version differs from what was seen, and those that were seen and are not among the compared any more.
    /// </summary>
    public async Task<IReadOnlyList<(long Key, Guid Id)>> CompareAsync(IEnumerable<long> shown, CancellationToken cancellationToken)
    {
        var now = new Dictionary<long, JobChange>();
        foreach (var job in (await store.ReadLatestVersionsAsync(Window, cancellationToken)).Jobs) now[job.Key] = job;
        foreach (var page in shown.Where(key => !now.ContainsKey(key)).Distinct().ToList().Chunk(Page))
        {
            foreach (var job in (await store.ReadVersionsAsync(page, [], cancellationToken)).Jobs) now[job.Key] = job;
        }

        if (!HasBegun)
        {
            HasBegun = true;
            known = now.ToDictionary(job => job.Key, job => (job.Value.JobId, job.Value.Version));
            return [];
        }

        return
        [
            .. now.Values.Where(job => !known.TryGetValue(job.Key, out var before) || before.Version < job.Version)
                .Select(job => (job.Key, job.JobId)),
            .. known.Where(job => !now.ContainsKey(job.Key)).Select(job => (job.Key, job.Value.Id)),
        ];
    }
}
