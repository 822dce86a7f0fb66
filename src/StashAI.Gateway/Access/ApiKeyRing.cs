using System.Security.Cryptography;
using StashAI.Gateway.Settings;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Access;

/// <summary>
/// The valid keys, from the settings and from the database. They are read again when they are older than two seconds, so that all processes
/// notice created and revoked keys. While the database cannot be read, the last keys stay valid.
/// </summary>
internal sealed partial class ApiKeyRing(
    SecurityOptions options, IApiKeys store, KeyUses uses, TimeProvider clock, ILogger<ApiKeyRing> logger)
    : IDisposable
{
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile Snapshot? last;
    private int changes;

    /// <summary>True when there is a key; then everybody needs one, also when the last one has expired.</summary>
    public async ValueTask<bool> HasKeysAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Keys.Count > 0 || options.ApiKeys.AreRequired;

    /// <summary>The valid key with this text, or null.</summary>
    public async ValueTask<ApiKey?> FindAsync(string text, CancellationToken cancellationToken)
    {
        var hash = ApiKeyText.HashOf(text);
        return await FindAsync(key => CryptographicOperations.FixedTimeEquals(hash, key.Hash.Span), cancellationToken);
    }

    /// <summary>The valid key that matches, or null. It counts as used.</summary>
    public async ValueTask<ApiKey?> FindAsync(Func<ApiKey, bool> isMeant, CancellationToken cancellationToken)
    {
        var snapshot = await ReadAsync(cancellationToken);
        if (Find(snapshot, isMeant) is not { } found || HasExpired(found)) return null;
        if (snapshot.Stored.Contains(found)) uses.Note(found);
        return found;
    }

    /// <summary>When the key with this text expired; null when it did not, or there is none.</summary>
    public async ValueTask<DateTimeOffset?> FindExpiryAsync(string text, CancellationToken cancellationToken)
    {
        var hash = ApiKeyText.HashOf(text);
        var found = Find(await ReadAsync(cancellationToken), key => CryptographicOperations.FixedTimeEquals(hash, key.Hash.Span));
        return found is not null && HasExpired(found) ? found.ExpiresAt : null;
    }

    /// <summary>True while the key with this prefix is valid.</summary>
    public async ValueTask<bool> HoldsAsync(string prefix, CancellationToken cancellationToken) =>
        await FindByPrefixAsync(prefix, cancellationToken) is not null;

    /// <summary>The key with this prefix while it is valid, or null.</summary>
    public async ValueTask<ApiKey?> FindByPrefixAsync(string prefix, CancellationToken cancellationToken)
    {
        foreach (var key in (await ReadAsync(cancellationToken)).Keys)
        {
            if (key.Prefix == prefix && !HasExpired(key)) return key;
        }

        return null;
    }

    /// <summary>Reads the keys again at the next request, because this process has changed them.</summary>
    public void Refresh() => Interlocked.Increment(ref changes);

    /// <summary>The scopes of the valid keys with this name.</summary>
    public async ValueTask<IReadOnlyList<ApiScope>> ScopesOfAsync(string name, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken)).Keys.Where(key => key.Name == name && !HasExpired(key)).Select(key => key.Scope)];

    public void Dispose() => reading.Dispose();

    private static ApiKey? Find(Snapshot snapshot, Func<ApiKey, bool> isMeant)
    {
        ApiKey? found = null;
        // Compares all keys, so that the duration reveals nothing.
        foreach (var key in snapshot.Keys)
        {
            if (isMeant(key)) found = key;
        }

        return found;
    }

    private bool HasExpired(ApiKey key) => key.ExpiresAt <= clock.GetUtcNow();

    private bool IsFresh(Snapshot snapshot) =>
        snapshot.Changes == Volatile.Read(ref changes) && clock.GetElapsedTime(snapshot.At) < CacheLifetime;

    private async ValueTask<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (last is { } known && IsFresh(known)) return known;
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (last is { } meanwhile && IsFresh(meanwhile)) return meanwhile;
            // What changes while the keys are read makes them old.
            var before = Volatile.Read(ref changes);
            var stored = await ReadStoredAsync(cancellationToken);
            return last = new Snapshot([.. options.ApiKeys.Current(LogConfigured), .. stored], stored, clock.GetTimestamp(), before);
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task<IReadOnlyList<ApiKey>> ReadStoredAsync(CancellationToken cancellationToken)
    {
        try
        {
            var all = await store.ListApiKeysAsync(cancellationToken);
            return [.. all.Where(key => key.RevokedAt is null)];
        }
        catch (Exception exception) when (exception is not OperationCanceledException && last is not null)
        {
            LogStale(exception.Message);
            return last.Stored;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API keys could not be read; the last ones stay valid: {Reason}")]
    private partial void LogStale(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The keys of the file stay as they were, because {Problem}")]
    private partial void LogConfigured(string problem);

    private sealed record Snapshot(IReadOnlyList<ApiKey> Keys, IReadOnlyList<ApiKey> Stored, long At, int Changes);
}
