using SkiaSharp;

namespace StashAI.Visage.Imaging;

/// <summary>Encodes a photo, or a square of it, as a small JPEG.</summary>
internal static class PhotoEncoder
{
    private const int MaxSide = 192;
    private const int SquareQuality = 88;
    private const int WholeQuality = 82;

    /// <summary>The picture of a face.</summary>
    public static byte[] EncodeSquare(Photo photo, Point2 centre, float side, float angle)
    {
        var size = (int)Math.Clamp(MathF.Round(side), 24, MaxSide);
        return Encode(photo, Affine.Square(centre, side, angle, size), size, size, SquareQuality);
    }

    /// <summary>The whole photo, with at most <paramref name="edge"/> pixels along its longer edge.</summary>
    public static byte[] EncodeWhole(Photo photo, int edge)
    {
        var step = MathF.Max(1, MathF.Max(photo.Width, photo.Height) / (float)edge);
        int width = Math.Max(1, (int)MathF.Round(photo.Width / step)), height = Math.Max(1, (int)MathF.Round(photo.Height / step));
        var toPhoto = new Affine((float)photo.Width / width, 0, 0, 0, (float)photo.Height / height, 0);
        return Encode(photo, toPhoto, width, height, WholeQuality);
    }

    private static byte[] Encode(Photo photo, in Affine toPhoto, int width, int height, int quality)
    {
        using var part = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        CropSampler.SamplePixels(photo, toPhoto, width, height, border: 0, part.Pixels());
        using var jpeg = part.Encode(SKEncodedImageFormat.Jpeg, quality);
        return jpeg.ToArray();
    }
}
