using System.Threading.Channels;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Access;

/// <summary>A list of keys in memory; null stands for a database that cannot be read.</summary>
internal sealed class KeyList : IApiKeys
{
    private readonly Channel<IReadOnlyCollection<string>> touched = Channel.CreateUnbounded<IReadOnlyCollection<string>>();

    public IReadOnlyList<ApiKey>? Keys { get; set; } = [];

    public Task<bool> AddApiKeyAsync(
        string prefix, ReadOnlyMemory<byte> hash, string name, ApiScope scope, DateTimeOffset? expiresAt,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>The keys of each note.</summary>
    public ChannelReader<IReadOnlyCollection<string>> Touched => touched.Reader;

    public Task TouchApiKeysAsync(IReadOnlyCollection<string> prefixes, CancellationToken cancellationToken)
    {
        touched.Writer.TryWrite(prefixes);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(CancellationToken cancellationToken) =>
        Keys is { } keys ? Task.FromResult(keys) : Task.FromException<IReadOnlyList<ApiKey>>(new IOException("Broken by a test."));

    public Task<bool> RevokeApiKeyAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();
}
