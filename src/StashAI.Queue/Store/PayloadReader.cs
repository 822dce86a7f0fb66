using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Store;

/// <summary>Lists the payloads of one task.</summary>
public static class PayloadReader
{
    /// <summary>The most bytes in a piece.</summary>
    public const int MaxPiece = IPayloads.MaxPiece;

    /// <summary>The binary parts of a task.</summary>
    public static async Task<IReadOnlyList<PayloadRef>> ListPayloadsAsync(
        this IRead store, long taskKey, CancellationToken cancellationToken) =>
        [.. (await store.ListPayloadsAsync([taskKey], cancellationToken))[taskKey]];
}
