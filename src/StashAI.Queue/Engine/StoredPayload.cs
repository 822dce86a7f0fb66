using System.Runtime.CompilerServices;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>A payload read from the store piece by piece.</summary>
internal sealed class StoredPayload(IRead store, long key) : TaskPayload
{
    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = Size;
        for (var sequence = 0; left > 0; sequence++)
        {
            var chunk = await store.ReadPayloadChunkAsync(key, sequence, cancellationToken)
                ?? throw new InvalidDataException($"Piece {sequence} of the task's {Slot} is missing in the database.");
            left -= chunk.Length;
            yield return chunk;
        }
    }
}
