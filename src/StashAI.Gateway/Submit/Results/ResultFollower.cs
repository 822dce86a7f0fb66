using System.Collections;
using System.Runtime.CompilerServices;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// Reads the tasks of a job as they end, each once, until the job is over or the server stops. The queue's feed says when this process,
/// or a hint when another, has changed the job; a lost hint is made up for by looking at the job's version several times a second.
/// </summary>
internal static class ResultFollower
{
    private const int PageSize = 500;

    /// <summary>The most results that are read at once.</summary>
    private const int OutputsAtOnce = 50;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(150);

    /// <summary>Shortest time between two looks: results that end together are read together.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(10);

    public static async IAsyncEnumerable<IReadOnlyList<TaskView>> ReadAsync(
        IRead store, DownloadRoom room, QueueFeed feed, JobView job, int from, bool byItem, TimeProvider clock, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var download = room.Begin();
        var news = new JobNews(job.Key, clock);
        using var listening = feed.Listen(news);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        // A bit for each task: those that were given out.
        var given = new BitArray(job.Counters.Total);
        var first = from;
        while (true)
        {
            news.Reset();
            if (await store.FindJobAsync(job.JobId, cancellationToken) is not { } now) throw LostResults.Deleted(job);
            var isOver = now.IsOver;
            for (var at = first; at < given.Length;)
            {
                var tasks = await store.ListTasksAsync(job.Key, at, PageSize, withOutput: false, cancellationToken);
                LostResults.Check(job, at, tasks);
                var ended = tasks.Where(task => TaskStateMachine.IsTerminal(task.State) && !given[task.Ordinal]).Select(task => task.Key)
                    .ToList();
                if (byItem) ended = [.. ended.TakeWhile((key, i) => TaskKey.OrdinalOf(key) == first + i)];
                while (ended.Count > 0)
                {
                    var keys = ended.GetRange(0, Math.Min(download.TasksByKeys(OutputsAtOnce), ended.Count));
                    ended.RemoveRange(0, keys.Count);
                    var found = await store.FindTasksAsync(keys, withOutput: true, cancellationToken);
                    download.Read(found);
                    foreach (var task in found) given[task.Ordinal] = true;
                    while (first < given.Length && given[first]) first++;
                    if (found.Count > 0) yield return found;
                    if (found.Count < keys.Count) throw LostResults.Deleted(job);
                }

                at = tasks[^1].Ordinal + 1;
                // In the order of the items nothing behind an open one is given; else tasks end about in the order in which they start.
                var isRest = byItem ? first < at : !isOver && tasks.All(task => task is { State: TaskState.Available, Attempt: 0 });
                if (isRest) break;
            }

            if (isOver) yield break;
            // Whoever waits holds nothing.
            download.Pause();
            do
            {
                if (!await news.TryWaitAsync(PollInterval, over.Token)) throw LostResults.Stopping();
            }
            // The end of a retry in steps changes no version.
            while (!now.IsChanging && await VersionAsync(store, job, cancellationToken) == now.Version);
            if (!await news.TrySettleAsync(Settle, over.Token)) throw LostResults.Stopping();
        }
    }

    private static async Task<long?> VersionAsync(IRead store, JobView job, CancellationToken cancellationToken) =>
        (await store.ReadVersionsAsync([job.Key], [], cancellationToken)).Jobs is [var change] ? change.Version : null;
}
