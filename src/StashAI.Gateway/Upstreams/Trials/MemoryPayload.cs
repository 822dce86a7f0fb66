using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Trials;

/// <summary>A payload in memory, for a trial call.</summary>
internal sealed class MemoryPayload(byte[] bytes) : TaskPayload
{
    /// <inheritdoc/>
    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return bytes;
    }
}
