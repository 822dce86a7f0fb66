using System.Security.Cryptography;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Files;

/// <summary>Compares bytes that were sent again with those that are stored, for requests with an idempotency key.</summary>
internal sealed class SameBytes(IRead read)
{
    /// <summary>True if they are the same.</summary>
    /// <param name="payload">The stored bytes; null for none.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="sent">The SHA-256 of the bytes that were sent; it begins anew.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<bool> AreAsync(long? payload, long size, IncrementalHash sent, CancellationToken cancellationToken)
    {
        using var stored = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (payload is { } key)
        {
            await foreach (var piece in read.ReadPayloadAsync(key, size, cancellationToken)) stored.AppendData(piece.Span);
        }

        return stored.GetHashAndReset().AsSpan().SequenceEqual(sent.GetHashAndReset());
    }
}
