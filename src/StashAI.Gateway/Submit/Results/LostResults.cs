using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// Why a stream of results cannot go on. Thrown before the first byte it is the answer; after that the connection is cut, because a stream
/// that simply ended would look complete.
/// </summary>
internal static class LostResults
{
    /// <summary>The job was deleted while its results were read.</summary>
    public static RequestException Deleted(JobView job) =>
        RequestException.NotFound($"The job {job.JobId} was deleted while its results were read.");

    /// <summary>The server stops before the job is over.</summary>
    public static RequestException Stopping() =>
        new(Problem.Unavailable("The server is stopping: follow the results again, with from at the first one that is missing."));

    /// <summary>Awaits an answer, and cuts the connection if it cannot go on behind its first byte.</summary>
    public static async Task AnswerOrCutAsync(this HttpContext context, Task answer)
    {
        try
        {
            await answer;
        }
        catch (RequestException) when (HasBegun(context.Response))
        {
            context.Abort();
        }
    }

    /// <summary>True for an answer of which bytes are written, sent or not: a refusal would stand behind them.</summary>
    private static bool HasBegun(HttpResponse response) =>
        response.HasStarted || response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 };

    /// <summary>Refuses tasks that are not all those from an index on: rows of a deleted job go in steps.</summary>
    public static void Check(JobView job, int from, IReadOnlyList<TaskView> tasks)
    {
        if (tasks.Count == 0 || tasks[0].Ordinal != from || tasks[^1].Ordinal != from + tasks.Count - 1) throw Deleted(job);
    }
}
