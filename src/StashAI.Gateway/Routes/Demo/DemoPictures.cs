using System.Globalization;
using SkiaSharp;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Demo;

/// <summary>
/// Pictures for the demo routes that need no network: the sample photos if <c>stashai demo</c> has fetched them, and drawn ones otherwise.
/// Nothing else is ever taken: photos of the user may be in a folder of any name beside the data.
/// </summary>
internal sealed class DemoPictures(string dataDirectory)
{
    /// <summary>What people must know of drawings, in which a face service rightly finds nobody.</summary>
    public const string WhyDrawings =
        "These are drawings, in which no faces will be found: 'stashai demo' with the data folder of this server fetches the sample "
        + "photos.";

    private const int Size = 480;

    /// <summary>The names that <c>stashai demo</c> gives the sample photos.</summary>
    private const string SampleNames = "sample?.jpg";

    private const string DrawnName = "drawn";

    private readonly string folder = Path.Combine(DemoHomeOf(dataDirectory), "photos");

    /// <summary>True for the name of a picture that is drawn.</summary>
    public static bool IsDrawn(string name) => name.StartsWith(DrawnName, StringComparison.Ordinal);

    /// <summary>Returns pictures with names, repeated if there are fewer than requested.</summary>
    public async Task<IReadOnlyList<(string Name, byte[] Bytes)>> ReadAsync(int count, CancellationToken cancellationToken)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, SampleNames) : [];
        Array.Sort(files, StringComparer.Ordinal);
        var pictures = new List<(string, byte[])>(count);
        for (var i = 0; i < count; i++)
        {
            pictures.Add(files.Length > 0
                ? (
                    Path.GetFileName(files[i % files.Length]),
                    await RegularFile.ReadAllBytesAsync(files[i % files.Length], cancellationToken))
                : (string.Create(CultureInfo.InvariantCulture, $"{DrawnName}{i + 1}.jpg"), Draw(i)));
        }

        return pictures;
    }

    /// <summary>The demo's folder: that of which this data is a run, or else the one in this data.</summary>
    private static string DemoHomeOf(string dataDirectory)
    {
        const string Home = "demo";
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDirectory)));
        return own.Name.StartsWith("run-", StringComparison.Ordinal) && own.Parent is { Name: Home } home
            ? home.FullName
            : Path.Combine(own.FullName, Home);
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
