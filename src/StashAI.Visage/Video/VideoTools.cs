using System.Text.RegularExpressions;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Video;

/// <summary>
/// The programs ffmpeg and ffprobe of this machine. They are not part of this product, and videos are refused without them.
/// </summary>
internal sealed partial class VideoTools
{
    /// <summary>From this version on, the option that passes frames on with their own times has another name.</summary>
    private const int FirstWithFrameMode = 6;

    private int? version;

    public VideoTools(VisageOptions options)
    {
        if (options.Ffmpeg is { Length: 0 }) return;
        Ffmpeg = Find(options.Ffmpeg ?? "ffmpeg");
        var name = Ffmpeg is null ? "" : Path.GetFileName(Ffmpeg).Replace("ffmpeg", "ffprobe", StringComparison.Ordinal);
        var beside = Path.Combine(Path.GetDirectoryName(Ffmpeg) ?? "", name);
        Ffprobe = name.Contains("ffprobe", StringComparison.Ordinal) && File.Exists(beside) ? beside : null;
        Limiter = OperatingSystem.IsLinux() ? Find("prlimit") : null;
    }

    /// <summary>The path of ffmpeg; null when there is none.</summary>
    public string? Ffmpeg { get; }

    /// <summary>The path of ffprobe beside ffmpeg; null when there is none.</summary>
    public string? Ffprobe { get; }

    /// <summary>The program that limits the memory and the processor time of another one; null where there is none.</summary>
    public string? Limiter { get; }

    /// <summary>True when videos can be read.</summary>
    public bool IsAvailable => version is not null;

    /// <summary>The option that keeps ffmpeg from repeating and dropping frames to even out their times.</summary>
    public string FrameMode => version >= FirstWithFrameMode ? "-fps_mode" : "-vsync";

    /// <summary>Asks ffmpeg for its version, and so whether it runs at all.</summary>
    /// <returns>The first line of its answer; null when there is no ffmpeg, or none that runs.</returns>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        if (Ffmpeg is null || Ffprobe is null) return null;
        try
        {
            await using var process = MediaProcess.Start(this, Ffmpeg, ["-version"], TimeSpan.FromSeconds(10), cancellationToken);
            var line = (await process.ReadTextAsync(64 * 1024))?.Split('\n', 2)[0].Trim() ?? "";
            if (!line.StartsWith("ffmpeg version ", StringComparison.Ordinal)) return null;
            version = VersionPattern().Match(line) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, out var number)
                ? number
                : FirstWithFrameMode;
            return line;
        }
        catch (VideoRefusedException)
        {
            return null;
        }
    }

    /// <summary>The path of a program; a name without folders is looked for in the folders of <c>PATH</c>.</summary>
    private static string? Find(string program)
    {
        if (Path.IsPathFullyQualified(program)) return File.Exists(program) ? program : null;
        var file = OperatingSystem.IsWindows() ? $"{program}.exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex("^ffmpeg version n?([0-9]{1,4})[.]")]
    private static partial Regex VersionPattern();
}
