using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// Refuses to change what came of a batch of another API that has ended: its clients were told so, and may have read its files.
/// </summary>
internal static class EndedBatch
{
    /// <exception cref="RequestException">The job is such a batch.</exception>
    public static async Task RequireOpenAsync(this IFileBatches batches, JobView job, CancellationToken cancellationToken)
    {
        if (!job.IsOver) return;
        if (await batches.FindBatchOfJobAsync(job.Key, cancellationToken) is not { } batch) return;
        var rerun = $"POST /api/jobs/{job.JobId}/rerun";
        var name = NameOf(batch);
        throw new RequestException(Problem.Conflict($"This job is the batch {name}, which has ended, so its results stay as they are: "
            + (batch.Dialect == BatchDialect.OpenAi
                ? $"POST /v1/batches/{name}/retry makes a new batch of the lines that failed, and {rerun} a new job."
                : $"send its failed requests in a new batch, or use {rerun}, which makes a new job of them.")));
    }

    /// <summary>The same for a job as it is now, of which nothing could be changed: it may have ended since it was read.</summary>
    /// <exception cref="RequestException">The job is such a batch.</exception>
    public static async Task RequireOpenAsync(
        this IFileBatches batches, IRead read, JobView job, CancellationToken cancellationToken)
    {
        if (await read.FindJobsAsync([job.Key], cancellationToken) is [var now])
            await batches.RequireOpenAsync(now, cancellationToken);
    }

    /// <summary>What the clients of the batch call it.</summary>
    public static string NameOf(FileBatch batch) => $"{(batch.Dialect == BatchDialect.OpenAi ? "batch" : "msgbatch")}_{batch.Id:N}";
}
