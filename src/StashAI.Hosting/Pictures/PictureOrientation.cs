using System.Buffers.Binary;
using SkiaSharp;

namespace StashAI.Hosting.Pictures;

/// <summary>How a picture has to be turned to stand upright, as viewers turn it.</summary>
public static class PictureOrientation
{
    private const ushort OrientationTag = 0x0112;
    private const ushort Short = 3;

    /// <summary>What the file's EXIF says. Skia reads it in JPEG and WebP; in a PNG it stands in a chunk of its own.</summary>
    public static SKEncodedOrigin Of(SKCodec codec, ReadOnlySpan<byte> file)
    {
        if (codec.EncodedOrigin != SKEncodedOrigin.TopLeft || !PngChunks.AreIn(file))
            return codec.EncodedOrigin;
        foreach (var chunk in new PngChunks(file))
        {
            if (chunk.Type.SequenceEqual("eXIf"u8))
                return OfExif(chunk.Data);
        }

        return SKEncodedOrigin.TopLeft;
    }

    /// <inheritdoc cref="Of(SKCodec, ReadOnlySpan{byte})"/>
    /// <param name="codec">The open file.</param>
    /// <param name="path">Where it is; read once more if it is a PNG.</param>
    public static SKEncodedOrigin Of(SKCodec codec, string path) =>
        codec.EncodedFormat == SKEncodedImageFormat.Png ? Of(codec, File.ReadAllBytes(path)) : codec.EncodedOrigin;

    private static SKEncodedOrigin OfExif(ReadOnlySpan<byte> exif)
    {
        // Some writers keep the prefix that belongs to JPEG.
        if (exif.StartsWith("Exif\0\0"u8))
            exif = exif[6..];
        if (exif.Length < 8)
            return SKEncodedOrigin.TopLeft;
        var isBig = exif.StartsWith("MM"u8);
        if (!isBig && !exif.StartsWith("II"u8))
            return SKEncodedOrigin.TopLeft;

        var directory = Number(exif, 4, isBig);
        if (directory > (uint)exif.Length - 2)
            return SKEncodedOrigin.TopLeft;
        var at = (int)directory + 2;
        for (var left = Half(exif, (int)directory, isBig); left > 0 && at <= exif.Length - 12; left--, at += 12)
        {
            if (Half(exif, at, isBig) != OrientationTag)
                continue;
            var value = Half(exif, at + 2, isBig) == Short ? Half(exif, at + 8, isBig) : 0;
            return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Half(ReadOnlySpan<byte> exif, int at, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(exif[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(exif[at..]);

    private static uint Number(ReadOnlySpan<byte> exif, int at, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(exif[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(exif[at..]);
}
