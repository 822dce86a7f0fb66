using System.Runtime.CompilerServices;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>A payload in pooled memory.</summary>
internal sealed class PooledPayload(PooledBytes bytes) : TaskPayload
{
    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        foreach (var piece in bytes.Pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return piece;
        }
    }
}
