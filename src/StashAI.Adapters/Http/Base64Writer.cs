using System.Buffers;
using System.Buffers.Text;

namespace StashAI.Adapters.Http;

/// <summary>Writes bytes as base64 while they are read, so that a file is never completely in memory.</summary>
internal static class Base64Writer
{
    private const int ChunkBytes = 48 * 1024; // A multiple of 3, so that only the last chunk has padding.

    /// <param name="stream">Receives the ASCII text.</param>
    /// <param name="pieces">The bytes; the length of each piece except the last is a multiple of 3.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(ChunkBytes));
        try
        {
            await foreach (var piece in pieces.WithCancellation(cancellationToken))
            {
                for (var rest = piece; rest.Length > 0;)
                {
                    var taken = Math.Min(rest.Length, ChunkBytes);
                    Base64.EncodeToUtf8(rest.Span[..taken], buffer, out _, out var written);
                    await stream.WriteAsync(buffer.AsMemory(0, written), cancellationToken);
                    rest = rest[taken..];
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
