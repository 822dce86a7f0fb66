using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Store;

/// <summary>
/// Results by what they depend on, so that equal tasks are computed once (docs/adr/0040). A result is known as long as the task that
/// computed it is stored unchanged; a task computes a result as long as it runs under the fence with which it asked.
/// </summary>
public interface IKnownResults
{
    /// <summary>The contents of a task's binary parts, in order.</summary>
    /// <param name="taskKey">The task, or the parts that all tasks of a job share.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    Task<IReadOnlyList<PayloadDigest>> ListDigestsAsync(long taskKey, CancellationToken cancellationToken);

    /// <summary>The SHA-256 of a payload; null for one that is gone.</summary>
    Task<byte[]?> FindDigestAsync(long payloadKey, CancellationToken cancellationToken);

    /// <summary>A result that is known. It writes nothing.</summary>
    Task<KnownResult?> FindResultAsync(ResultQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// A result that is known; or else makes the task the one that computes it, or one of those that are woken when that task has ended.
    /// Repeating it is harmless.
    /// </summary>
    Task<ResultAnswer> AskAsync(ResultQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Makes tasks available that wait for a result which nobody computes any more: all when it is known, or else one that computes it.
    /// </summary>
    /// <param name="limit">The most tasks of one call.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    Task<ChangeSet> WakeWaitersAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets results that were computed longer ago than this, and flights that have ended without one; returns how many.
    /// </summary>
    /// <param name="keep">How long results are known; null for as long as their tasks are stored.</param>
    /// <param name="limit">The most rows of one call.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    Task<int> ForgetResultsAsync(TimeSpan? keep, int limit, CancellationToken cancellationToken);
}
