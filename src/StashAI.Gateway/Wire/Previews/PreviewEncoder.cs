using SkiaSharp;
using StashAI.Hosting.Pictures;

namespace StashAI.Gateway.Wire.Previews;

/// <summary>Creates a small upright JPEG of a photo.</summary>
internal static class PreviewEncoder
{
    /// <summary>The longer edge, in pixels.</summary>
    public const int MaxEdge = 1024;

    /// <summary>The most decoded pixels, of four bytes each; a larger photo has no preview.</summary>
    private const long MaxPixels = 50_000_000;

    private const int Quality = 82;

    /// <summary>False for bytes that do not begin like any supported format.</summary>
    public static bool LooksLikePicture(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) || start.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47])
        || start.StartsWith("GIF8"u8) || start.StartsWith("BM"u8) || start.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0])
        || (start.StartsWith("RIFF"u8) && start.Length > 12 && start[8..].StartsWith("WEBP"u8))
        || (start.Length > 12 && start[4..].StartsWith("ftyp"u8)) || TiffFile.IsTiff(start) || PictureKinds.Of(start) != PictureKind.Common;

    /// <summary>The JPEG; null when the bytes are not a picture, or too large a picture.</summary>
    /// <param name="file">Contains the picture.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="orientation">How it must be turned if it does not say so itself: an EXIF orientation, or 0.</param>
    public static byte[]? Encode(byte[] file, int start, int length, int orientation = 0)
    {
        using var stream = new MemoryStream(file, start, length, writable: false);
        using var codec = SKCodec.Create(stream);
        if (codec is null || codec.Info.Width < 1 || codec.Info.Height < 1) return null;
        using var stored = Decode(codec);
        if (stored is null) return null;
        var origin = PictureOrientation.Of(codec, file.AsSpan(start, length));
        if (origin == SKEncodedOrigin.TopLeft && orientation > 0) origin = (SKEncodedOrigin)orientation;
        var isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom
            or SKEncodedOrigin.LeftBottom;
        var (width, height) = isTurned ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        var scale = Math.Min(1f, MaxEdge / (float)Math.Max(width, height));
        using var surface = SKSurface.Create(new SKImageInfo(
            Math.Max(1, (int)MathF.Round(width * scale)), Math.Max(1, (int)MathF.Round(height * scale)), SKColorType.Rgba8888,
            SKAlphaType.Opaque));
        if (surface is null) return null;
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        surface.Canvas.Concat(Upright(origin, stored.Width, stored.Height));
        using var image = SKImage.FromBitmap(stored);
        surface.Canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var shot = surface.Snapshot();
        using var jpeg = shot.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg?.ToArray();
    }

    /// <summary>Decodes at the smallest size that the format supports and that is not below the preview's.</summary>
    private static SKBitmap? Decode(SKCodec codec)
    {
        var needed = MaxEdge / (float)Math.Max(codec.Info.Width, codec.Info.Height);
        var size = needed < 1 ? codec.GetScaledDimensions(needed) : codec.Info.Size;
        if (size.Width < 1 || size.Height < 1 || (long)size.Width * size.Height > MaxPixels) return null;
        var bitmap = new SKBitmap();
        if (bitmap.TryAllocPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul))
            && codec.GetPixels(bitmap.Info, bitmap.GetPixels()) is SKCodecResult.Success or SKCodecResult.IncompleteInput)
        {
            return bitmap;
        }

        bitmap.Dispose();
        return null;
    }

    /// <summary>The transformation from the stored to the upright picture.</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
