using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit;

/// <summary>
/// Waits for the ends of jobs. The queue's feed tells of those that end in this process; what another process ended is found by a look
/// at the database every second, which also makes up for a hint that was lost.
/// </summary>
internal sealed class JobWaiter : IQueueListener, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly IRead store;
    private readonly TimeProvider clock;
    private readonly IHostApplicationLifetime lifetime;
    private readonly IDisposable listening;
    private readonly Lock gate = new();
    private readonly Dictionary<long, List<TaskCompletionSource>> waiting = [];

    public JobWaiter(IRead store, QueueFeed feed, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        (this.store, this.clock, this.lifetime) = (store, clock, lifetime);
        listening = feed.Listen(this);
    }

    /// <summary>The job when it is over, or as it is when the time is over or the server stops; null when there is none.</summary>
    public async Task<JobView?> WaitAsync(Guid jobId, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        while (true)
        {
            var job = await store.FindJobAsync(jobId, cancellationToken);
            var left = patience - clock.GetElapsedTime(started);
            if (job is null || JobStateMachine.IsTerminal(job.State) || left <= TimeSpan.Zero || lifetime.ApplicationStopping.IsCancellationRequested)
                return job;
            var end = Register(job.Key);
            try
            {
                // It may have ended between the look and the registration.
                if ((await store.FindJobsAsync([job.Key], cancellationToken)) is [var now] && JobStateMachine.IsTerminal(now.State)) continue;
                await end.Task.WaitAsync(left < Look ? left : Look, clock, either.Token);
            }
            catch (TimeoutException)
            {
                // Look again.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The server stops: say how it stands.
            }
            finally
            {
                Unregister(job.Key, end);
            }
        }
    }

    public void OnChanged(ChangeSet changes)
    {
        foreach (var job in changes.Jobs)
        {
            if (!JobStateMachine.IsTerminal(job.After)) continue;
            lock (gate)
            {
                if (!waiting.TryGetValue(job.Key, out var ends)) continue;
                foreach (var end in ends) end.TrySetResult();
            }
        }
    }

    public void Dispose() => listening.Dispose();

    private TaskCompletionSource Register(long key)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (!waiting.TryGetValue(key, out var ends)) waiting.Add(key, ends = []);
            ends.Add(end);
        }

        return end;
    }

    private void Unregister(long key, TaskCompletionSource end)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(key, out var ends)) return;
            ends.Remove(end);
            if (ends.Count == 0) waiting.Remove(key);
        }
    }
}
