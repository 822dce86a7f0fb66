using System.Globalization;
using System.Text.Json;

namespace StashAI.Visage.Video;

/// <summary>Asks ffprobe which streams of pictures a file has.</summary>
internal static class VideoProbe
{
    /// <summary>The longer edge of analysed frames.</summary>
    private const int MaxEdge = 1920;

    private const int MaxAnswerBytes = 1 << 20;

    /// <exception cref="VideoRefusedException">The file is not a video that can be read.</exception>
    public static async Task<VideoInfo> ReadAsync(
        VideoTools tools, VideoFile file, long maxPixels, TimeSpan processorTime, CancellationToken cancellationToken)
    {
        await using var process = MediaProcess.Start(
            tools,
            tools.Ffprobe!,
            [
                "-v", "error", "-hide_banner", .. VideoArguments.Input(file, maxPixels), "-select_streams", "v",
                "-show_entries",
                "format=duration:stream=index,codec_name,width,height,sample_aspect_ratio,duration"
                + ":stream_disposition=attached_pic,default:stream_side_data=rotation",
                "-of", "json", "-i", VideoArguments.Url(file),
            ],
            processorTime,
            cancellationToken);
        var text = await process.ReadTextAsync(MaxAnswerBytes);
        cancellationToken.ThrowIfCancellationRequested();
        if (text is null) throw new VideoRefusedException("has too many streams");
        var (isSuccess, messages) = await process.EndAsync(cancellationToken);
        if (!isSuccess) throw new VideoRefusedException(VideoMessages.Refusal(messages, file));
        using var document = JsonDocument.Parse(text);
        return Read(document.RootElement, maxPixels);
    }

    private static VideoInfo Read(JsonElement answer, long maxPixels)
    {
        var streams = answer.TryGetProperty("streams", out var list) ? list.EnumerateArray().ToList() : [];
        var films = streams.Where(stream => !Flag(stream, "attached_pic")).OrderByDescending(stream => Flag(stream, "default")).ToList();
        if (films.Count == 0) throw new VideoRefusedException("has no moving pictures, only sound, a cover, or other streams");
        if (films.Where(CanBeDecoded).Take(1).ToList() is not [var film])
        {
            throw new VideoRefusedException(
                $"is encoded as {Text(films[0], "codec_name") ?? "an unknown codec"}; these codecs are read: "
                + string.Join(", ", VideoFormats.Codecs));
        }

        var covers = streams.Where(stream => Flag(stream, "attached_pic") && CanBeDecoded(stream)
            && Size(stream) is var (width, height) && (long)width * height <= maxPixels).Take(1).ToList();
        var seconds = (answer.TryGetProperty("format", out var format) ? Number(format, "duration") : null) ?? Number(film, "duration");
        return new(Of(film, maxPixels), covers is [var cover] ? Of(cover, maxPixels) : null, seconds > 0 ? seconds : null);
    }

    private static bool CanBeDecoded(JsonElement stream) =>
        Text(stream, "codec_name") is { } codec && VideoFormats.Codecs.Contains(codec);

    private static VideoStream Of(JsonElement stream, long maxPixels)
    {
        if (Size(stream) is not var (width, height)) throw new VideoRefusedException("has no pictures that can be decoded");
        if ((long)width * height > maxPixels)
        {
            throw new VideoRefusedException(
                $"has frames of {width} x {height} pixels; at most {maxPixels:N0} pixels are allowed (setting VISAGE_MAX_PIXELS)");
        }

        // Pixels that are not square would make faces wide or narrow.
        var (shownWidth, shownHeight) = (width * Aspect(stream), (double)height);
        if (IsOnItsSide(stream)) (shownWidth, shownHeight) = (shownHeight, shownWidth);
        var scale = Math.Min(1, MaxEdge / Math.Max(shownWidth, shownHeight));
        return new(
            stream.GetProperty("index").GetInt32(),
            Math.Max(1, (int)Math.Round(shownWidth * scale)),
            Math.Max(1, (int)Math.Round(shownHeight * scale)));
    }

    private static (int Width, int Height)? Size(JsonElement stream) =>
        Number(stream, "width") is { } width and >= 1 and <= 65_535 && Number(stream, "height") is { } height and >= 1 and <= 65_535
            ? ((int)width, (int)height)
            : null;

    private static double Aspect(JsonElement stream)
    {
        var parts = (Text(stream, "sample_aspect_ratio") ?? "").Split(':');
        var ratio = parts is [var over, var under] && int.TryParse(over, out var numerator) && int.TryParse(under, out var denominator)
            && denominator > 0
            ? (double)numerator / denominator
            : 1;
        return ratio is >= 0.1 and <= 10 ? ratio : 1;
    }

    private static bool IsOnItsSide(JsonElement stream) =>
        stream.TryGetProperty("side_data_list", out var list) && list.ValueKind == JsonValueKind.Array
        && list.EnumerateArray().Any(data => Number(data, "rotation") is { } turn && Math.Abs(Math.Round(turn / 90)) % 2 == 1);

    private static bool Flag(JsonElement stream, string name) =>
        stream.TryGetProperty("disposition", out var flags) && Number(flags, name) == 1;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A finite number; ffprobe writes times as texts.</summary>
    private static double? Number(JsonElement element, string name) => !element.TryGetProperty(name, out var value)
        ? null
        : double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;
}
