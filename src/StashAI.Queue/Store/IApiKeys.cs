using StashAI.Queue.Model.Access;

namespace StashAI.Queue.Store;

/// <summary>The API keys of the gateways on this database.</summary>
public interface IApiKeys
{
    /// <summary>Stores a new key. Repeating the call changes nothing and succeeds too (S12).</summary>
    /// <param name="prefix">The beginning of the key, unique.</param>
    /// <param name="hash">The SHA-256 of the whole key.</param>
    /// <param name="name">A name for people.</param>
    /// <param name="expiresAt">When it stops being valid; null for never.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    /// <returns>
    /// False when any other key has the name or the prefix, also a revoked one: jobs keep the name of their key as their owner, and a key
    /// that took the name of another would own its jobs.
    /// </returns>
    Task<bool> AddApiKeyAsync(
        string prefix, ReadOnlyMemory<byte> hash, string name, ApiScope scope, DateTimeOffset? expiresAt,
        CancellationToken cancellationToken);

    /// <summary>Stores a key that is valid until it is revoked.</summary>
    Task<bool> AddApiKeyAsync(string prefix, ReadOnlyMemory<byte> hash, string name, ApiScope scope, CancellationToken cancellationToken) =>
        AddApiKeyAsync(prefix, hash, name, scope, null, cancellationToken);

    /// <summary>Notes that keys are used now, unless they were noted within the last minute.</summary>
    Task TouchApiKeysAsync(IReadOnlyCollection<string> prefixes, CancellationToken cancellationToken);

    /// <summary>All keys, oldest first, revoked ones too.</summary>
    Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(CancellationToken cancellationToken);

    /// <summary>Revokes an API key permanently.</summary>
    /// <returns>False when no valid key has this prefix.</returns>
    Task<bool> RevokeApiKeyAsync(string prefix, CancellationToken cancellationToken);
}
