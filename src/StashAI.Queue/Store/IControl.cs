using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Store;

/// <summary>Cancels, retries and pauses by people.</summary>
public interface IControl
{
    /// <summary>Cancels every open task of a job: waiting tasks at once, running tasks through their node.</summary>
    Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>Cancels one task: at once if it waits, through its node if it runs.</summary>
    Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the failed tasks of a job, and with <paramref name="withCancelled"/> the cancelled ones, available again with all their
    /// attempts. The job reopens; it may also be running. A cancel or an expiry that is in progress is finished first, and a deadline that
    /// has passed is removed. Upkeep finishes the retry if the process dies in the middle.
    /// </summary>
    Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken);

    /// <summary>Retries one task; does nothing to a task that is neither failed nor cancelled.</summary>
    Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken);

    /// <summary>Retries one task with another input; the first input is kept beside it (<see cref="IRead.FindFirstInputAsync"/>).</summary>
    Task<RetryResult> RetryTaskAsync(long taskKey, ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    /// <summary>
    /// Retries one small batch of a job's failed tasks, from an ordinal on; the second value is where the next batch starts, or null after
    /// the last. Repeating a batch retries none of its tasks twice, if the selection has a moment.
    /// </summary>
    Task<(RetryResult Result, int? Next)> RetryFailedAsync(
        long jobKey, RetrySelection selection, int from, CancellationToken cancellationToken);

    /// <summary>Cancels one small batch of a job's failed tasks, as a person who wants no more of them; the rest is as above.</summary>
    Task<(RetryResult Result, int? Next)> SkipFailedAsync(
        long jobKey, RetrySelection selection, int from, CancellationToken cancellationToken);

    /// <summary>Changes a job while it runs, or after it has ended. Nothing happens to one that is gone.</summary>
    Task<ChangeSet> ChangeJobAsync(long jobKey, JobPatch patch, CancellationToken cancellationToken);

    /// <summary>
    /// Hides a job that has ended from every reader, for <see cref="IMaintain.RemoveUnreferencedAsync"/> to remove; false for one that has
    /// not ended, or is gone.
    /// </summary>
    Task<bool> RemoveJobAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>
    /// Pauses or resumes a job: running calls finish, and no new task is claimed while it is paused. A finished job stays as it is.
    /// A pause of one that is paused already changes when it ends.
    /// </summary>
    /// <param name="jobKey">The job.</param>
    /// <param name="paused">False to resume it.</param>
    /// <param name="until">When <see cref="EndPausesAsync"/> ends the pause; null until somebody resumes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, DateTimeOffset? until, CancellationToken cancellationToken);

    /// <inheritdoc cref="PauseJobAsync(long, bool, DateTimeOffset?, CancellationToken)"/>
    Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, CancellationToken cancellationToken) =>
        PauseJobAsync(jobKey, paused, null, cancellationToken);

    /// <summary>
    /// Pauses or resumes all jobs of a service, including future ones. <see cref="Pauses.Everything"/> stands for all services;
    /// a service that was paused by name stays paused when everything resumes. A pause of what is paused already changes when it ends.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="paused">False to resume it.</param>
    /// <param name="until">When <see cref="EndPausesAsync"/> ends the pause; null until somebody resumes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task PauseServiceAsync(string service, bool paused, DateTimeOffset? until, CancellationToken cancellationToken);

    /// <inheritdoc cref="PauseServiceAsync(string, bool, DateTimeOffset?, CancellationToken)"/>
    Task PauseServiceAsync(string service, bool paused, CancellationToken cancellationToken) =>
        PauseServiceAsync(service, paused, null, cancellationToken);

    /// <summary>Ends the pauses whose end has come: all of services, and up to <paramref name="limit"/> of jobs.</summary>
    Task<EndedPauses> EndPausesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Ends everything that makes the lanes of a service wait (of all services with <see cref="Pauses.Everything"/>): the pause that the
    /// service asked for, its circuit, and the delays of its tasks. A pause by a person stays.
    /// </summary>
    Task<Reopening> ReopenAsync(string service, CancellationToken cancellationToken);
}
