using System.Runtime.CompilerServices;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.Batches;

/// <summary>Reads the tasks of a batch in the order of its input. No more than a page of tasks is in memory.</summary>
internal static class BatchTasks
{
    private const int PageSize = 500;

    /// <param name="read">Reads them.</param>
    /// <param name="job">The job.</param>
    /// <param name="withOutput">True to read the results.</param>
    /// <param name="download">The download that says how large a page may be; null for pages of the usual size.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">The job is being removed.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<TaskView>> ReadTasksAsync(
        this IRead read, JobView job, bool withOutput, DownloadRoom.Download? download,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var from = 0; from < job.Counters.Total;)
        {
            var tasks = await read.ListTasksAsync(
                job.Key, from, download?.TasksOfPage(PageSize) ?? PageSize, withOutput, cancellationToken);
            if (tasks.Count == 0 || tasks[0].Ordinal != from) throw RequestException.NotFound("The job of this batch was deleted.");
            download?.Read(tasks);
            yield return tasks;
            from = tasks[^1].Ordinal + 1;
        }
    }
}
