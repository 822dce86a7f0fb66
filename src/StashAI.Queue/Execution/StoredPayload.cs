using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>A payload that is read from the store in pieces.</summary>
internal sealed class StoredPayload(IPayloads store, long key) : TaskPayload
{
    public override IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) =>
        store.ReadPayloadAsync(key, Size, cancellationToken);
}
