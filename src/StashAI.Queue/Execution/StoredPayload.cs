using System.Runtime.CompilerServices;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>A payload that is read from the store in pieces.</summary>
internal sealed class StoredPayload(IPayloads store, PayloadRef payload) : TaskPayload
{
    /// <summary>Why it could not be read. To the adapter it may have looked like a failure of the connection.</summary>
    public Exception? Failure { get; private set; }

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pieces = store.ReadPayloadAsync(payload, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(pieces)) yield return pieces.Current;
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces)
    {
        try
        {
            return await pieces.MoveNextAsync();
        }
        catch (Exception exception) when (exception is PayloadLostException or PayloadFileException)
        {
            Failure = exception;
            throw;
        }
    }
}
