using System.Runtime.InteropServices;
using SkiaSharp;

namespace StashAI.Visage.Imaging;

/// <summary>The pixels of bitmaps with 32 bits per pixel.</summary>
internal static class BitmapPixels
{
    public static Span<uint> Pixels(this SKBitmap bitmap) => MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());

    /// <summary>False when all pixels have the same colour.</summary>
    public static bool HasContent(this SKBitmap bitmap)
    {
        var pixels = bitmap.Pixels();
        return pixels.IndexOfAnyExcept(pixels[0]) >= 0;
    }
}
