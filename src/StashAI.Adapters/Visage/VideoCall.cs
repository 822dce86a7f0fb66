using System.Globalization;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Calls;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Finds the faces of a video with one call of <c>video</c>: the video is the body, and the settings are the query.</summary>
internal static class VideoCall
{
    public static async Task<TaskOutcome> RunAsync(TaskContext context, CancellationToken cancellationToken)
    {
        using var item = JsonText.ParseOrNull(context.Input);
        using var config = JsonText.ParseOrNull(context.Config);
        if (context.Payloads is [var stored])
            return await SendAsync(context, new VideoContent(stored), Query(context, item, config), null, cancellationToken);
        if (ItemFiles.UrlOf(VideoItems.Slot, item?.RootElement) is not { } url)
            return new TaskOutcome.Failed(ErrorKind.InvalidInput, "The task has no video.", CallReport.None);
        var (answer, failure) = await ItemFiles.OpenUrlAsync(VideoItems.Slot, url, context.Fetch, cancellationToken);
        if (answer is null) return failure!;
        using (answer)
            return await SendAsync(context, new VideoContent(answer.Content), Query(context, item, config), url, cancellationToken);
    }

    private static async Task<TaskOutcome> SendAsync(
        TaskContext context, VideoContent video, string query, string? url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(context.Upstream) { Query = query }.Uri)
        {
            Content = video,
        };
        // A service that refuses videos says so before the video is sent.
        request.Headers.ExpectContinue = true;
        request.Headers.Add(KeptFaces.Header, KeptFaces.HeaderValue);
        var outcome = await UpstreamCall.SendAsync(context, request, VideoRules.Instance, cancellationToken);
        return video.SourceFailure is { } failure ? ItemFiles.CutOff(VideoItems.Slot, url!, failure) : outcome;
    }

    /// <summary>The settings of the item, which come before those of its job.</summary>
    private static string Query(TaskContext context, JsonDocument? item, JsonDocument? config)
    {
        var faces = VisageConfig.Read(context.Config.Span).With(context.Input);
        List<(string Name, string? Value)> parameters =
        [
            ("threshold", faces.Threshold?.ToString("R", CultureInfo.InvariantCulture)),
            ("results", faces.MaxFaces?.ToString(CultureInfo.InvariantCulture)),
            .. VideoItems.Settings.Select(setting => (setting.Key, Text(item, setting.Key) ?? Text(config, setting.Key))),
        ];
        return string.Join(
            '&', parameters.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }

    private static string? Text(JsonDocument? from, string name) =>
        from is { RootElement: { ValueKind: JsonValueKind.Object } root } && root.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? value.ToString()
            : null;
}

/// <summary>The rules for videos: a service without ffmpeg has none the next minute either.</summary>
internal sealed class VideoRules : AnswerRules
{
    private const int NotImplemented = 501;

    public static VideoRules Instance { get; } = new();

    public override TaskOutcome ReadSuccess(ReadOnlyMemory<byte> body, string? mediaType, CallReport call) =>
        KeptFaces.TakeFrom(base.ReadSuccess(body, mediaType, call));

    public override StatusMeaning Meaning(int status, bool hasRetryAfter) =>
        status == NotImplemented ? StatusMeaning.Fail : base.Meaning(status, hasRetryAfter);
}
