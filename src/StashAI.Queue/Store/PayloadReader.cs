using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Store;

/// <summary>Reads the payloads and the input of one task.</summary>
public static class PayloadReader
{
    /// <summary>The most bytes in a piece.</summary>
    public const int MaxPiece = IPayloads.MaxPiece;

    /// <summary>The binary parts of a task.</summary>
    public static async Task<IReadOnlyList<PayloadRef>> ListPayloadsAsync(
        this IRead store, long taskKey, CancellationToken cancellationToken) =>
        [.. (await store.ListPayloadsAsync([taskKey], cancellationToken))[taskKey]];

    /// <summary>The input of a task, UTF-8 JSON, wherever it is kept; empty for none. A large one is read into memory.</summary>
    /// <exception cref="PayloadLostException">Bytes are missing, or not those that were stored.</exception>
    public static ValueTask<ReadOnlyMemory<byte>> ReadInputAsync(
        this IPayloads store, TaskView task, CancellationToken cancellationToken) =>
        task.LargeInput is { } large ? ReadLargeInputAsync(store, large, cancellationToken) : new(task.Input);

    /// <inheritdoc cref="ReadInputAsync"/>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadLargeInputAsync(
        this IPayloads store, LargeInput large, CancellationToken cancellationToken)
    {
        var input = LargeArray.Allocate(checked((int)large.Size));
        var at = 0;
        await foreach (var piece in store.ReadPayloadAsync(large.PayloadKey, large.Size, cancellationToken))
        {
            piece.CopyTo(input.AsMemory(at));
            at += piece.Length;
        }

        return input;
    }
}
