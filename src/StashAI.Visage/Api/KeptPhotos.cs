using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using StashAI.Visage.Hosting;

namespace StashAI.Visage.Api;

/// <summary>
/// Reads the kept faces of many photos from a body while it arrives. For each photo the body has the number of bytes of its faces (32
/// bits), its threshold (a confidence as a double; NaN for the default), both little-endian, and the faces as an earlier answer had them.
/// </summary>
internal static class KeptPhotos
{
    private const int HeaderLength = sizeof(int) + sizeof(double);

    /// <summary>More than any video has: 12,000 faces.</summary>
    private const int MaxLength = 12 * 1024 * 1024;

    public static async IAsyncEnumerable<(double? Threshold, byte[] Faces)> ReadAsync(
        PipeReader body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var isCompleted = false; !isCompleted;)
        {
            var part = await body.ReadAsync(cancellationToken);
            isCompleted = part.IsCompleted;
            var photos = Split(part.Buffer, out var rest, out var wrongLength);
            // Advance before photos are returned or refused: the caller may stop reading after any of them.
            var isCut = isCompleted && !rest.IsEmpty;
            body.AdvanceTo(rest.Start, rest.End);
            foreach (var photo in photos) yield return photo;
            if (wrongLength is { } length)
            {
                throw RequestRefusedException.BadRequest(
                    "body", $"The faces of a photo have {length} bytes; at most {MaxLength} are read.");
            }

            if (isCut) throw RequestRefusedException.BadRequest("body", "The body ends within the faces of a photo.");
        }
    }

    private static List<(double? Threshold, byte[] Faces)> Split(
        ReadOnlySequence<byte> bytes, out ReadOnlySequence<byte> rest, out int? wrongLength)
    {
        var photos = new List<(double?, byte[])>();
        wrongLength = null;
        Span<byte> header = stackalloc byte[HeaderLength];
        for (rest = bytes; rest.Length >= HeaderLength;)
        {
            rest.Slice(0, HeaderLength).CopyTo(header);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is < 0 or > MaxLength)
            {
                wrongLength = length;
                break;
            }

            if (rest.Length < HeaderLength + length) break;
            var threshold = BinaryPrimitives.ReadDoubleLittleEndian(header[sizeof(int)..]);
            photos.Add((double.IsNaN(threshold) ? null : threshold, rest.Slice(HeaderLength, length).ToArray()));
            rest = rest.Slice(HeaderLength + length);
        }

        return photos;
    }
}
