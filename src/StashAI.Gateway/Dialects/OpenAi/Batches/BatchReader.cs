using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Reads batches with their jobs. A batch whose job is being removed is gone too.</summary>
internal sealed class BatchReader(IFileBatches batches, IRead read, TimeProvider clock)
{
    /// <summary>A batch by its id as clients have it, with its job.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public async Task<BatchState> GetAsync(string id, CancellationToken cancellationToken) =>
        OpenAiIds.Batch(id) is { } guid && await FindAsync(guid, cancellationToken) is { } batch ? batch : throw Unknown(id);

    /// <summary>Why a batch with an unknown id is refused.</summary>
    public static RequestException Unknown(string id) => RequestException.NotFound($"No such batch: {Excerpt.Of(id)}");

    /// <summary>A batch with its job; null for an unknown id.</summary>
    public async Task<BatchState?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await batches.FindBatchAsync(id, cancellationToken) is { } batch ? await WithJobAsync(batch, cancellationToken) : null;

    /// <summary>A batch that was read, with its job; null when the job is gone.</summary>
    public async Task<BatchState?> WithJobAsync(FileBatch batch, CancellationToken cancellationToken)
    {
        if (batch.JobKey is not { } key) return new BatchState(batch, null);
        if (await read.FindJobsAsync([key], cancellationToken) is not [var listed]) return null;
        // The tokens of all answers and the kinds of errors are read of a single job only.
        return await read.FindJobAsync(listed.JobId, cancellationToken) is { } job ? new BatchState(batch, job) : null;
    }

    /// <summary>Batches that were read, with their jobs.</summary>
    public async Task<IReadOnlyList<BatchState>> WithJobsAsync(IReadOnlyList<FileBatch> found, CancellationToken cancellationToken)
    {
        var keys = found.Select(batch => batch.JobKey).OfType<long>().ToList();
        var jobs = (await read.FindJobsAsync(keys, cancellationToken)).ToDictionary(job => job.Key);
        return
        [
            .. found.Where(batch => batch.JobKey is not { } key || jobs.ContainsKey(key))
                .Select(batch => new BatchState(batch, batch.JobKey is { } key ? jobs[key] : null)),
        ];
    }

    /// <summary>True if the files of a batch's results are still kept.</summary>
    public bool IsKept(BatchState batch) => !(batch.OutputExpiresAt <= clock.GetUtcNow());
}
