using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Reads batches in OpenAI's words.</summary>
internal sealed class BatchReader(BatchJobs batches, IRead read, TimeProvider clock)
{
    /// <summary>A batch by its id as clients have it, with its job.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public async Task<BatchState> GetAsync(string id, CancellationToken cancellationToken) =>
        OpenAiIds.Batch(id) is { } guid && await FindAsync(guid, cancellationToken) is { } batch ? batch : throw Unknown(id);

    /// <summary>Why a batch with an unknown id is refused.</summary>
    public static RequestException Unknown(string id) => RequestException.NotFound($"No such batch: {Excerpt.Of(id)}");

    /// <summary>Why a request is refused whose batch was made before, and whose job is being removed: the next one makes another.</summary>
    public static RequestException BeingDeleted() =>
        new(Problem.Unavailable("The batch that had this Idempotency-Key is being deleted: send the request again."));

    /// <summary>A batch with its job; null for an unknown id.</summary>
    public async Task<BatchState?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        StateOf(await batches.FindAsync(BatchDialect.OpenAi, id, cancellationToken));

    /// <summary>A batch that was read, with its job; null when the job is gone.</summary>
    public async Task<BatchState?> WithJobAsync(FileBatch batch, CancellationToken cancellationToken) =>
        StateOf(await batches.WithJobAsync(batch, cancellationToken));

    /// <summary>A page of batches, newest first, and whether there is another; null if the one before is unknown.</summary>
    public async Task<(IReadOnlyList<BatchState> States, bool HasMore)?> ListAsync(
        Guid? after, int limit, CancellationToken cancellationToken)
    {
        var query = new FileBatchQuery { Dialect = BatchDialect.OpenAi, After = after, Limit = limit };
        if (await batches.ListAsync(query, cancellationToken) is not { } page) return null;
        var states = new List<BatchState>(page.Entries.Count);
        foreach (var (batch, job) in page.Entries)
        {
            // Which of the failures are expiries is read with a single job only; few batches have any failures.
            var whole = job is not null && BatchState.NeedsErrors(job) ? await read.FindJobAsync(job.JobId, cancellationToken) : null;
            states.Add(new BatchState(batch, whole is null ? job : job! with { Errors = whole.Errors }));
        }

        return (states, page.HasMore);
    }

    /// <summary>True if the files of a batch's results are still kept.</summary>
    public bool IsKept(BatchState batch) => !(batch.OutputExpiresAt <= clock.GetUtcNow());

    private static BatchState? StateOf(BatchJob? found) => found is null ? null : new BatchState(found.Batch, found.Job);
}
