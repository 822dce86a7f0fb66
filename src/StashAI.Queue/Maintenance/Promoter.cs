using StashAI.Queue.Diagnostics;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Makes due tasks available. It sleeps until the next one is due, and is woken when one is scheduled earlier.</summary>
internal sealed class Promoter(IMaintain store, QueueMetrics metrics, QueueFeed feed, Wakeup work, TimeProvider clock) : IQueueListener
{
    private const int Limit = 1000;

    /// <summary>How long it sleeps at most: other processes schedule tasks too.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    public Wakeup? Scheduled { get; set; }

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var (changes, nextDue) = await store.PromoteAsync(Limit, cancellationToken);
        if (!changes.IsEmpty)
        {
            metrics.RecordPromotion(changes.Tasks.Count);
            feed.Publish(changes);
            work.Set();
        }

        if (nextDue is not { } due) return Pause;
        var wait = due - clock.GetUtcNow();
        // Sleeping to the millisecond before would turn into a busy wait.
        return wait > Pause ? Pause : wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
    }

    public void OnChanged(ChangeSet changes)
    {
        foreach (var task in changes.Tasks)
        {
            if (task.State != TaskState.Scheduled) continue;
            Scheduled?.Set();
            return;
        }
    }
}
