using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Hub;

/// <summary>
/// Finds what other processes changed, by comparing versions. A job's version rises whenever one of its tasks changes, so the tasks of jobs
/// that did not change are read only in every tenth round.
/// </summary>
internal sealed class VersionFollower(IRead store)
{
    private const int Page = 2_000;
    private const int FullRound = 10;

    private Dictionary<long, long> seen = [];
    private int round;

    /// <summary>Reads the versions of everything that is followed and reports them to <paramref name="found"/>.</summary>
    public async Task PollAsync(IEnumerable<LiveKey> followed, Action<ChangeSet> found, CancellationToken cancellationToken)
    {
        var jobs = new HashSet<long>();
        var tasks = new List<long>();
        foreach (var key in followed)
        {
            if (key.Kind == LiveKind.Job) jobs.Add(key.Key);
            if (key.Kind != LiveKind.Task) continue;
            tasks.Add(key.Key);
            jobs.Add(TaskKey.JobOf(key.Key));
        }

        var isFull = round++ % FullRound == 0;
        var now = new Dictionary<long, long>(jobs.Count);
        var moved = new HashSet<long>();
        foreach (var page in jobs.Chunk(Page))
        {
            var versions = await store.ReadVersionsAsync(page, [], cancellationToken);
            found(versions);
            foreach (var job in versions.Jobs)
            {
                now[job.Key] = job.Version;
                if (isFull || !seen.TryGetValue(job.Key, out var before) || before != job.Version) moved.Add(job.Key);
            }
        }

        // Read after the jobs: a task that changes from here on raises its job's version for the next round.
        foreach (var page in tasks.Where(task => moved.Contains(TaskKey.JobOf(task))).Chunk(Page))
            found(await store.ReadVersionsAsync([], page, cancellationToken));
        seen = now;
    }
}
