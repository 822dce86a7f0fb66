using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Live;

/// <summary>
/// Sends hints about committed changes to other processes: the first at once, then at most one per <see cref="Pause"/>. Hints from other
/// processes wake the claim loop, if they have work or it was held back by a limit, and the listeners of the feed.
/// </summary>
internal sealed class HintRelay(IHints hints, QueueFeed feed, Wakeup work, Wakeup ends, TimeProvider clock, ILogger logger)
    : IQueueListener, IDisposable
{
    /// <summary>The most jobs in one hint.</summary>
    public const int MaxJobs = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly HashSet<long> jobs = [];
    private readonly Wakeup pending = new(clock);
    private readonly CancellationTokenSource stop = new();
    private Task loops = Task.CompletedTask;
    private bool hasWork;
    private bool hasChanges;

    public void Start() => loops = Task.WhenAll(Task.Run(SendAsync), Task.Run(ListenAsync));

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await loops;
    }

    public void Dispose() => stop.Dispose();

    /// <summary>Announces that tasks may be ready without a published change, as after a submit.</summary>
    public void AnnounceWork(long? job = null)
    {
        lock (gate)
        {
            hasWork = hasChanges = true;
            if (job is { } key) Add(key);
        }

        pending.Set();
    }

    public void OnChanged(ChangeSet changes)
    {
        lock (gate)
        {
            foreach (var task in changes.Tasks) Add(TaskKey.JobOf(task.Key));
            foreach (var job in changes.Jobs) Add(job.Key);
            // A change without tasks is a pause, a resume, a start that has come, or a lane that has opened.
            hasWork |= changes.Tasks.Count == 0 || changes.Tasks.Any(task => task.State == TaskState.Available);
            hasChanges = true;
        }

        pending.Set();
    }

    /// <summary>Keeps one job more than fits in a hint, to show that there were too many.</summary>
    private void Add(long job)
    {
        if (jobs.Count <= MaxJobs) jobs.Add(job);
    }

    private Hint? TakeHint()
    {
        lock (gate)
        {
            if (!hasChanges) return null;
            var hint = new Hint(hasWork, jobs.Count > MaxJobs ? null : [.. jobs]);
            jobs.Clear();
            hasWork = hasChanges = false;
            return hint;
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                pending.Reset();
                if (TakeHint() is not { } hint)
                {
                    await pending.WaitAsync(TimeSpan.FromHours(1), stop.Token);
                    continue;
                }

                await Task.Delay(await TrySendAsync(hint) ? Pause : RetryPause, clock, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task<bool> TrySendAsync(Hint hint)
    {
        try
        {
            await hints.SendAsync(hint, stop.Token);
            return true;
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // Other processes find the changes by polling.
            Log.HintNotSent(logger, exception.Message);
            return false;
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            await hints.ListenAsync(OnHint, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (ObjectDisposedException) when (stop.IsCancellationRequested)
        {
            // The store was closed first.
        }
    }

    private void OnHint(Hint hint)
    {
        if (hint.HasWork) work.Set();
        // Calls of the other process may have ended that were within the same limit.
        ends.Set();
        feed.PublishElsewhere(hint.Jobs);
    }
}
