using StashAI.Queue.Model.Bulk;

namespace StashAI.Queue.Store;

/// <summary>Operations on all jobs that match a filter. Any process can continue one, and one process at a time does.</summary>
public interface IBulk
{
    /// <summary>Stores a new operation, which is bound to this moment: jobs that come later are not touched.</summary>
    Task<BulkOperation> AddBulkAsync(NewBulk bulk, CancellationToken cancellationToken);

    Task<BulkOperation?> FindBulkAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Operations with a key below <paramref name="before"/>, newest first.</summary>
    Task<IReadOnlyList<BulkOperation>> ListBulkAsync(long before, int limit, CancellationToken cancellationToken);

    /// <summary>Stops an operation; false when it is unknown or over.</summary>
    Task<bool> StopBulkAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a running operation that no other process works on, the one that waited longest, except those that group results; null when
    /// there is none. Until the lease is over, no other process takes it.
    /// </summary>
    Task<BulkOperation?> TakeBulkAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>The same for operations that group results: they take long, and must not hold up the others.</summary>
    Task<BulkOperation?> TakeGroupingAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Stores how far an operation is and renews the lease; false when it was stopped, or taken by another process.</summary>
    Task<bool> SaveBulkAsync(Guid worker, TimeSpan lease, BulkOperation progress, CancellationToken cancellationToken);

    /// <summary>
    /// Removes up to <paramref name="limit"/> operations that ended longer ago than <paramref name="keep"/>; returns how many.
    /// </summary>
    Task<int> RemoveBulkAsync(TimeSpan keep, int limit, CancellationToken cancellationToken);
}
