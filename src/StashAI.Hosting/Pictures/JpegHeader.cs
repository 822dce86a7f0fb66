using System.Buffers.Binary;

namespace StashAI.Hosting.Pictures;

/// <summary>What the segments of a JPEG say before its pixels.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Precision">The bits of a sample.</param>
/// <param name="Process">The marker of the coding process, 0xC0 to 0xCF.</param>
/// <param name="HasExif">Whether EXIF data come before the frame header.</param>
public readonly record struct JpegHeader(int Width, int Height, int Precision, byte Process, bool HasExif)
{
    private const int MaxSegments = 1000;

    public long Pixels => (long)Width * Height;

    /// <summary>False when the bytes are not a JPEG, or end before its frame header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out JpegHeader header)
    {
        header = default;
        if (!file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
            return false;
        var at = 2;
        var hasExif = false;
        for (var left = MaxSegments; left > 0 && at <= file.Length - 4; left--)
        {
            if (file[at] != 0xFF)
                return false;
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                // Fill bytes may precede a marker.
                at++;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            var content = file[(at + 4)..];
            // Start of frame, except for the tables (C4), the reserved marker (C8) and arithmetic conditioning (CC).
            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
            {
                if (content.Length < 5)
                    return false;
                header = new(
                    BinaryPrimitives.ReadUInt16BigEndian(content[3..]), BinaryPrimitives.ReadUInt16BigEndian(content[1..]), content[0],
                    marker, hasExif);
                return true;
            }

            if (marker is 0xDA or 0xD9 || length < 2)
                return false;
            hasExif |= marker == 0xE1 && content.StartsWith("Exif\0"u8);
            at += 2 + length;
        }

        return false;
    }
}
