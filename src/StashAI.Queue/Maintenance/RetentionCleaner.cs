using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Removes, in small steps, old jobs and whatever nothing refers to any more.</summary>
internal sealed class RetentionCleaner(
    IQueueStore store, RetentionPolicy policy, TimeSpan? auditRetention, TimeSpan uploadRetention, ILogger logger)
{
    private const int OldLimit = 200;
    private const int CollectLimit = 64;

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var old = await store.Maintain.RemoveOldAsync(policy, OldLimit, cancellationToken);
        if (old > 0) Log.OldRemoved(logger, old);
        var collected = await store.Maintain.RemoveUnreferencedAsync(CollectLimit, cancellationToken);
        var records = auditRetention is { } keep
            ? await store.Audit.RemoveAuditAsync(keep, OldLimit, cancellationToken)
                + await store.Bulk.RemoveBulkAsync(keep, OldLimit, cancellationToken)
            : 0;
        records += await store.BodyUploads.RemoveOldUploadsAsync(uploadRetention, OldLimit, cancellationToken);
        records += await store.Files.RemoveExpiredFilesAsync(OldLimit, cancellationToken);
        records += await store.ClientUploads.RemoveExpiredUploadsAsync(OldLimit, cancellationToken);
        if (policy.Failed is { } failed) records += await store.FileBatches.RemoveOldBatchesAsync(failed, OldLimit, cancellationToken);
        return old + collected + records > 0 ? TimeSpan.Zero : Pause;
    }
}
