using System.Security.Cryptography;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Storage.Tests.Contract;

/// <summary>API keys: kept as hashes, seen by every process, revoked for good.</summary>
public abstract class ApiKeyContract(IStoreHost host) : StoreContract(host)
{
    private static readonly byte[] Hash = SHA256.HashData("a key"u8);
    private static readonly byte[] OtherHash = SHA256.HashData("another key"u8);

    [Fact]
    public async Task A_key_is_listed_with_its_hash_by_every_process()
    {
        var other = await OpenAnotherAsync();
        Assert.Empty(await other.ApiKeys.ListApiKeysAsync(Cancellation));

        Assert.True(await Store.ApiKeys.AddApiKeyAsync("one", Hash, "laptop", ApiScope.Submit, Cancellation));
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await Store.ApiKeys.AddApiKeyAsync("two", OtherHash, "phone", ApiScope.Read, Cancellation));

        var keys = await other.ApiKeys.ListApiKeysAsync(Cancellation);
        Assert.Equal(["one", "two"], keys.Select(key => key.Prefix));
        Assert.Equal(["laptop", "phone"], keys.Select(key => key.Name));
        Assert.Equal([ApiScope.Submit, ApiScope.Read], keys.Select(key => key.Scope));
        Assert.Equal(Hash, keys[0].Hash.ToArray());
        Assert.Equal(Clock.GetUtcNow(), keys[1].CreatedAt);
        Assert.Equal(TimeSpan.FromSeconds(5), keys[1].CreatedAt - keys[0].CreatedAt);
        Assert.All(keys, key => Assert.Null(key.RevokedAt));
    }

    [Fact]
    public async Task The_same_key_again_succeeds_and_changes_nothing_and_names_and_prefixes_are_taken_once()
    {
        Assert.True(await Store.ApiKeys.AddApiKeyAsync("one", Hash, "laptop", ApiScope.Submit, Cancellation));

        Assert.True(await Store.ApiKeys.AddApiKeyAsync("one", Hash, "laptop", ApiScope.Submit, Cancellation));
        Assert.False(await Store.ApiKeys.AddApiKeyAsync("one", OtherHash, "phone", ApiScope.Submit, Cancellation));
        Assert.False(await Store.ApiKeys.AddApiKeyAsync("two", OtherHash, "laptop", ApiScope.Submit, Cancellation));

        Assert.Single(await Store.ApiKeys.ListApiKeysAsync(Cancellation));
    }

    [Fact]
    public async Task A_revoked_key_stays_in_the_list_and_frees_neither_its_name_nor_its_prefix()
    {
        await Store.ApiKeys.AddApiKeyAsync("one", Hash, "laptop", ApiScope.Submit, Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(7));

        Assert.True(await Store.ApiKeys.RevokeApiKeyAsync("one", Cancellation));
        var revokedAt = Clock.GetUtcNow();
        Clock.Advance(TimeSpan.FromSeconds(7));
        Assert.False(await Store.ApiKeys.RevokeApiKeyAsync("one", Cancellation));
        Assert.False(await Store.ApiKeys.RevokeApiKeyAsync("none", Cancellation));
        Assert.False(await Store.ApiKeys.AddApiKeyAsync("one", Hash, "laptop", ApiScope.Submit, Cancellation));
        Assert.False(await Store.ApiKeys.AddApiKeyAsync("two", OtherHash, "laptop", ApiScope.Admin, Cancellation));
        Assert.True(await Store.ApiKeys.AddApiKeyAsync("two", OtherHash, "Laptop", ApiScope.Admin, Cancellation));

        var keys = await Store.ApiKeys.ListApiKeysAsync(Cancellation);
        Assert.Equal([revokedAt, null], keys.Select(key => key.RevokedAt));
    }

    [Fact]
    public async Task A_key_has_an_expiry_and_its_last_use_to_a_minute()
    {
        var expiry = Clock.GetUtcNow().AddDays(1);
        await Store.ApiKeys.AddApiKeyAsync("one", Hash, "laptop", ApiScope.Submit, expiry, Cancellation);
        await Store.ApiKeys.AddApiKeyAsync("two", OtherHash, "phone", ApiScope.Read, Cancellation);
        await PassAsync(TimeSpan.FromSeconds(10));
        var first = Clock.GetUtcNow();
        await Store.ApiKeys.TouchApiKeysAsync(["one", "unknown"], Cancellation);
        await PassAsync(TimeSpan.FromSeconds(30));
        await Store.ApiKeys.TouchApiKeysAsync(["one"], Cancellation);

        var keys = await Store.ApiKeys.ListApiKeysAsync(Cancellation);
        Assert.Equal([expiry, null], keys.Select(key => key.ExpiresAt));
        Assert.Equal([first, null], keys.Select(key => key.LastUsedAt));

        await PassAsync(TimeSpan.FromSeconds(30));
        await Store.ApiKeys.TouchApiKeysAsync(["one", "two"], Cancellation);
        Assert.All(await Store.ApiKeys.ListApiKeysAsync(Cancellation), key => Assert.Equal(Clock.GetUtcNow(), key.LastUsedAt));
    }
}
