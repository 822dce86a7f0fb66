using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Removes what was kept long enough, in small pieces, and what nothing refers to any more.</summary>
internal sealed class RetentionCleaner(IMaintain store, RetentionPolicy policy, ILogger logger)
{
    private const int OldLimit = 200;
    private const int CollectLimit = 64;

    /// <summary>How long it rests when there is nothing to remove.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var old = await store.RemoveOldAsync(policy, OldLimit, cancellationToken);
        if (old > 0) Log.OldRemoved(logger, old);
        var collected = await store.RemoveUnreferencedAsync(CollectLimit, cancellationToken);
        return old + collected > 0 ? TimeSpan.Zero : Pause;
    }
}
