using SkiaSharp;

namespace StashAI.Visage.Imaging;

/// <summary>Encodes a square of a photo as a JPEG, the picture of a face.</summary>
internal static class FaceCropEncoder
{
    private const int MaxSide = 192;
    private const int Quality = 88;

    public static byte[] Encode(Photo photo, Point2 centre, float side, float angle)
    {
        var size = (int)Math.Clamp(MathF.Round(side), 24, MaxSide);
        using var crop = new SKBitmap(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque);
        CropSampler.SamplePixels(photo, Affine.Square(centre, side, angle, size), size, size, border: 0, crop.Pixels());
        using var jpeg = crop.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg.ToArray();
    }
}
