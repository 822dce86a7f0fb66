using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Reads;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Connections;

/// <summary>Sends one client what changed. Its subscriber queues ids; the content is read when it is sent.</summary>
internal sealed class LiveSender(LiveServices live, LiveSubscriber subscriber, LiveMessages messages, ILiveOutput output)
{
    private const int TasksPerRead = 32;

    /// <summary>
    /// Up to this many changed jobs are read one by one, each shared with other clients that want it; more are read in one query.
    /// </summary>
    private const int SharedReads = 4;

    /// <summary>Pause between two attempts to read a database that fails.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private IRead Store => live.Store;

    /// <summary>Runs until cancelled, or until the client's connection fails.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await subscriber.WaitAsync(cancellationToken);
            if (live.IsCrowded) await subscriber.WaitForNextRoundAsync(live.Pause * Random.Shared.NextDouble(), cancellationToken);
            var (keys, interactions) = await subscriber.TakeAsync(cancellationToken);
            foreach (var interaction in interactions) await output.SendAsync(LiveMessages.Interaction(interaction), cancellationToken);
            foreach (var list in subscriber.Lists()) await SendListAsync(list, cancellationToken);
            if (!await TrySendAsync(keys, cancellationToken)) await Task.Delay(RetryPause, live.Clock, cancellationToken);
            await subscriber.WaitForNextRoundAsync(live.Pause, cancellationToken);
        }
    }

    private async Task<bool> TrySendAsync(LiveKey[] keys, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var page in Of(keys, LiveKind.Task).Chunk(TasksPerRead)) await SendTasksAsync(page, cancellationToken);
            var jobs = Of(keys, LiveKind.Job);
            if (jobs.Length > 0) await SendJobsAsync(jobs, cancellationToken);
            if (keys.Contains(LiveKey.Stats)) await SendStatsAsync(cancellationToken);
            return true;
        }
        catch (LiveReadException exception)
        {
            LiveLog.ReadFailed(live.Logger, exception.Message);
            subscriber.PutBack(keys);
            return false;
        }
    }

    private async Task SendJobsAsync(long[] keys, CancellationToken cancellationToken)
    {
        foreach (var job in await LiveReadException.GuardAsync(ReadJobsAsync(keys, cancellationToken)))
        {
            if (!subscriber.TryMarkSent(LiveKey.Job(job.Key), job.Version)) continue;
            await output.SendAsync(LiveMessages.Progress(job), cancellationToken);
        }
    }

    private async Task<IReadOnlyList<JobView>> ReadJobsAsync(long[] keys, CancellationToken cancellationToken)
    {
        if (keys.Length > SharedReads) return await Store.FindJobsAsync(keys, cancellationToken);
        var jobs = await Task.WhenAll(keys.Select(live.Jobs.ReadAsync)).WaitAsync(cancellationToken);
        return [.. jobs.OfType<JobView>()];
    }

    private async Task SendTasksAsync(long[] keys, CancellationToken cancellationToken)
    {
        var found = await LiveReadException.GuardAsync(Store.FindTasksWithJobsAsync(keys, cancellationToken));
        var jobs = found.Jobs.ToDictionary(job => job.Key);
        foreach (var task in found.Tasks)
        {
            // A job may be removed while they are read.
            if (jobs.TryGetValue(TaskKey.JobOf(task.Key), out var job) && subscriber.TryMarkSent(LiveKey.Task(task.Key), task.Version))
                await output.SendAsync(messages.Status(job, task), cancellationToken);
        }
    }

    private async Task SendListAsync(ListSubscription list, CancellationToken cancellationToken)
    {
        var (page, changes, writeRest) = list.Take();
        if (page is not null) await output.SendAsync(LiveMessages.Page(list, page), cancellationToken);
        if (writeRest is not null) await output.SendAsync(LiveMessages.Changes(list, changes, writeRest), cancellationToken);
    }

    private async Task SendStatsAsync(CancellationToken cancellationToken)
    {
        var (version, data) = await LiveReadException.GuardAsync(live.Stats.ReadAsync(cancellationToken));
        if (subscriber.TryMarkSent(LiveKey.Stats, version)) await output.SendAsync(LiveMessages.Stats(data), cancellationToken);
    }

    private static long[] Of(LiveKey[] keys, LiveKind kind) => [.. keys.Where(key => key.Kind == kind).Select(key => key.Key)];
}
