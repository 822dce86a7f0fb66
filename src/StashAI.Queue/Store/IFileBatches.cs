using StashAI.Queue.Model.Files;

namespace StashAI.Queue.Store;

/// <summary>
/// Batches of other APIs (docs/adr/0038, docs/adr/0041). One whose lines are to be checked is taken by one process at a time, and by
/// another when its lease is over. A batch that is a job is removed with it.
/// </summary>
public interface IFileBatches
{
    /// <summary>Stores a new batch, or finds the one with its id or idempotency key (S12), which may be another request.</summary>
    Task<FileBatch> AddBatchAsync(NewFileBatch batch, CancellationToken cancellationToken);

    Task<FileBatch?> FindBatchAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The batch that was added with an idempotency key; null for none.</summary>
    Task<FileBatch?> FindBatchOfKeyAsync(string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>The batch that became a job, by the job's internal key; null for a job that is none.</summary>
    Task<FileBatch?> FindBatchOfJobAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>A page of batches, newest first; null if the one at its bound is unknown.</summary>
    Task<IReadOnlyList<FileBatch>?> ListBatchesAsync(FileBatchQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the oldest batch in <see cref="FileBatchState.Checking"/> or <see cref="FileBatchState.Cancelling"/> that is free.
    /// </summary>
    Task<FileBatch?> TakeBatchAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Renews or shortens the lease of a batch; false when it has another worker, or is not to be checked any more.</summary>
    Task<bool> RenewBatchAsync(long key, Guid worker, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Stores what came of the check: the state, the model, the errors and the job of <paramref name="settled"/>. Where that job is removed
    /// already, the batch goes with it.
    /// </summary>
    /// <param name="settled">The batch as it is now.</param>
    /// <param name="before">The state that it must be in.</param>
    /// <param name="worker">Who checked it.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    /// <returns>False when it is in another state, or has another worker.</returns>
    Task<bool> SettleBatchAsync(FileBatch settled, FileBatchState before, Guid worker, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the place in its file of each line, in the order in which the lines run; again, it replaces what was stored.
    /// </summary>
    /// <param name="id">The batch.</param>
    /// <param name="places">The places, in a form of the caller's own.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    Task SaveLineOrderAsync(Guid id, ReadOnlyMemory<byte> places, CancellationToken cancellationToken);

    /// <summary>What <see cref="SaveLineOrderAsync"/> stored; empty where the lines run in the order of the file.</summary>
    Task<ReadOnlyMemory<byte>> ReadLineOrderAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that a client cancels a batch, once. One that is being checked becomes <see cref="FileBatchState.Cancelling"/>; the job of any
    /// other is the caller's to cancel. Null when it is unknown.
    /// </summary>
    Task<FileBatch?> CancelBatchAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The internal key of the job that was submitted with an idempotency key; null for none.</summary>
    Task<long?> FindJobAsync(string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>
    /// Removes up to <paramref name="limit"/> batches without a job that were made longer than <paramref name="keep"/> ago; returns how
    /// many.
    /// </summary>
    Task<int> RemoveOldBatchesAsync(TimeSpan keep, int limit, CancellationToken cancellationToken);
}
