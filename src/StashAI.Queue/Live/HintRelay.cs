using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Live;

/// <summary>
/// Tells other processes what this one committed, the first change at once and then at most one hint each <see cref="Pause"/>, and
/// passes on what they tell: it wakes the dispatcher and the listeners of the feed.
/// </summary>
internal sealed class HintRelay(IHints hints, QueueFeed feed, Wakeup work, TimeProvider clock, ILogger logger) : IQueueListener, IDisposable
{
    /// <summary>The most jobs that a hint names.</summary>
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

    /// <summary>Notes that tasks may be ready although no change says so, as after a submit.</summary>
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
            // A job that changes without its tasks was paused, let go on, or came to its start; a lane may have opened.
            hasWork |= changes.Tasks.Count == 0 || changes.Tasks.Any(task => task.State == TaskState.Available);
            hasChanges = true;
        }

        pending.Set();
    }

    /// <summary>One more than fit is kept, which shows that there were too many.</summary>
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
            // In good order.
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
            // Others find it by polling.
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
            // In good order.
        }
        catch (ObjectDisposedException) when (stop.IsCancellationRequested)
        {
            // The store was closed first.
        }
    }

    private void OnHint(Hint hint)
    {
        if (hint.HasWork) work.Set();
        feed.PublishElsewhere(hint.Jobs);
    }
}
