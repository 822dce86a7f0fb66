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

    /// <summary>How many results are read at once.</summary>
    private const int OutputsAtOnce = 50;

    public static async IAsyncEnumerable<IReadOnlyList<TaskView>> ReadAsync(
        IRead store, JobView job, int first, [EnumeratorCancellation] CancellationToken cancellationToken)
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
        foreach (var part in ended.Chunk(OutputsAtOnce))
        {
            long[] keys = [.. part.Select(one => TaskKey.From(job.Key, one.Ordinal))];
            var found = (await store.FindTasksAsync(keys, withOutput: true, cancellationToken)).ToDictionary(task => task.Ordinal);
            if (found.Count < part.Length) throw LostResults.Deleted(job);
            yield return [.. part.Select(one => found[one.Ordinal])];
        }
    }
}
