using StashAI.Queue.Model;

namespace StashAI.Queue.Store;

/// <summary>What people do to jobs and tasks.</summary>
public interface IControl
{
    /// <summary>Cancels every open task of a job: waiting ones at once, running ones through their owner.</summary>
    Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>Cancels one task: at once when it waits, through its owner when it runs.</summary>
    Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken);
}
