using StashAI.Queue.Model;

namespace StashAI.Queue.Store;

/// <summary>What people do to jobs and tasks.</summary>
public interface IControl
{
    /// <summary>Cancels every open task of a job: waiting ones at once, running ones through their owner.</summary>
    Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>Cancels one task: at once when it waits, through its owner when it runs.</summary>
    Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken);

    /// <summary>Pauses a job, or lets it go on: what runs goes on, and nothing new is claimed while it is paused. A job that is over stays as it is.</summary>
    Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, CancellationToken cancellationToken);

    /// <summary>
    /// Pauses all jobs of a service, also those to come, or lets them go on. <see cref="Pauses.Everything"/> stands for all services;
    /// a service that was paused by itself stays so when everything goes on.
    /// </summary>
    Task PauseServiceAsync(string service, bool paused, CancellationToken cancellationToken);
}
