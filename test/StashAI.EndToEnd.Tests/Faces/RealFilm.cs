using System.Diagnostics;
using StashAI.EndToEnd.Tests.Demo;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>Films of the sample photos, made by the real ffmpeg.</summary>
internal static class RealFilm
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Writes a film of some sample photos, one after the other for some seconds each, with a key frame each second.</summary>
    public static async Task MakeAsync(RealFiles files, string path, int seconds, params int[] samples)
    {
        var inputs = samples.SelectMany(sample => (string[])
        [
            "-loop", "1", "-t", $"{seconds}", "-i", Path.Combine(files.PhotosDirectory, $"sample{sample}.jpg"),
        ]);
        var scenes = samples.Select((_, i) => $"[{i}:v]scale=960:640,setsar=1,fps=10,format=yuv420p[s{i}]");
        var filter = $"{string.Join(';', scenes)};{string.Concat(samples.Select((_, i) => $"[s{i}]"))}concat=n={samples.Length}:v=1:a=0";
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", .. inputs, "-filter_complex", filter, "-g", "10", path]))!;
            await process.WaitForExitAsync(Cancellation);
            Assert.Equal(0, process.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("ffmpeg is not installed; on Debian, test.sh --prepare installs it.");
        }
    }
}
