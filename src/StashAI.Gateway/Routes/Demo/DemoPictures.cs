using System.Globalization;
using SkiaSharp;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Demo;

/// <summary>
/// Pictures for the demo routes that need no network: the sample photos if <c>stashai demo</c> has fetched them, and drawn ones otherwise.
/// </summary>
internal sealed class DemoPictures(string dataDirectory)
{
    private const int Size = 480;

    /// <summary>The possible folders of photos: in this server's data, or next to the demo's own server.</summary>
    private readonly string[] folders = [Path.Combine(dataDirectory, "demo", "photos"), Path.Combine(dataDirectory, "..", "photos")];

    /// <summary>Returns pictures with names, repeated if there are fewer than requested.</summary>
    public async Task<IReadOnlyList<(string Name, byte[] Bytes)>> ReadAsync(int count, CancellationToken cancellationToken)
    {
        var files = folders.Where(Directory.Exists).Select(folder => Directory.GetFiles(folder, "*.jpg"))
            .FirstOrDefault(found => found.Length > 0)
            ?? [];
        Array.Sort(files, StringComparer.Ordinal);
        var pictures = new List<(string, byte[])>(count);
        for (var i = 0; i < count; i++)
        {
            pictures.Add(files.Length > 0
                ? (
                    Path.GetFileName(files[i % files.Length]),
                    await RegularFile.ReadAllBytesAsync(files[i % files.Length], cancellationToken))
                : (string.Create(CultureInfo.InvariantCulture, $"drawn{i + 1}.jpg"), Draw(i)));
        }

        return pictures;
    }

    /// <summary>A simple head in front of a colour.</summary>
    private static byte[] Draw(int number)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Size, Size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = surface.Canvas;
        canvas.Clear(SKColor.FromHsv(number * 47 % 360, 45, 85));
        using var skin = new SKPaint { Color = new SKColor(0xE8, 0xB9, 0x96), IsAntialias = true };
        using var dark = new SKPaint { Color = new SKColor(0x33, 0x22, 0x1A), IsAntialias = true };
        using var mouth =
            new SKPaint { Color = new SKColor(0xA0, 0x40, 0x40), IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 8 };
        canvas.DrawOval(Size / 2f, Size / 2f, 120, 160, skin);
        canvas.DrawCircle((Size / 2f) - 48, (Size / 2f) - 40, 14, dark);
        canvas.DrawCircle((Size / 2f) + 48, (Size / 2f) - 40, 14, dark);
        canvas.DrawArc(new SKRect((Size / 2f) - 50, (Size / 2f) + 20, (Size / 2f) + 50, (Size / 2f) + 90), 20, 140, false, mouth);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, 85);
        return data.ToArray();
    }
}
