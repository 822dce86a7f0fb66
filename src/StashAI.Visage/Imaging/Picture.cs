using SkiaSharp;
using StashAI.Hosting.Pictures;

namespace StashAI.Visage.Imaging;

/// <summary>An open picture file with a valid header and one or more frames.</summary>
internal sealed class Picture : IDisposable
{
    private const byte BackgroundGrey = 127;
    private const int MaxSampledFrames = 5;
    private const int MaxFrameIndex = 200;

    /// <summary>A frame is composed from all frames before it; this limits the pixels decoded for all of them together.</summary>
    private const long MaxDecodedPixels = 400_000_000;

    private readonly SKData data;
    private readonly SKCodec codec;

    private Picture(SKData data, SKCodec codec)
    {
        this.data = data;
        this.codec = codec;
    }

    /// <summary>Up to five frames after the first, spread over the animation, in order.</summary>
    public IReadOnlyList<int> SampledFrames
    {
        get
        {
            var announced = codec.EncodedFormat == SKEncodedImageFormat.Png
                ? AnimatedPng.CountFrames(data.AsSpan())
                : Math.Max(1, codec.FrameCount);
            var last = (int)Math.Min(
                Math.Min(announced - 1, MaxFrameIndex),
                (MaxDecodedPixels / ((long)codec.Info.Width * codec.Info.Height * MaxSampledFrames)) - 1);
            return last < 1 ? [] : [.. new[] { 1, last / 4, last / 2, last * 3 / 4, last }.Where(frame => frame > 0).Distinct()];
        }
    }

    /// <exception cref="PhotoRefusedException">The bytes are not a picture, or it has too many pixels.</exception>
    public static Picture Open(ReadOnlySpan<byte> file, long maxPixels)
    {
        if (file.IsEmpty)
            throw NotAPicture("is empty");

        var data = SKData.CreateCopy(file);
        var codec = SKCodec.Create(data);
        try
        {
            if (codec is null)
                throw NotAPicture("is not a picture in a supported format (JPEG, PNG, WebP, GIF or BMP)");
            // Check the header before allocating: a few bytes can declare gigabytes.
            var (width, height) = (codec.Info.Width, codec.Info.Height);
            if (width <= 0 || height <= 0)
                throw NotAPicture($"has no pixels ({width} x {height})");
            if ((long)width * height > maxPixels)
            {
                throw new PhotoRefusedException(
                    PhotoRefusal.TooManyPixels,
                    $"has {width} x {height} pixels; at most {maxPixels:N0} pixels are allowed (setting VISAGE_MAX_PIXELS). Scale it down");
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

    /// <summary>Decodes the first frame.</summary>
    /// <exception cref="PhotoRefusedException">Nothing of the frame can be decoded.</exception>
    public Photo Decode() => Upright(DecodePixels(frame: 0, out var isIncomplete), isIncomplete);

    /// <summary>Decodes another frame; null when nothing of it can be decoded.</summary>
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
            throw new PhotoRefusedException(
                PhotoRefusal.TooManyPixels, $"has {info.Width} x {info.Height} pixels, for which this machine does not have enough memory");
        }

        var result = frame == 0
            ? codec.GetPixels(info, bitmap.GetPixels())
            : codec.GetPixels(info, bitmap.GetPixels(), new SKCodecOptions(frame));
        isIncomplete = result is SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput;
        if (result == SKCodecResult.Success || (isIncomplete && bitmap.HasContent()))
            return bitmap;

        bitmap.Dispose();
        throw NotAPicture(isIncomplete ? "is cut off or damaged before its first pixels" : $"cannot be decoded ({result})");
    }

    private static void FillBackground(SKBitmap bitmap)
    {
        foreach (ref var pixel in bitmap.Pixels())
        {
            var missing = 255 - (pixel >> 24);
            if (missing == 0)
                continue;
            // Premultiplied: a channel is at most its alpha, so no sum exceeds 255.
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
        var from = stored.Pixels();
        var to = upright.Pixels();
        for (int y = 0, index = 0; y < upright.Height; y++)
        {
            var source = start + (y * down);
            for (var x = 0; x < upright.Width; x++, index++, source += right)
                to[index] = from[source];
        }

        stored.Dispose();
        return upright;
    }

    private static PhotoRefusedException NotAPicture(string reason) => new(PhotoRefusal.NotAPicture, reason);
}
