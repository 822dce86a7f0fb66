namespace StashAI.Queue.Store;

/// <summary>Keys that this installation signs with, the same at every gateway on its database.</summary>
public interface ISigningKeys
{
    /// <summary>A key by its name: 32 random bytes that were made with the database's schema.</summary>
    Task<byte[]> ReadSigningKeyAsync(string name, CancellationToken cancellationToken);
}
