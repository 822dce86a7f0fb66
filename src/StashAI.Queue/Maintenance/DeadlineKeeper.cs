using StashAI.Queue.Live;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Fails the waiting tasks of jobs whose deadline has passed.</summary>
internal sealed class DeadlineKeeper(IMaintain store, QueueFeed feed)
{
    private const int Limit = 1000;

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var changes = await store.ExpireAsync(Limit, cancellationToken);
        feed.Publish(changes);
        return changes.IsEmpty ? Pause : TimeSpan.Zero;
    }
}
