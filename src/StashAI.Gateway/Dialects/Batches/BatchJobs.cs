using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.Batches;

/// <summary>Reads batches of one API with their jobs. A batch whose job is being removed is gone too.</summary>
internal sealed class BatchJobs(IFileBatches batches, IRead read)
{
    /// <summary>A batch with its job; null for an unknown id, and for a batch of another API.</summary>
    public async Task<BatchJob?> FindAsync(BatchDialect dialect, Guid id, CancellationToken cancellationToken) =>
        await batches.FindBatchAsync(id, cancellationToken) is { } batch && batch.Dialect == dialect
            ? await WithJobAsync(batch, cancellationToken)
            : null;

    /// <summary>A batch that was read, with its job; null when the job is gone.</summary>
    public async Task<BatchJob?> WithJobAsync(FileBatch batch, CancellationToken cancellationToken)
    {
        if (batch.JobKey is not { } key) return new BatchJob(batch, null);
        if (await read.FindJobsAsync([key], cancellationToken) is not [var listed]) return null;
        // The tokens of all answers and the kinds of errors are read of a single job only.
        return await read.FindJobAsync(listed.JobId, cancellationToken) is { } job ? new BatchJob(batch, job) : null;
    }

    /// <summary>A page of batches with their jobs; null if the batch at its bound is unknown.</summary>
    public async Task<BatchPage?> ListAsync(FileBatchQuery query, CancellationToken cancellationToken)
    {
        var entries = new List<BatchJob>();
        var next = query with { Limit = query.Limit + 1 };
        while (true)
        {
            if (await batches.ListBatchesAsync(next, cancellationToken) is not { } found)
            {
                // The batch that the last read ended with was removed since.
                return entries.Count > 0 ? PageOf(entries, query) : null;
            }

            var jobs = await WithJobsAsync(found, cancellationToken);
            if (query.Before is null) entries.AddRange(jobs);
            else entries.InsertRange(0, jobs);
            // Those whose jobs are being removed leave gaps, and a page with gaps would look like the last one.
            if (found.Count < next.Limit || entries.Count > query.Limit) return PageOf(entries, query);
            next = query.Before is null ? next with { After = found[^1].Id } : next with { Before = found[0].Id };
        }
    }

    private static BatchPage PageOf(List<BatchJob> entries, FileBatchQuery query)
    {
        var hasMore = entries.Count > query.Limit;
        return new BatchPage(
            [.. query.Before is null ? entries.Take(query.Limit) : entries.TakeLast(query.Limit)], hasMore);
    }

    private async Task<IReadOnlyList<BatchJob>> WithJobsAsync(IReadOnlyList<FileBatch> found, CancellationToken cancellationToken)
    {
        var keys = found.Select(batch => batch.JobKey).OfType<long>().ToList();
        var jobs = (await read.FindJobsAsync(keys, cancellationToken)).ToDictionary(job => job.Key);
        return
        [
            .. found.Where(batch => batch.JobKey is not { } key || jobs.ContainsKey(key))
                .Select(batch => new BatchJob(batch, batch.JobKey is { } key ? jobs[key] : null)),
        ];
    }
}

/// <summary>A batch with its job.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Job">Its job; null before there is one.</param>
internal sealed record BatchJob(FileBatch Batch, JobView? Job);

/// <summary>A page of batches.</summary>
/// <param name="Entries">The batches, newest first.</param>
/// <param name="HasMore">True when there is another page in the direction of the query.</param>
internal sealed record BatchPage(IReadOnlyList<BatchJob> Entries, bool HasMore);
