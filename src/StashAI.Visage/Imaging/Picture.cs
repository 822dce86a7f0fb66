using System.Runtime.InteropServices;
using SkiaSharp;
using StashAI.Hosting.Pictures;

namespace StashAI.Visage.Imaging;

/// <summary>An open picture file whose header was found good, with one frame or many.</summary>
internal sealed class Picture : IDisposable
{
    private const byte BackgroundGrey = 127;
    private const int FrameTries = 5;
    private const int LastFrame = 200;

    /// <summary>A frame is made of those before it: so many pixels of all of them are decoded at most.</summary>
    private const long FramePixels = 400_000_000;

    private readonly SKData data;
    private readonly SKCodec codec;

    private Picture(SKData data, SKCodec codec)
    {
        this.data = data;
        this.codec = codec;
    }

    /// <summary>Some frames besides the first, from all of the animation, in the order in which they are shown.</summary>
    public IReadOnlyList<int> OtherFrames
    {
        get
        {
            var announced = codec.EncodedFormat == SKEncodedImageFormat.Png ? AnimatedPng.FramesOf(data.AsSpan()) : Math.Max(1, codec.FrameCount);
            var last = (int)Math.Min(Math.Min(announced - 1, LastFrame), (FramePixels / ((long)codec.Info.Width * codec.Info.Height * FrameTries)) - 1);
            return last < 1 ? [] : [.. new[] { 1, last / 4, last / 2, last * 3 / 4, last }.Where(frame => frame > 0).Distinct()];
        }
    }

    /// <exception cref="PhotoRefusedException">The bytes are no picture, or one with too many pixels.</exception>
    public static Picture Open(ReadOnlySpan<byte> file, long maxPixels)
    {
        if (file.IsEmpty)
            throw NotAPicture("is empty");

        var data = SKData.CreateCopy(file);
        var codec = SKCodec.Create(data);
        try
        {
            if (codec is null)
                throw NotAPicture("is not a picture that can be read (JPEG, PNG, WebP, GIF or BMP)");
            // The header is checked before anything is allocated: a few bytes can announce gigabytes.
            var (width, height) = (codec.Info.Width, codec.Info.Height);
            if (width <= 0 || height <= 0)
                throw NotAPicture($"has no pixels ({width} x {height})");
            if ((long)width * height > maxPixels)
            {
                throw new PhotoRefusedException(
                    PhotoRefusal.TooManyPixels,
                    $"has {width} x {height} pixels; at most {maxPixels:N0} pixels are taken (setting VISAGE_MAX_PIXELS, MaxPixels in code). Send it scaled down.");
            }

            return new Picture(data, codec);
        }
        catch
        {
            codec?.Dispose();
            data.Dispose();
            throw;
        }
    }

    /// <summary>The first frame.</summary>
    /// <exception cref="PhotoRefusedException">Nothing of it can be decoded.</exception>
    public Photo Decode() => Upright(DecodePixels(frame: 0, out var isIncomplete), isIncomplete);

    /// <summary>Another frame; null when there is nothing to see on it.</summary>
    public Photo? Decode(int frame)
    {
        try
        {
            var isIncomplete = false;
            var bitmap = codec.EncodedFormat == SKEncodedImageFormat.Png
                ? AnimatedPng.Compose(data.AsSpan(), codec.Info.Width, codec.Info.Height, frame)
                : DecodePixels(frame, out isIncomplete);
            return bitmap is null ? null : Upright(bitmap, isIncomplete);
        }
        catch (PhotoRefusedException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        codec.Dispose();
        data.Dispose();
    }

    private Photo Upright(SKBitmap bitmap, bool isIncomplete)
    {
        try
        {
            if (bitmap.AlphaType != SKAlphaType.Opaque)
                FillBackground(bitmap);
            return new Photo(Upright(bitmap, PictureOrientation.Of(codec, data.AsSpan())), isIncomplete);
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    private SKBitmap DecodePixels(int frame, out bool isIncomplete)
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

        var result = frame == 0 ? codec.GetPixels(info, bitmap.GetPixels()) : codec.GetPixels(info, bitmap.GetPixels(), new SKCodecOptions(frame));
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
