using System.Runtime.CompilerServices;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>A small payload that the claim loaded into memory.</summary>
internal sealed class ClaimedPayload(ReadOnlyMemory<byte> bytes) : TaskPayload
{
    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return bytes;
        await ValueTask.CompletedTask;
    }
}
