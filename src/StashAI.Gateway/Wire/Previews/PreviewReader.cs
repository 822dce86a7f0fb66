using System.Buffers;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Previews;

/// <summary>Reads a stored photo and makes its preview.</summary>
internal static class PreviewReader
{
    /// <summary>A larger file has no preview.</summary>
    private const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>The preview as JPEG; null when there can be none.</summary>
    /// <exception cref="InvalidDataException">The file is no longer in the database.</exception>
    public static async Task<byte[]?> ReadAsync(IRead store, PayloadRef payload, CancellationToken cancellationToken)
    {
        if (payload.Size is < 1 or > MaxBytes) return null;
        var file = ArrayPool<byte>.Shared.Rent((int)payload.Size);
        try
        {
            var length = 0;
            await foreach (var piece in store.ReadPayloadAsync(payload.Key, payload.Size, cancellationToken))
            {
                // The first bytes show whether it is a picture; the rest of other files need not be read.
                if (length == 0 && !PreviewEncoder.LooksLikePicture(piece.Span)) return null;
                piece.CopyTo(file.AsMemory(length));
                length += piece.Length;
            }

            return await Task.Run(() => PreviewEncoder.Encode(file, length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
        }
    }
}
