using System.Net.Http.Headers;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Reads an answer as a declaration with <c>result: {format: text}</c> does.</summary>
public static class PlainAnswer
{
    /// <summary>
    /// The text as JSON; null for bytes that are no text, and for what no service means as its result. Broken JSON is a fault of the
    /// service, a stream is turned off in the request, a page of a website is another address, and pictures and sounds are no text.
    /// </summary>
    /// <param name="body">The decoded body of a successful answer.</param>
    /// <param name="contentType">The content type that the answer names; null for none.</param>
    /// <param name="status">The status of the answer.</param>
    public static TaskOutcome.Completed? Read(ReadOnlyMemory<byte> body, string? contentType, int? status)
    {
        _ = MediaTypeHeaderValue.TryParse(contentType, out var type);
        var media = type?.MediaType?.ToLowerInvariant() ?? "";
        if (!MayBeText(media)) return null;
        var text = AnswerText.ToUtf8(body, type?.CharSet, isJson: false);
        return new DeclaredRules { IsText = true }.ReadSuccess(text, media, new CallReport(status)) as TaskOutcome.Completed;
    }

    private static bool MayBeText(string media) =>
        media is not ("application/json" or "text/event-stream" or "text/html" or "application/xhtml+xml" or "application/octet-stream")
        && !media.EndsWith("+json", StringComparison.Ordinal)
        && !media.StartsWith("image/", StringComparison.Ordinal) && !media.StartsWith("audio/", StringComparison.Ordinal)
        && !media.StartsWith("video/", StringComparison.Ordinal);
}
