using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Makes the tasks of lost nodes available again.</summary>
internal sealed class Rescuer(
    IMaintain store, NodeKeeper keeper, QueueMetrics metrics, QueueFeed feed, Wakeup work, TimeSpan pause, ILogger logger)
{
    private const int Limit = 1000;

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        // After a jump of the clock, every lease may look expired although its owner is alive.
        var canTrustLeases = keeper.CanRescue
            && keeper.ClockAgrees(DateTimeOffset.FromUnixTimeMilliseconds((await store.ObserveClockAsync(cancellationToken)).LastSeen));
        var changes = await store.RescueAsync(Limit, canTrustLeases ? RescueScope.Expired : RescueScope.Proven, cancellationToken);
        if (changes.IsEmpty) return pause;
        var poisoned = changes.Tasks.Count(task => task.State == TaskState.Failed);
        metrics.RecordRescue(changes.Tasks.Count - poisoned, poisoned);
        Log.TasksRescued(logger, changes.Tasks.Count - poisoned);
        if (poisoned > 0) Log.TasksPoisoned(logger, poisoned);
        feed.Publish(changes);
        work.Set();
        return changes.Tasks.Count >= Limit ? TimeSpan.Zero : pause;
    }
}
