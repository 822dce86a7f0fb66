using System.Buffers.Binary;
using SkiaSharp;
using StashAI.Streams.Files;

namespace StashAI.Hosting.Pictures;

/// <summary>Reads how a picture must be turned to be upright.</summary>
public static class PictureOrientation
{
    private const ushort OrientationTag = 0x0112;
    private const ushort Short = 3;

    /// <summary>
    /// The orientation from the file's EXIF data. Skia reads it from JPEG and WebP; for PNG it is read here from the eXIf chunk.
    /// </summary>
    public static SKEncodedOrigin Of(SKCodec codec, ReadOnlySpan<byte> file)
    {
        if (codec.EncodedOrigin != SKEncodedOrigin.TopLeft || !PngChunks.IsPng(file))
            return codec.EncodedOrigin;
        foreach (var chunk in new PngChunks(file))
        {
            if (chunk.Type.SequenceEqual("eXIf"u8))
                return ReadExif(chunk.Data);
        }

        return SKEncodedOrigin.TopLeft;
    }

    /// <inheritdoc cref="Of(SKCodec, ReadOnlySpan{byte})"/>
    /// <param name="codec">The open file.</param>
    /// <param name="path">The path of the file; a PNG is read again.</param>
    public static SKEncodedOrigin Of(SKCodec codec, string path) =>
        codec.EncodedFormat == SKEncodedImageFormat.Png ? Of(codec, RegularFile.ReadAllBytes(path)) : codec.EncodedOrigin;

    private static SKEncodedOrigin ReadExif(ReadOnlySpan<byte> exif)
    {
        // Some programs keep the prefix that only JPEG needs.
        if (exif.StartsWith("Exif\0\0"u8))
            exif = exif[6..];
        if (exif.Length < 8)
            return SKEncodedOrigin.TopLeft;
        var isBig = exif.StartsWith("MM"u8);
        if (!isBig && !exif.StartsWith("II"u8))
            return SKEncodedOrigin.TopLeft;

        var directory = ReadUInt32(exif, 4, isBig);
        if (directory > (uint)exif.Length - 2)
            return SKEncodedOrigin.TopLeft;
        var at = (int)directory + 2;
        for (var left = ReadUInt16(exif, (int)directory, isBig); left > 0 && at <= exif.Length - 12; left--, at += 12)
        {
            if (ReadUInt16(exif, at, isBig) != OrientationTag)
                continue;
            var value = ReadUInt16(exif, at + 2, isBig) == Short ? ReadUInt16(exif, at + 8, isBig) : 0;
            return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> exif, int position, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(exif[position..]) : BinaryPrimitives.ReadUInt16LittleEndian(exif[position..]);

    private static uint ReadUInt32(ReadOnlySpan<byte> exif, int position, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(exif[position..]) : BinaryPrimitives.ReadUInt32LittleEndian(exif[position..]);
}
