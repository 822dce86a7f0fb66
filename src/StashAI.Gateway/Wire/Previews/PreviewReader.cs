using System.Buffers;
using StashAI.Hosting.Pictures;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Previews;

/// <summary>Reads a stored photo and makes its preview.</summary>
internal static class PreviewReader
{
    /// <summary>A larger file has no preview.</summary>
    private const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>The preview as JPEG; empty when there can be none; null when the service that would make it cannot at the moment.</summary>
    /// <exception cref="PayloadLostException">The file was removed or damaged.</exception>
    public static async Task<byte[]?> ReadAsync(
        IRead store, IPictureConverter converter, PayloadRef payload, CancellationToken cancellationToken)
    {
        if (payload.Size is < 1 or > MaxBytes) return [];
        var file = ArrayPool<byte>.Shared.Rent((int)payload.Size);
        try
        {
            var length = 0;
            await foreach (var piece in store.ReadPayloadAsync(payload.Key, payload.Size, cancellationToken))
            {
                // The first bytes show whether it is a picture; the rest of other files need not be read.
                if (length == 0 && !PreviewEncoder.LooksLikePicture(piece.Span)) return [];
                piece.CopyTo(file.AsMemory(length));
                length += piece.Length;
            }

            return PictureKinds.Of(file.AsSpan(0, length)) switch
            {
                PictureKind.Common => await Task.Run(() => PreviewEncoder.Encode(file, 0, length), cancellationToken) ?? [],
                PictureKind.Raw => await Task.Run(() => EncodeRaw(file, length), cancellationToken) ?? [],
                _ => await converter.ConvertAsync(file.AsMemory(0, length), cancellationToken),
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
        }
    }

    /// <summary>The preview of the JPEG that the camera stored inside its RAW file.</summary>
    private static byte[]? EncodeRaw(byte[] file, int length) => RawPreview.Find(file.AsSpan(0, length)) is { } preview
        ? PreviewEncoder.Encode(file, preview.Offset, preview.Length, preview.Orientation)
        : null;
}
