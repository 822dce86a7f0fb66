using StashAI.Queue.Live;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Finishes cancels whose process died in the middle.</summary>
internal sealed class CancelFinisher(IMaintain store, QueueFeed feed, TimeSpan pause)
{
    private const int Limit = 1000;

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var changes = await store.FinishCancelsAsync(Limit, cancellationToken);
        feed.Publish(changes);
        return changes.IsEmpty ? pause : TimeSpan.Zero;
    }
}
