using System.Runtime.CompilerServices;
using StashAI.Gateway.Submit.Results;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>The results of a job in the order in which they finished. Of each task its place and its time are in memory.</summary>
internal static class FinishedResults
{
    private const int PageSize = 500;

    /// <summary>The most results that are read at once.</summary>
    private const int OutputsAtOnce = 50;

    public static async IAsyncEnumerable<IReadOnlyList<TaskView>> ReadAsync(
        IRead store, DownloadRoom room, JobView job, int first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ended = new List<(long At, int Ordinal)>();
        for (var from = first; from < job.Counters.Total;)
        {
            var tasks = await store.ListTasksAsync(job.Key, from, PageSize, withOutput: false, cancellationToken);
            LostResults.Check(job, from, tasks);
            ended.AddRange(tasks.Where(task => TaskStateMachine.IsTerminal(task.State))
                .Select(task => (task.FinishedAt?.UtcTicks ?? long.MaxValue, task.Ordinal)));
            from = tasks[^1].Ordinal + 1;
        }

        ended.Sort();
        using var download = room.Begin();
        for (var at = 0; at < ended.Count;)
        {
            var part = ended.GetRange(at, Math.Min(download.TasksByKeys(OutputsAtOnce), ended.Count - at));
            long[] keys = [.. part.Select(one => TaskKey.From(job.Key, one.Ordinal))];
            var found = (await store.FindTasksAsync(keys, withOutput: true, cancellationToken)).ToDictionary(task => task.Ordinal);
            if (found.Count < part.Count) throw LostResults.Deleted(job);
            IReadOnlyList<TaskView> page = [.. part.Select(one => found[one.Ordinal])];
            download.Read(page);
            yield return page;
            at += part.Count;
        }
    }
}
