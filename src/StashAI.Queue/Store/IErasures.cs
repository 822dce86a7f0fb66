using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Erasures;
using StashAI.Sdk;

namespace StashAI.Queue.Store;

/// <summary>
/// Erasures: the removal of subjects from everything that is stored, in steps that are stored with their progress (docs/adr/0025).
/// </summary>
public interface IErasures
{
    /// <summary>The most tasks of one step.</summary>
    const int MaxTasks = 128;

    /// <summary>The most bytes of one step; a single task may have more.</summary>
    const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>The most records of one step.</summary>
    const int MaxRecords = 256;

    /// <summary>
    /// Stores an erasure, or returns the one of the same subject that is not over. From then on no result is judged again until results
    /// name the subject no longer.
    /// </summary>
    /// <param name="id">The public id of a new one.</param>
    /// <param name="subject">Whom to remove.</param>
    /// <param name="askedBy">The name of the API key; null for callers without one.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    Task<Erasure> AddErasureAsync(Guid id, ErasedSubject subject, string? askedBy, CancellationToken cancellationToken);

    Task<Erasure?> FindErasureAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The last erasure of a subject; it is found by a digest of the id, which alone is kept when it is over.</summary>
    Task<Erasure?> FindErasureOfAsync(string subjectId, CancellationToken cancellationToken);

    /// <summary>Erasures with a key below <paramref name="before"/>, newest first.</summary>
    Task<IReadOnlyList<Erasure>> ListErasuresAsync(long before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes an erasure that is not over and that no other process works on, the one that waited longest; null when there is none. Until
    /// the lease is over, no other process takes it.
    /// </summary>
    Task<Erasure?> TakeErasureAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Stores what is known of a subject that is still to be deleted in its service; false when that has happened.</summary>
    Task<bool> DescribeSubjectAsync(long key, ErasedSubject subject, CancellationToken cancellationToken);

    /// <summary>Stores why an erasure waits.</summary>
    Task ExplainErasureAsync(long key, string reason, CancellationToken cancellationToken);

    /// <summary>
    /// Stores that the subject is deleted in its service, and which jobs there are now; does nothing if that is known already.
    /// </summary>
    Task BeginErasingAsync(long key, IReadOnlyCollection<string> services, CancellationToken cancellationToken);

    /// <summary>
    /// Jobs of some services, and uploads that are under way, in order; of those after <paramref name="bound"/> only copies of other jobs,
    /// and uploads.
    /// </summary>
    Task<IReadOnlyList<ErasableJob>> ListErasableJobsAsync(
        long from, long to, long bound, IReadOnlyCollection<string> services, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The last copy of a job after a key, or with <paramref name="withUploads"/> also the last upload that is under way; null for none.
    /// </summary>
    Task<long?> FindLastCopyAsync(long after, bool withUploads, CancellationToken cancellationToken);

    /// <summary>What is stored of some tasks of a job, from an ordinal on.</summary>
    Task<ErasableTasks> ReadErasableTasksAsync(long jobKey, int from, CancellationToken cancellationToken);

    /// <summary>What is stored of a job itself.</summary>
    Task<IReadOnlyList<ErasablePart>> ReadErasableJobAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>The running tasks of a job, with their fences.</summary>
    Task<IReadOnlyList<(long TaskKey, int Fence)>> ListRunningAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>Jobs that an erasure must go through again, in order.</summary>
    Task<IReadOnlyList<long>> ListOpenJobsAsync(long key, int limit, CancellationToken cancellationToken);

    /// <summary>How many tables of records there are.</summary>
    int RecordTables { get; }

    /// <summary>Records of a table, from a key on.</summary>
    Task<ErasableRecords> ReadErasableRecordsAsync(int table, long from, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces values and stores how far the erasure is, in one transaction, and renews the lease. Null, and nothing is stored, if one of
    /// the values has changed meanwhile, or another process took the erasure.
    /// </summary>
    Task<ChangeSet?> SaveErasureAsync(ErasureSave save, CancellationToken cancellationToken);

    /// <summary>
    /// Overwrites what the database has freed, if it can; false when it was told to end, or something is in the way.
    /// </summary>
    /// <param name="goOn">Called now and then while it works, so that a lease can be renewed; false ends the call.</param>
    /// <param name="cancellationToken">Ends the call at the next such moment.</param>
    Task<bool> ScrubAsync(Func<Task<bool>> goOn, CancellationToken cancellationToken);
}
