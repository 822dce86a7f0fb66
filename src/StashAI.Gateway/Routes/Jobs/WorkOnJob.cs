using StashAI.Queue.Engine;
using StashAI.Queue.Model.Bulk;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>How far work on a job is, together with the bulk operation that does it.</summary>
internal static class WorkOnJob
{
    /// <summary>
    /// Reads both so that they fit: what is not over belongs to an operation that had not completed yet. The operation ends after its work,
    /// so work that is read before an operation that has ended is read again.
    /// </summary>
    /// <param name="find">Reads the work; null for none.</param>
    /// <param name="isOver">Whether the work is done.</param>
    /// <param name="bulkKey">The internal key of its operation.</param>
    /// <param name="findBulk">Reads an operation; null for one that was removed.</param>
    public static async Task<(T Work, BulkOperation? Bulk)?> ReadAsync<T>(
        Func<Task<T?>> find, Func<T, bool> isOver, Func<T, long> bulkKey, Func<long, Task<BulkOperation?>> findBulk)
        where T : class
    {
        var work = await find();
        while (work is not null)
        {
            var bulk = await findBulk(bulkKey(work));
            if (isOver(work) || bulk?.State == BulkState.Running) return (work, bulk);
            var again = await find();
            // A later operation may have taken over.
            if (again is not null && bulkKey(again) == bulkKey(work)) return (again, bulk);
            work = again;
        }

        return null;
    }

    /// <summary>Finds an operation by its internal key.</summary>
    public static async Task<BulkOperation?> FindBulkAsync(QueueEngine engine, long key, CancellationToken cancellationToken) =>
        await engine.Bulk.ListBulkAsync(key + 1, 1, cancellationToken) is [var found] && found.Key == key ? found : null;
}
