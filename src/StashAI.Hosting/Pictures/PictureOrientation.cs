using SkiaSharp;
using StashAI.Streams.Files;

namespace StashAI.Hosting.Pictures;

/// <summary>Reads how a picture must be turned to be upright.</summary>
public static class PictureOrientation
{
    private const ushort OrientationTag = 0x0112;

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

    /// <summary>The EXIF orientation in the first directory, 1 to 8; 0 when there is none, or it is not valid.</summary>
    internal static int Read(in TiffFile tiff) =>
        tiff.Directory(tiff.FirstDirectory).Number(OrientationTag) is { } value and >= 1 and <= 8 ? (int)value : 0;

    private static SKEncodedOrigin ReadExif(ReadOnlySpan<byte> exif)
    {
        // Some programs keep the prefix that only JPEG needs.
        if (exif.StartsWith("Exif\0\0"u8))
            exif = exif[6..];
        return TiffFile.TryOpen(exif, out var tiff) && Read(tiff) is var value and > 0 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
    }
}
