using System.Runtime.InteropServices;
using ImageMagick;
using SkiaSharp;
using StashAI.Hosting.Pictures;

namespace StashAI.Visage.Imaging;

/// <summary>
/// A picture that Skia does not decode: HEIC, AVIF, JPEG XL, TIFF, and rare kinds of JPEG. Of several pictures in a file the first is used;
/// in HEIC and AVIF, the primary one.
/// </summary>
internal sealed class MagickPicture : Picture
{
    /// <summary>The pixels that are copied at once.</summary>
    private const int PixelsAtOnce = 256 * 1024;

    private readonly SKData data;
    private readonly MagickFormat format;
    private readonly long maxPixels;
    private readonly bool isCutOff;

    private MagickPicture(SKData data, MagickFormat format, long maxPixels, bool isCutOff)
    {
        this.data = data;
        this.format = format;
        this.maxPixels = maxPixels;
        this.isCutOff = isCutOff;
    }

    public override IReadOnlyList<int> SampledFrames => [];

    /// <exception cref="PhotoRefusedException">The picture has too many pixels, or its header is damaged.</exception>
    public static MagickPicture Open(ReadOnlySpan<byte> file, PictureKind kind, long maxPixels)
    {
        var (width, height, isCutOff) = kind switch
        {
            PictureKind.Heif or PictureKind.Avif => HeifHeader.Read(file) is var heif ? (heif.Width, heif.Height, heif.IsCutOff) : default,
            PictureKind.JpegXl => JpegXlHeader.ReadSize(file) is var jxl ? (jxl.Width, jxl.Height, false) : default,
            PictureKind.Tiff => SizeOfTiff(file) is var tiff ? (tiff.Width, tiff.Height, false) : default,
            _ => JpegHeader.TryRead(file, out var jpeg) ? (jpeg.Width, jpeg.Height, false) : default,
        };
        if (width == 0 && height == 0)
            throw NotAPicture($"is cut off or damaged: its header, which looks like {Name(kind)}, has no size");
        CheckSize(width, height, maxPixels);
        return new(SKData.CreateCopy(file), Format(kind), maxPixels, isCutOff);
    }

    public override Photo Decode()
    {
        using var image = MagickCoders.Read(data.AsSpan(), format, maxPixels, out var isDamaged);
        // A decoder may find more than the header says.
        CheckSize(image.Width, image.Height, maxPixels);
        var bitmap = Copy(image);
        if (!isDamaged && !isCutOff)
            return ToPhoto(bitmap, Origin(image), isIncomplete: false);
        if (bitmap.HasContent())
            return ToPhoto(bitmap, Origin(image), isIncomplete: true);
        bitmap.Dispose();
        throw NotAPicture("is cut off or damaged before its first pixels");
    }

    public override Photo? Decode(int frame) => null;

    public override void Dispose() => data.Dispose();

    private static (long Width, long Height) SizeOfTiff(ReadOnlySpan<byte> file)
    {
        const ushort Width = 256, Height = 257;
        if (!TiffFile.TryOpen(file, out var tiff))
            return default;
        var directory = tiff.Directory(tiff.FirstDirectory);
        return (directory.Number(Width) ?? 0, directory.Number(Height) ?? 0);
    }

    private static MagickFormat Format(PictureKind kind) => kind switch
    {
        PictureKind.Heif => MagickFormat.Heic,
        PictureKind.Avif => MagickFormat.Avif,
        PictureKind.JpegXl => MagickFormat.Jxl,
        PictureKind.Tiff => MagickFormat.Tiff,
        _ => MagickFormat.Jpeg,
    };

    private static string Name(PictureKind kind) => kind switch
    {
        PictureKind.Heif => "HEIC",
        PictureKind.Avif => "AVIF",
        PictureKind.JpegXl => "JPEG XL",
        PictureKind.Tiff => "TIFF",
        _ => "JPEG",
    };

    /// <summary>
    /// HEIC and AVIF are turned by their decoder, as their own properties say; what EXIF says as well is not for these formats.
    /// </summary>
    private SKEncodedOrigin Origin(MagickImage image) => format is MagickFormat.Heic or MagickFormat.Avif
        ? SKEncodedOrigin.TopLeft
        : (int)image.Orientation is var orientation and >= 1 and <= 8 ? (SKEncodedOrigin)orientation : SKEncodedOrigin.TopLeft;

    /// <summary>The pixels as sRGB, row by row: there is never a second copy of the whole picture.</summary>
    private static SKBitmap Copy(MagickImage image)
    {
        using var profile = image.ColorSpace == ColorSpace.sRGB ? ColoursOf(image) : null;
        using var srgb = SKColorSpace.CreateSrgb();
        // Without their profiles: the faces are the same in slightly different colours.
        if (image.ColorSpace is not (ColorSpace.sRGB or ColorSpace.Gray))
            image.ColorSpace = ColorSpace.sRGB;
        int width = (int)image.Width, height = (int)image.Height;
        var alpha = image.HasAlpha ? SKAlphaType.Premul : SKAlphaType.Opaque;
        var bitmap = Allocate(new SKImageInfo(width, height, SKColorType.Rgba8888, alpha, srgb));
        try
        {
            using var pixels = image.GetPixelsUnsafe();
            var rows = Math.Max(1, PixelsAtOnce / width);
            for (var y = 0; y < height; y += rows)
            {
                var count = Math.Min(rows, height - y);
                var part = pixels.ToByteArray(0, y, (uint)width, (uint)count, PixelMapping.RGBA)
                    ?? throw NotAPicture("cannot be decoded: it has no pixels");
                var info = new SKImageInfo(
                    width, count, SKColorType.Rgba8888, image.HasAlpha ? SKAlphaType.Unpremul : SKAlphaType.Opaque, profile ?? srgb);
                Convert(part, info, bitmap, y);
            }

            return bitmap;
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    private static unsafe void Convert(byte[] part, SKImageInfo info, SKBitmap bitmap, int y)
    {
        fixed (byte* from = part)
        {
            using var pixmap = new SKPixmap(info, (nint)from);
            var to = bitmap.GetPixels() + (nint)((long)y * bitmap.RowBytes);
            if (!pixmap.ReadPixels(bitmap.Info.WithSize(info.Width, info.Height), to, bitmap.RowBytes))
                Marshal.Copy(part, 0, to, info.BytesSize);
        }
    }

    /// <summary>The colours of an RGB picture; null when it has no profile, or one that is not valid.</summary>
    private static SKColorSpace? ColoursOf(MagickImage image) =>
        image.GetColorProfile() is { ColorSpace: ColorSpace.sRGB } profile ? SKColorSpace.CreateIcc(profile.ToByteArray()) : null;
}
