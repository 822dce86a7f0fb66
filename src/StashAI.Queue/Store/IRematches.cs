using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Rematches;

namespace StashAI.Queue.Store;

/// <summary>Judging the results of ended jobs again, in steps that are stored with their progress.</summary>
public interface IRematches
{
    /// <summary>The most results of one step.</summary>
    const int MaxResults = 128;

    /// <summary>The most bytes of results, inputs and computed data of one step; a single result may be larger.</summary>
    const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>True when a call of one of the job's tasks computed something that is still stored.</summary>
    Task<bool> HasDerivedAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>The last rematch of a job; null when there was none.</summary>
    Task<RematchProgress?> FindRematchAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>
    /// Begins the rematch of a job for an operation, or goes on with it. It begins anew if tasks of the job have completed since. It is
    /// held while a subject is being erased.
    /// </summary>
    Task<RematchStart> BeginRematchAsync(long jobKey, BulkOperation bulk, CancellationToken cancellationToken);

    /// <summary>
    /// The results of the completed tasks from an ordinal on, in order, within the limits of a step; empty after the last.
    /// </summary>
    Task<IReadOnlyList<StoredResult>> ReadResultsAsync(long jobKey, int from, CancellationToken cancellationToken);

    /// <summary>The result of a completed task; null when there is none.</summary>
    Task<StoredResult?> FindResultAsync(long taskKey, CancellationToken cancellationToken);

    /// <summary>
    /// Stores new results of some tasks, what they show, and how far the rematch is, in one transaction; with the last step the job's
    /// aggregate becomes that of the progress. Null, and nothing is stored, if the job is not as it was when the rematch began, a later
    /// rematch took over, or the erasure of a subject has begun since.
    /// </summary>
    Task<ChangeSet?> SaveRematchAsync(
        int from, RematchProgress progress, IReadOnlyList<JudgedResult> results, CancellationToken cancellationToken);

    /// <summary>
    /// Stores new results of some tasks of a job and what they show, each only if its task still has the version with which it was read.
    /// The aggregate stays. Nothing is stored while a subject is being erased, or if the newest erasure is later than the one with the key
    /// <paramref name="erasure"/>.
    /// </summary>
    Task<ChangeSet> SaveResultsAsync(
        long jobKey, long erasure, IReadOnlyList<(int Version, JudgedResult Result)> results, CancellationToken cancellationToken);
}
