using System.Diagnostics;
using System.Globalization;

[assembly: AssemblyFixture(typeof(StashAI.Visage.Tests.Formats.EncodedPhotos))]

namespace StashAI.Visage.Tests.Formats;

/// <summary>
/// The sample photos in other formats, encoded once into the user's cache: HEIC by heif-enc of Debian's package libheif-examples, the
/// others by ImageMagick.
/// </summary>
public sealed class EncodedPhotos : IDisposable
{
    private const string HeifEncoder = "/usr/bin/heif-enc";
    private const string Encoder = "StashAI.PictureEncoder.dll";

    private readonly string folder = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "stashai-tests", "encoded-1");

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>A sample photo in a form that StashAI.PictureEncoder knows, or <c>heic</c>.</summary>
    public async Task<byte[]> ReadAsync(RealFiles files, int sample, string form)
    {
        files.SkipIfMissing();
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"sample{sample}.{form}"));
        await turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(folder);
                await EncodeAsync(files.PathOf(sample), form, path);
            }

            return await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>As <see cref="ReadAsync"/>; null if the form is HEIC and heif-enc is not installed.</summary>
    public async Task<byte[]?> TryReadAsync(RealFiles files, int sample, string form) =>
        form.EndsWith("heic", StringComparison.Ordinal) && !HasHeifEncoder() ? null : await ReadAsync(files, sample, form);

    public void Dispose() => turn.Dispose();

    private static async Task EncodeAsync(string input, string form, string output)
    {
        if (form == "small-heic")
        {
            // The encoder reads a smaller photo from a file.
            var small = $"{output}.{Environment.ProcessId}.jpg";
            await RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, Encoder), input, $"small-jpeg={small}"]);
            await EncodeAsync(small, "heic", output);
            File.Delete(small);
            return;
        }

        if (form != "heic")
        {
            await RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, Encoder), input, $"{form}={output}"]);
            return;
        }

        if (!HasHeifEncoder())
            Assert.Skip("HEIC photos cannot be made: heif-enc (package libheif-examples) is not installed.");
        var unfinished = $"{output}.{Environment.ProcessId}.heic";
        await RunAsync(HeifEncoder, ["-q", "70", "-o", unfinished, input]);
        File.Move(unfinished, output, overwrite: true);
    }

    private static bool HasHeifEncoder() => File.Exists(HeifEncoder);

    private static async Task RunAsync(string command, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {errors} {await output}");
    }
}
