using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Signals;

namespace StashAI.Gateway.Submit.Results;

/// <summary>Tells that a job may have changed, in this process or in another.</summary>
internal sealed class JobNews(long key, TimeProvider clock) : IQueueListener
{
    private readonly Wakeup changed = new(clock);

    public void OnChanged(ChangeSet changes)
    {
        foreach (var job in changes.Jobs)
        {
            if (job.Key == key) changed.Set();
        }
    }

    public void OnChangedElsewhere(IReadOnlyList<long>? jobs)
    {
        if (jobs is null || jobs.Contains(key)) changed.Set();
    }

    /// <summary>Forgets earlier news; to be called before the job is read.</summary>
    public void Reset() => changed.Reset();

    /// <summary>Waits for news, or so long; false when cancelled.</summary>
    public async Task<bool> TryWaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(timeout, cancellationToken);
            changed.Reset();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits so long whatever happens; false when cancelled.</summary>
    public async Task<bool> TrySettleAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, clock, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
