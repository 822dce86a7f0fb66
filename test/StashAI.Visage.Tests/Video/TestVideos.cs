using System.Buffers.Binary;
using System.Diagnostics;

[assembly: AssemblyFixture(typeof(StashAI.Visage.Tests.Video.TestVideos))]

namespace StashAI.Visage.Tests.Video;

/// <summary>
/// Videos of the sample photos, encoded once into the user's cache by the ffmpeg of this machine: photo 1 for ten seconds, grey for five,
/// and photo 3 for five. Without ffmpeg the tests are skipped.
/// </summary>
public sealed class TestVideos : IDisposable
{
    private const string Film = "film.mp4";

    private static readonly Dictionary<string, string> Arguments = new(StringComparer.Ordinal)
    {
        ["film.webm"] = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
        ["film.mkv"] = "-c copy",
        ["film.mov"] = "-c copy",
        ["film.avi"] = "-c:v mpeg4 -q:v 3 -c:a mp2",
        ["film.ts"] = "-c copy",
        ["film.flv"] = "-c copy",
        ["film.wmv"] = "-c:v wmv2 -q:v 3 -c:a wmav2",
        ["film.mpg"] = "-c:v mpeg2video -r 25 -q:v 3 -c:a mp2",
        ["film.ogv"] = "-c:v libtheora -q:v 8 -c:a libvorbis",
        ["hevc.mp4"] = "-c:v libx265 -preset ultrafast -x265-params log-level=error -c:a copy",
        ["av1.mp4"] = "-c:v libaom-av1 -cpu-used 8 -usage realtime -c:a copy",
        ["uneven.mp4"] = "-vf select='lt(t\\,8)+not(mod(n\\,7))' -fps_mode vfr -c:v libx264 -c:a copy",
        ["one-key.mp4"] = "-c:v libx264 -preset veryfast -g 100000 -c:a copy",
        ["wide-pixels.mp4"] = "-vf scale=480:640,setsar=2 -c:v libx264 -c:a copy",
        ["ffv1.mkv"] = "-t 1 -c:v ffv1 -c:a copy",
        ["sound.m4a"] = "-vn -c:a copy",
    };

    private readonly string folder = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "stashai-tests", "videos-1");

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The containers and codecs of the same film.</summary>
    public static IEnumerable<string> Kinds => Arguments.Keys.Where(name => name.StartsWith("film.", StringComparison.Ordinal))
        .Concat([Film, "hevc.mp4", "av1.mp4", "uneven.mp4", "one-key.mp4", "wide-pixels.mp4"]);

    public static bool IsInstalled { get; } = Find("ffmpeg") is not null && Find("ffprobe") is not null;

    public static void SkipIfMissing()
    {
        if (!IsInstalled) Assert.Skip("ffmpeg is not installed; on Debian, test.sh --prepare installs it.");
    }

    /// <summary>A program in a folder of <c>PATH</c>.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(one => Path.Combine(one, name)).FirstOrDefault(File.Exists);

    public async Task<byte[]> ReadAsync(RealFiles files, string name)
    {
        SkipIfMissing();
        files.SkipIfMissing();
        await turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(PathOf(Film))) await EncodeAsync(Film, FilmOf(files));
            if (!File.Exists(PathOf(name))) await EncodeAsync(name, ArgumentsOf(files, name));
            return await File.ReadAllBytesAsync(PathOf(name), TestContext.Current.CancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The film with a matrix that turns it by 90 degrees when it is shown.</summary>
    public async Task<byte[]> ReadTurnedAsync(RealFiles files)
    {
        var film = await ReadAsync(files, "on-its-side.mp4");
        var matrix = film.AsSpan().IndexOf("tkhd"u8) + 44;
        foreach (var (index, value) in new[] { (0, 0), (1, 0x00010000), (3, unchecked((int)0xFFFF0000)), (4, 0) })
            BinaryPrimitives.WriteInt32BigEndian(film.AsSpan(matrix + (index * 4)), value);
        return film;
    }

    /// <summary>Runs ffmpeg.</summary>
    public static async Task RunAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, errors);
    }

    public void Dispose() => turn.Dispose();

    private static string[] FilmOf(RealFiles files) =>
    [
        "-loop", "1", "-t", "10", "-i", files.PathOf(1), "-f", "lavfi", "-t", "5", "-i", "color=gray:s=960x640:r=10", "-loop", "1", "-t",
        "5", "-i", files.PathOf(3), "-f", "lavfi", "-t", "20", "-i", "sine=frequency=440",
        "-filter_complex",
        "[0]scale=960:640,setsar=1,fps=10[a];[1]setsar=1[b];[2]scale=960:640,setsar=1,fps=10[c];[a][b][c]concat=n=3:v=1,format=yuv420p[v]",
        "-map", "[v]", "-map", "3", "-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-c:a", "aac",
    ];

    private string[] ArgumentsOf(RealFiles files, string name) => name switch
    {
        "cover.mp4" =>
        [
            "-i", PathOf(Film), "-i", files.PathOf(6), "-map", "0", "-map", "1", "-c", "copy", "-c:v:1", "mjpeg", "-disposition:v:1",
            "attached_pic",
        ],
        "cover.mkv" =>
        [
            "-i", PathOf(Film), "-c", "copy", "-attach", files.PathOf(6), "-metadata:s:t", "mimetype=image/jpeg", "-metadata:s:t",
            "filename=cover.jpg",
        ],
        "sound-cover.m4a" =>
        [
            "-i", PathOf(Film), "-i", files.PathOf(6), "-map", "0:a", "-map", "1", "-c:a", "copy", "-c:v", "mjpeg", "-disposition:v:0",
            "attached_pic",
        ],
        "on-its-side.mp4" => ["-i", PathOf(Film), "-vf", "transpose=2", "-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-an"],
        "long.mp4" =>
            ["-f", "lavfi", "-i", "testsrc=s=160x96:r=25", "-frames:v", "10000", "-c:v", "libx264", "-preset", "ultrafast", "-g", "250"],
        "small.mp4" => ["-i", PathOf(Film), "-vf", "scale=240:160", "-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-c:a", "copy"],
        "small.webm" => ["-i", PathOf(Film), "-vf", "scale=240:160", .. Arguments["film.webm"].Split(' ')],
        "small.avi" => ["-i", PathOf(Film), "-vf", "scale=240:160", .. Arguments["film.avi"].Split(' ')],
        "small.ts" => ["-i", PathOf(Film), "-vf", "scale=240:160", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "copy"],
        _ => ["-i", PathOf(Film), .. Arguments[name].Split(' ')],
    };

    private async Task EncodeAsync(string name, IEnumerable<string> arguments)
    {
        var unfinished = Path.Combine(folder, $"{Environment.ProcessId}.{name}");
        await RunAsync([.. arguments, unfinished]);
        File.Move(unfinished, PathOf(name), overwrite: true);
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
