using StashAI.Queue.Live;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Wakes tasks that wait for a result which is known now, or which nobody computes any more.</summary>
internal sealed class ResultWaker(IKnownResults results, QueueFeed feed, Wakeup work)
{
    private const int Limit = 1000;

    /// <summary>The longest sleep; tasks of other processes end too.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var changes = await results.WakeWaitersAsync(Limit, cancellationToken);
        if (changes.IsEmpty) return Pause;
        feed.Publish(changes);
        work.Set();
        return TimeSpan.Zero;
    }
}
