using SkiaSharp;
using StashAI.Hosting.Pictures;

namespace StashAI.Visage.Imaging;

/// <summary>An open picture file with a valid header and one or more frames.</summary>
internal abstract class Picture : IDisposable
{
    /// <summary>The supported formats, for messages.</summary>
    protected const string Formats = "JPEG, PNG, WebP, GIF, BMP, HEIC, AVIF, JPEG XL, TIFF, or a camera's RAW file";

    private const byte BackgroundGrey = 127;

    /// <summary>Up to five frames after the first, spread over the animation, in order.</summary>
    public abstract IReadOnlyList<int> SampledFrames { get; }

    /// <exception cref="PhotoRefusedException">The bytes are not a picture, or it has too many pixels.</exception>
    public static Picture Open(ReadOnlySpan<byte> file, long maxPixels)
    {
        if (file.IsEmpty)
            throw NotAPicture("is empty");
        return PictureKinds.Of(file) switch
        {
            PictureKind.Common => SkiaPicture.Open(file, maxPixels),
            PictureKind.Raw => OpenRaw(file, maxPixels),
            var kind => MagickPicture.Open(file, kind, maxPixels),
        };
    }

    /// <summary>Decodes the first frame.</summary>
    /// <exception cref="PhotoRefusedException">Nothing of the frame can be decoded.</exception>
    public abstract Photo Decode();

    /// <summary>Decodes another frame; null when nothing of it can be decoded.</summary>
    public abstract Photo? Decode(int frame);

    public abstract void Dispose();

    protected static PhotoRefusedException NotAPicture(string reason) => new(PhotoRefusal.NotAPicture, reason);

    /// <summary>Checks the size in a header before anything is allocated: a few bytes can declare gigabytes.</summary>
    /// <exception cref="PhotoRefusedException">There are no pixels, or too many.</exception>
    protected static void CheckSize(long width, long height, long maxPixels)
    {
        if (width <= 0 || height <= 0)
            throw NotAPicture($"has no pixels ({width} x {height})");
        if (width > int.MaxValue || height > int.MaxValue || width * height > maxPixels)
        {
            throw new PhotoRefusedException(
                PhotoRefusal.TooManyPixels,
                $"has {width} x {height} pixels; at most {maxPixels:N0} pixels are allowed (setting VISAGE_MAX_PIXELS). Scale it down");
        }
    }

    /// <exception cref="PhotoRefusedException">There is not enough memory.</exception>
    protected static SKBitmap Allocate(SKImageInfo info)
    {
        var bitmap = new SKBitmap();
        if (bitmap.TryAllocPixels(info, SKBitmapAllocFlags.ZeroPixels))
            return bitmap;
        bitmap.Dispose();
        throw new PhotoRefusedException(
            PhotoRefusal.TooManyPixels, $"has {info.Width} x {info.Height} pixels, for which this machine does not have enough memory");
    }

    /// <summary>Takes ownership of the pixels, and turns them upright.</summary>
    protected static Photo ToPhoto(SKBitmap bitmap, SKEncodedOrigin origin, bool isIncomplete)
    {
        try
        {
            if (bitmap.AlphaType != SKAlphaType.Opaque)
                FillBackground(bitmap);
            return new Photo(Upright(bitmap, origin), isIncomplete);
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    /// <summary>The sensor's data are not developed: the camera's own JPEG of them shows the same faces.</summary>
    private static SkiaPicture OpenRaw(ReadOnlySpan<byte> file, long maxPixels)
    {
        if (RawPreview.Find(file) is not { } preview)
            throw NotAPicture("is a RAW file without a JPEG preview inside; export it as JPEG");
        var origin = preview.Orientation == 0 ? SKEncodedOrigin.TopLeft : (SKEncodedOrigin)preview.Orientation;
        return SkiaPicture.Open(preview.In(file), maxPixels, origin);
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
}
