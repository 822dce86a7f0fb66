using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Engine;
using StashAI.Queue.Live;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Gives back the tasks of nodes whose lease is over.</summary>
internal sealed class Rescuer(IMaintain store, QueueFeed feed, Wakeup work, TimeSpan pause, ILogger logger)
{
    private const int Limit = 1000;

    public async Task<TimeSpan> TurnAsync(CancellationToken cancellationToken)
    {
        var changes = await store.RescueAsync(Limit, cancellationToken);
        if (changes.IsEmpty) return pause;
        Log.TasksRescued(logger, changes.Tasks.Count);
        feed.Publish(changes);
        work.Set();
        return changes.Tasks.Count >= Limit ? TimeSpan.Zero : pause;
    }
}
