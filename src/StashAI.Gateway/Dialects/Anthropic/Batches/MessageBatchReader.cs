using StashAI.Gateway.Dialects.Batches;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.Anthropic.Batches;

/// <summary>Reads batches in Anthropic's words.</summary>
internal sealed class MessageBatchReader(BatchJobs batches, IRead read)
{
    /// <summary>A batch; null for an unknown id.</summary>
    public async Task<MessageBatch?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await batches.FindAsync(BatchDialect.Anthropic, id, cancellationToken) is { Job: { } job } found
            ? new MessageBatch(found.Batch, job)
            : null;

    /// <summary>A page, newest first, and whether there is another; null if the batch at its bound is unknown.</summary>
    public async Task<(IReadOnlyList<MessageBatch> Batches, bool HasMore)?> ListAsync(
        FileBatchQuery query, CancellationToken cancellationToken)
    {
        if (await batches.ListAsync(query, cancellationToken) is not { } page) return null;
        var listed = new List<MessageBatch>(page.Entries.Count);
        foreach (var (batch, job) in page.Entries)
        {
            if (job is null) continue;
            // Which of the failures are expiries is read with a single job only; few batches have any failures.
            var whole = MessageBatch.NeedsErrors(job) ? await read.FindJobAsync(job.JobId, cancellationToken) : job;
            if (whole is not null) listed.Add(new MessageBatch(batch, whole));
        }

        return (listed, page.HasMore);
    }
}
