using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Store;

namespace StashAI.Testing.Queue;

/// <summary>Bulk operations whose progress cannot always be stored.</summary>
/// <param name="inner">What stores the rest.</param>
/// <param name="script">Asked before progress is stored; what it returns is thrown.</param>
public sealed class FaultyBulk(IBulk inner, Func<BulkOperation, Exception?> script) : IBulk
{
    /// <summary>Called when progress was stored.</summary>
    public Action? OnSaved { get; init; }

    public Task<BulkOperation> AddBulkAsync(NewBulk bulk, CancellationToken cancellationToken) =>
        inner.AddBulkAsync(bulk, cancellationToken);

    public Task<BulkOperation?> FindBulkAsync(Guid id, CancellationToken cancellationToken) => inner.FindBulkAsync(id, cancellationToken);

    public Task<IReadOnlyList<BulkOperation>> ListBulkAsync(long before, int limit, CancellationToken cancellationToken) =>
        inner.ListBulkAsync(before, limit, cancellationToken);

    public Task<bool> StopBulkAsync(Guid id, CancellationToken cancellationToken) => inner.StopBulkAsync(id, cancellationToken);

    public Task<BulkOperation?> TakeBulkAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken) =>
        inner.TakeBulkAsync(worker, lease, cancellationToken);

    public Task<BulkOperation?> TakeGroupingAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken) =>
        inner.TakeGroupingAsync(worker, lease, cancellationToken);

    public async Task<bool> SaveBulkAsync(Guid worker, TimeSpan lease, BulkOperation progress, CancellationToken cancellationToken)
    {
        if (script(progress) is { } error) throw error;
        var isSaved = await inner.SaveBulkAsync(worker, lease, progress, cancellationToken);
        OnSaved?.Invoke();
        return isSaved;
    }

    public Task<int> RemoveBulkAsync(TimeSpan keep, int limit, CancellationToken cancellationToken) =>
        inner.RemoveBulkAsync(keep, limit, cancellationToken);
}
