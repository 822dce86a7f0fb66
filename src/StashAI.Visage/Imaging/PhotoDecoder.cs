using System.Runtime.InteropServices;
using SkiaSharp;

namespace StashAI.Visage.Imaging;

/// <summary>Turns the bytes of a picture file (JPEG, PNG, WebP, GIF, BMP) into an upright <see cref="Photo"/>.</summary>
internal sealed class PhotoDecoder(long maxPixels)
{
    private const byte BackgroundGrey = 127;

    /// <exception cref="PhotoRefusedException">The bytes are no picture, or one with too many pixels.</exception>
    public Photo Decode(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            throw NotAPicture("is empty");

        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw NotAPicture("is not a picture that can be read (JPEG, PNG, WebP, GIF or BMP)");
        // The header is checked before anything is allocated: a few bytes can announce gigabytes.
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width <= 0 || height <= 0)
            throw NotAPicture($"has no pixels ({width} x {height})");
        if ((long)width * height > maxPixels)
        {
            throw new PhotoRefusedException(
                PhotoRefusal.TooManyPixels,
                $"has {width} x {height} pixels; at most {maxPixels:N0} pixels are taken (setting MaxPixels). Send it scaled down.");
        }

        var bitmap = DecodePixels(codec, out var isIncomplete);
        try
        {
            if (codec.Info.AlphaType != SKAlphaType.Opaque)
                FillBackground(bitmap);
            return new Photo(Upright(bitmap, codec.EncodedOrigin), isIncomplete);
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    private static SKBitmap DecodePixels(SKCodec codec, out bool isIncomplete)
    {
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        using var colours = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, alpha, colours);
        var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info, SKBitmapAllocFlags.ZeroPixels))
        {
            bitmap.Dispose();
            throw new PhotoRefusedException(PhotoRefusal.TooManyPixels, $"has {info.Width} x {info.Height} pixels, more than this machine has memory for");
        }

        var result = codec.GetPixels(info, bitmap.GetPixels());
        isIncomplete = result is SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput;
        if (result == SKCodecResult.Success || (isIncomplete && HasContent(bitmap)))
            return bitmap;

        bitmap.Dispose();
        throw NotAPicture(isIncomplete ? "is cut off or damaged before its first pixels" : $"cannot be decoded ({result})");
    }

    private static bool HasContent(SKBitmap bitmap)
    {
        var pixels = Pixels(bitmap);
        return pixels.IndexOfAnyExcept(pixels[0]) >= 0;
    }

    private static void FillBackground(SKBitmap bitmap)
    {
        foreach (ref var pixel in Pixels(bitmap))
        {
            var missing = 255 - (pixel >> 24);
            if (missing == 0)
                continue;
            // Premultiplied: a channel is at most its alpha, so no sum goes beyond 255.
            var background = missing * BackgroundGrey / 255;
            pixel = (pixel + ((background << 16) | (background << 8) | background)) | 0xFF000000;
        }
    }

    private static SKBitmap Upright(SKBitmap stored, SKEncodedOrigin origin)
    {
        int w = stored.Width, h = stored.Height;
        // The index of an upright pixel in the stored picture is start + x * right + y * down.
        var (start, right, down) = origin switch
        {
            SKEncodedOrigin.TopRight => (w - 1, -1, w),
            SKEncodedOrigin.BottomRight => ((w * h) - 1, -1, -w),
            SKEncodedOrigin.BottomLeft => ((h - 1) * w, 1, -w),
            SKEncodedOrigin.LeftTop => (0, w, 1),
            SKEncodedOrigin.RightTop => ((h - 1) * w, -w, 1),
            SKEncodedOrigin.RightBottom => ((w * h) - 1, -w, -1),
            SKEncodedOrigin.LeftBottom => (w - 1, w, -1),
            _ => (0, 1, w),
        };
        if ((right, down) == (1, w))
            return stored;

        var isSwapped = Math.Abs(right) != 1;
        var upright = new SKBitmap(isSwapped ? h : w, isSwapped ? w : h, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var from = Pixels(stored);
        var to = Pixels(upright);
        for (int y = 0, index = 0; y < upright.Height; y++)
        {
            var source = start + (y * down);
            for (var x = 0; x < upright.Width; x++, index++, source += right)
                to[index] = from[source];
        }

        stored.Dispose();
        return upright;
    }

    private static Span<uint> Pixels(SKBitmap bitmap) => MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());

    private static PhotoRefusedException NotAPicture(string reason) => new(PhotoRefusal.NotAPicture, reason);
}
