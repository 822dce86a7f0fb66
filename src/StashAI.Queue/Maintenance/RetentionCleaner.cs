using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Removes, in small steps, old jobs and whatever nothing refers to any more.</summary>
internal sealed class RetentionCleaner(IMaintain store, RetentionPolicy policy, ILogger logger)
{
    private const int OldLimit = 200;
    private const int CollectLimit = 64;

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var old = await store.RemoveOldAsync(policy, OldLimit, cancellationToken);
        if (old > 0) Log.OldRemoved(logger, old);
        var collected = await store.RemoveUnreferencedAsync(CollectLimit, cancellationToken);
        return old + collected > 0 ? TimeSpan.Zero : Pause;
    }
}
