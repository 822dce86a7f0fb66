using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Removes, in small steps, old jobs and whatever nothing refers to any more.</summary>
internal sealed class RetentionCleaner(IQueueStore store, QueueOptions options, ILogger logger)
{
    private const int OldLimit = 200;
    private const int CollectLimit = 64;

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var old = await store.Maintain.RemoveOldAsync(options.Retention, OldLimit, cancellationToken);
        if (old > 0) Log.OldRemoved(logger, old);
        var collected = await store.Maintain.RemoveUnreferencedAsync(CollectLimit, cancellationToken);
        var records = options.AuditRetention is { } keep
            ? await store.Audit.RemoveAuditAsync(keep, OldLimit, cancellationToken)
                + await store.Bulk.RemoveBulkAsync(keep, OldLimit, cancellationToken)
            : 0;
        records += await store.BodyUploads.RemoveOldUploadsAsync(options.UploadRetention, OldLimit, cancellationToken);
        records += await store.Results.ForgetResultsAsync(options.ResultRetention, OldLimit, cancellationToken);
        records += await store.Files.RemoveExpiredFilesAsync(OldLimit, cancellationToken);
        records += await store.ClientUploads.RemoveExpiredUploadsAsync(OldLimit, cancellationToken);
        if (options.Retention.Failed is { } failed)
            records += await store.FileBatches.RemoveOldBatchesAsync(failed, OldLimit, cancellationToken);
        if (options.WebhookRetention is { } sent)
            records += await store.Deliveries.RemoveOldDeliveriesAsync(sent, OldLimit, cancellationToken);
        return old + collected + records > 0 ? TimeSpan.Zero : Pause;
    }
}
