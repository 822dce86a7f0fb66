using StashAI.Queue.Diagnostics;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Makes due tasks available. It sleeps until the next task is due, and wakes when a task is scheduled.</summary>
internal sealed class Promoter(IMaintain store, QueueMetrics metrics, QueueFeed feed, Wakeup work, TimeProvider clock) : IQueueListener
{
    private const int Limit = 1000;

    /// <summary>The longest sleep; other processes schedule tasks too.</summary>
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
        // A sleep that ends a fraction of a millisecond early would turn into a busy wait.
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
