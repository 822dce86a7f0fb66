using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Reads;

/// <summary>Finds what a client asks to follow.</summary>
internal static class LiveLookup
{
    /// <summary>The key of the subscription's job or task, if it exists.</summary>
    public static async Task<(bool IsFound, LiveKey Key)> FindAsync(
        IRead store, LiveSubscription subscription, CancellationToken cancellationToken)
    {
        var entry = await LiveReadException.GuardAsync(QueueLookup.FindAsync(store, subscription.Id, cancellationToken));
        return (subscription.Word, entry) switch
        {
            ("job", { Ordinal: null } job) => (true, LiveKey.Job(job.Job.Key)),
            ("task", { Ordinal: not null } task) => (true, LiveKey.Task(task.TaskKey)),
            _ => (false, default),
        };
    }
}
