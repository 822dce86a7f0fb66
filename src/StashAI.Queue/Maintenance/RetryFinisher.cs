using StashAI.Queue.Live;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Finishes retries whose process died in the middle.</summary>
internal sealed class RetryFinisher(IMaintain store, QueueFeed feed, Wakeup work, TimeSpan pause)
{
    private const int Limit = 1000;

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var changes = await store.FinishRetriesAsync(Limit, cancellationToken);
        if (changes.IsEmpty) return pause;
        feed.Publish(changes);
        work.Set();
        return TimeSpan.Zero;
    }
}
