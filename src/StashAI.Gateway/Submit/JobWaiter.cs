using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit;

/// <summary>
/// Waits for jobs to end. The queue's feed reports jobs that end in this process; jobs that end in other processes, or whose hint was lost,
/// are found by polling the database every second.
/// </summary>
internal sealed class JobWaiter : IQueueListener, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

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

    /// <summary>Returns the job when it has ended, the timeout is over or the server stops; null for an unknown job.</summary>
    public async Task<JobView?> WaitAsync(Guid jobId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        while (true)
        {
            var job = await store.FindJobAsync(jobId, cancellationToken);
            var left = timeout - clock.GetElapsedTime(started);
            if (job is null || JobStateMachine.IsTerminal(job.State) || left <= TimeSpan.Zero
                || lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return job;
            }

            var end = Register(job.Key);
            try
            {
                // It may have ended between the read and the registration.
                if ((await store.FindJobsAsync([job.Key], cancellationToken)) is [var now] && JobStateMachine.IsTerminal(now.State))
                {
                    continue;
                }

                await end.Task.WaitAsync(left < PollInterval ? left : PollInterval, clock, either.Token);
            }
            catch (TimeoutException)
            {
                // Polls again.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The server is stopping: returns the current state.
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
