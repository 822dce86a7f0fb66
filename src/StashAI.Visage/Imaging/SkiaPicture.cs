using SkiaSharp;
using StashAI.Hosting.Pictures;

namespace StashAI.Visage.Imaging;

/// <summary>A picture that Skia decodes: JPEG, PNG, WebP, GIF, BMP, and the JPEG inside a RAW file.</summary>
internal sealed class SkiaPicture : Picture
{
    private const int MaxSampledFrames = 5;
    private const int MaxFrameIndex = 200;

    /// <summary>A frame is composed from all frames before it; this limits the pixels decoded for all of them together.</summary>
    private const long MaxDecodedPixels = 400_000_000;

    private readonly SKData data;
    private readonly SKCodec codec;

    /// <summary>The orientation if the file itself has none.</summary>
    private readonly SKEncodedOrigin origin;

    private SkiaPicture(SKData data, SKCodec codec, SKEncodedOrigin origin)
    {
        this.data = data;
        this.codec = codec;
        this.origin = origin;
    }

    public override IReadOnlyList<int> SampledFrames
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

    /// <param name="file">The bytes; they are copied.</param>
    /// <param name="maxPixels">The largest picture.</param>
    /// <param name="origin">The orientation if the file itself has none.</param>
    /// <exception cref="PhotoRefusedException">The bytes are not a picture, or it has too many pixels.</exception>
    public static SkiaPicture Open(ReadOnlySpan<byte> file, long maxPixels, SKEncodedOrigin origin = SKEncodedOrigin.TopLeft)
    {
        var data = SKData.CreateCopy(file);
        var codec = SKCodec.Create(data);
        try
        {
            if (codec is null)
                throw NotAPicture($"is not a picture in a supported format ({Formats})");
            CheckSize(codec.Info.Width, codec.Info.Height, maxPixels);
            return new SkiaPicture(data, codec, origin);
        }
        catch
        {
            codec?.Dispose();
            data.Dispose();
            throw;
        }
    }

    public override Photo Decode() => Upright(DecodePixels(frame: 0, out var isIncomplete), isIncomplete);

    public override Photo? Decode(int frame)
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

    public override void Dispose()
    {
        codec.Dispose();
        data.Dispose();
    }

    private Photo Upright(SKBitmap bitmap, bool isIncomplete)
    {
        var own = PictureOrientation.Of(codec, data.AsSpan());
        return ToPhoto(bitmap, own == SKEncodedOrigin.TopLeft ? origin : own, isIncomplete);
    }

    private SKBitmap DecodePixels(int frame, out bool isIncomplete)
    {
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        using var colours = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, alpha, colours);
        var bitmap = Allocate(info);
        var result = frame == 0
            ? codec.GetPixels(info, bitmap.GetPixels())
            : codec.GetPixels(info, bitmap.GetPixels(), new SKCodecOptions(frame));
        isIncomplete = result is SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput;
        if (result == SKCodecResult.Success || (isIncomplete && bitmap.HasContent()))
            return bitmap;

        bitmap.Dispose();
        throw NotAPicture(isIncomplete ? "is cut off or damaged before its first pixels" : $"cannot be decoded ({result})");
    }
}
