using System.Runtime.CompilerServices;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>A binary part of a task that is in memory.</summary>
internal sealed class HeldPart(HeldBytes bytes) : TaskPayload
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
