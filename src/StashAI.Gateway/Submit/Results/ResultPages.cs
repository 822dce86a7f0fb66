using System.Runtime.CompilerServices;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Results;

/// <summary>Reads the tasks of a job with their results, in the order of the items, in pages as large as there is room for.</summary>
internal static class ResultPages
{
    private const int PageSize = 500;

    /// <param name="store">Reads them.</param>
    /// <param name="room">Says how large a page may be.</param>
    /// <param name="job">The job.</param>
    /// <param name="from">The first task.</param>
    /// <param name="end">The task behind the last one; at most as many as the job has.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">The job is being removed: what would follow is not all of its results.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<TaskView>> ReadResultsAsync(
        this IRead store, DownloadRoom room, JobView job, int from, int end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var download = room.Begin();
        while (from < end)
        {
            var tasks = await store.ListTasksAsync(
                job.Key, from, Math.Min(download.TasksOfPage(PageSize), end - from), withOutput: true, cancellationToken);
            LostResults.Check(job, from, tasks);
            download.Read(tasks);
            yield return tasks;
            from = tasks[^1].Ordinal + 1;
        }
    }
}
