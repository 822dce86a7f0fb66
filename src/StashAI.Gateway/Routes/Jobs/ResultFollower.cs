using System.Collections;
using System.Runtime.CompilerServices;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>
/// Reads the tasks of a job as they end, each once, until the job is over or the server stops. It looks at the job's version, which any
/// process moves, several times a second, and at tasks only when that changed.
/// </summary>
internal static class ResultFollower
{
    private const int PageSize = 500;

    /// <summary>How many results are read at once.</summary>
    private const int OutputsAtOnce = 50;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(150);

    public static async IAsyncEnumerable<IReadOnlyList<TaskView>> ReadAsync(
        IRead store, JobView job, bool byItem, TimeProvider clock, CancellationToken stopping,
            [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A bit for each task: those that were given out.
        var given = new BitArray(job.Counters.Total);
        var first = 0;
        while (true)
        {
            if (await store.FindJobAsync(job.JobId, cancellationToken) is not { } now) yield break;
            var isOver = JobStateMachine.IsTerminal(now.State);
            for (var from = first; from < given.Length;)
            {
                var tasks = await store.ListTasksAsync(job.Key, from, PageSize, withOutput: false, cancellationToken);
                if (tasks.Count == 0) break;
                var ended = tasks.Where(task => TaskStateMachine.IsTerminal(task.State) && !given[task.Ordinal]).Select(task => task.Key)
                    .ToList();
                if (byItem) ended = [.. ended.TakeWhile((key, i) => TaskKey.OrdinalOf(key) == first + i)];
                foreach (var keys in ended.Chunk(OutputsAtOnce))
                {
                    var found = await store.FindTasksAsync(keys, withOutput: true, cancellationToken);
                    foreach (var task in found) given[task.Ordinal] = true;
                    while (first < given.Length && given[first]) first++;
                    if (found.Count > 0) yield return found;
                }

                from = tasks[^1].Ordinal + 1;
                // In the order of the items nothing behind an open one is given; else tasks end about in the order in which they start.
                var isRest = byItem ? first < from : !isOver && tasks.All(task => task is { State: TaskState.Available, Attempt: 0 });
                if (isRest) break;
            }

            if (isOver) yield break;
            do
            {
                if (stopping.IsCancellationRequested) yield break;
                await Task.Delay(PollInterval, clock, cancellationToken);
            }
            while (await VersionAsync(store, job, cancellationToken) == now.Version);
        }
    }

    private static async Task<long?> VersionAsync(IRead store, JobView job, CancellationToken cancellationToken) =>
        (await store.ReadVersionsAsync([job.Key], [], cancellationToken)).Jobs is [var change] ? change.Version : null;
}
