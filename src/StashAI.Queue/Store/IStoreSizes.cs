using StashAI.Queue.Model.Nodes;

namespace StashAI.Queue.Store;

/// <summary>Reads how large the database is.</summary>
public interface IStoreSizes
{
    /// <summary>Reads the sizes, without the rows of large tables. Meant for every few minutes.</summary>
    Task<StoreSizes> ReadSizesAsync(CancellationToken cancellationToken);
}
