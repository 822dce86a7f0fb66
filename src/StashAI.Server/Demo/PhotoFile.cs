using SkiaSharp;
using StashAI.Hosting.Pictures;
using StashAI.Streams.Files;
using StashAI.Visage.Imaging;

namespace StashAI.Server.Demo;

/// <summary>Checks whether a picture file can be used, and makes a smaller upright copy of it.</summary>
internal static class PhotoFile
{
    /// <summary>The limit for decoded pixels, of four bytes each; a larger picture may be an attack.</summary>
    private const long MaxPixels = 120_000_000;

    /// <returns>The photo, or the reason why it cannot be used.</returns>
    public static (DemoPhoto? Photo, string? Reason) Inspect(string path, string name)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path);
            if (stream.Length == 0)
            {
                return (null, "the file is empty");
            }
            using var codec = SKCodec.Create(stream);
            if (codec is null)
            {
                return (null, "not a readable picture (JPEG, PNG, WebP, BMP or GIF)");
            }
            var (width, height) = (codec.Info.Width, codec.Info.Height);
            if ((long)width * height > MaxPixels)
            {
                return (null, $"{width} x {height} pixels are too many");
            }
            return Turned(PictureOrientation.Of(codec, path))
                ? (new DemoPhoto(path, name, height, width), null)
                : (new DemoPhoto(path, name, width, height), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot be opened: {exception.Message}");
        }
    }

    /// <summary>An upright JPEG whose longer edge has at most <paramref name="maxEdge"/> pixels.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="maxEdge">Pixels.</param>
    /// <param name="area">The part of the upright photo to show; null shows it all.</param>
    /// <returns>The JPEG, or null when the file cannot be decoded any more.</returns>
    public static byte[]? RenderJpeg(DemoPhoto photo, int maxEdge, SKRectI? area = null)
    {
        if (RegularFile.ReasonToRefuse(photo.Path) is not null) return null;
        using var file = RegularFile.OpenRead(photo.Path);
        using var codec = SKCodec.Create(file);
        using var encoded = codec is null ? null : SKBitmap.Decode(codec);
        if (codec is null || encoded is null)
        {
            return null;
        }
        var part = area ?? new SKRectI(0, 0, photo.Width, photo.Height);
        var scale = Math.Min(1f, maxEdge / (float)Math.Max(part.Width, part.Height));
        var width = Math.Max(1, (int)MathF.Round(part.Width * scale));
        var height = Math.Max(1, (int)MathF.Round(part.Height * scale));
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var image = SKImage.FromBitmap(encoded);
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        canvas.Scale(scale);
        canvas.Translate(-part.Left, -part.Top);
        var upright = Upright(PictureOrientation.Of(codec, photo.Path), encoded.Width, encoded.Height);
        canvas.Concat(in upright);
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var snapshot = surface.Snapshot();
        using var data = snapshot.Encode(SKEncodedImageFormat.Jpeg, 84);
        return data.ToArray();
    }

    private static bool Turned(SKEncodedOrigin origin) => origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop
        or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>
    /// The transformation from stored to upright pixels; <paramref name="w"/> and <paramref name="h"/> are the stored size.
    /// </summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, float w, float h) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, w, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, w, 0, -1, h, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, h, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, h, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, h, -1, 0, w, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, w, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
