using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Processes;
using StashAI.Visage.Tests.Formats;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// The first sample photo in each format, for each format a file that is cut off behind its beginning, and files of formats that are
/// refused, under the names of photos.
/// </summary>
internal static class PhotosOfAllFormats
{
    public const string Bad = "bad";

    /// <summary>The names of the files of <see cref="RefusedFormats"/>.</summary>
    public static IReadOnlyList<string> Refused { get; } = [.. RefusedFormats.All.Keys.Select(NameOfRefused)];

    private const string Encoder = "StashAI.PictureEncoder.dll";
    private const string HeifEncoder = "/usr/bin/heif-enc";

    /// <summary>A server shows previews when the photos of a job have more than 4 MB together.</summary>
    private const int Padding = 4 * 1024 * 1024;

    /// <summary>Enough to tell the format, and too little for a picture.</summary>
    private const int BadLength = 64;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Writes the files; returns the endings of the formats. HEIC is missing where heif-enc is not installed.</summary>
    public static async Task<List<string>> WriteAsync(RealFiles files, string folder)
    {
        Directory.CreateDirectory(folder);
        var photo = Path.Combine(files.PhotosDirectory, "sample1.jpg");
        (string Form, string Ending)[] encoded = [("avif", "avif"), ("tiff", "tiff"), ("jxl", "jxl"), ("cmyk-jpeg", "jpg")];
        await ProgramRun.OutputAsync(
            [
                "dotnet", Path.Combine(AppContext.BaseDirectory, Encoder), photo,
                .. encoded.Select(one => $"{one.Form}={Path.Combine(folder, $"good.{one.Ending}")}"),
                $"small-jpeg={Path.Combine(folder, "thumbnail")}",
            ],
            folder, Cancellation);
        var endings = encoded.Select(one => one.Ending).Append("nef").ToList();
        if (File.Exists(HeifEncoder))
        {
            await ProgramRun.OutputAsync([HeifEncoder, "-q", "70", "-o", Path.Combine(folder, "good.heic"), photo], folder, Cancellation);
            endings.Add("heic");
        }

        var whole = await File.ReadAllBytesAsync(photo, Cancellation);
        var thumbnail = Path.Combine(folder, "thumbnail");
        await WriteAsync(folder, "good.nef", RawFiles.Make("nef", await File.ReadAllBytesAsync(thumbnail, Cancellation), whole));
        File.Delete(thumbnail);
        foreach (var ending in endings)
        {
            var good = await File.ReadAllBytesAsync(Path.Combine(folder, $"good.{ending}"), Cancellation);
            await WriteAsync(folder, $"{Bad}.{ending}", good[..BadLength]);
        }

        foreach (var (format, file) in RefusedFormats.All) await WriteAsync(folder, NameOfRefused(format), file);
        // Bytes behind the end of a picture do not matter to it.
        await WriteAsync(folder, "large.jpeg", [.. whole, .. new byte[Padding]]);
        return endings;
    }

    private static string NameOfRefused(string format) => $"{Bad} {format}.jpg";

    private static Task WriteAsync(string folder, string name, byte[] bytes) =>
        File.WriteAllBytesAsync(Path.Combine(folder, name), bytes, Cancellation);
}
