using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>
/// Refuses bodies whose Content-Type says that they are not what the route reads. A body without a type counts as JSON.
/// </summary>
internal static class BodyType
{
    private const string Json = "application/json";

    private static readonly string[] ReadCharsets = ["utf-8", "utf8", "us-ascii", "ascii"];

    /// <summary>Requires JSON in UTF-8.</summary>
    /// <param name="request">The request; its body is only looked at.</param>
    /// <param name="others">What the route reads besides, for the refusal.</param>
    /// <param name="cancellationToken">Cancels the look at the body.</param>
    /// <exception cref="RequestException">415: the body is of another type, or in another charset.</exception>
    public static async Task RequireJsonAsync(HttpRequest request, IReadOnlyList<string> others, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.ContentType)) return;
        var media = Of(request);
        if (media is not (Json or "text/json") && !media.EndsWith("+json", StringComparison.Ordinal)
            && !(IsUsual(media) && await LooksLikeJsonAsync(request.BodyReader, cancellationToken)))
        {
            throw Refused($"The Content-Type '{Excerpt.Of(media)}' is not read here; send {string.Join(", ", [Json, .. others])}.");
        }

        RequireUtf8(request);
    }

    /// <summary>Requires UTF-8 of a body of lines or JSON.</summary>
    /// <exception cref="RequestException">415: the body is in another charset.</exception>
    public static void RequireUtf8(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return;
        if (!IsUtf8(type.CharSet)) throw Refused($"The charset '{Excerpt.Of(type.CharSet!)}' is not read here; send the body in UTF-8.");
    }

    /// <summary>True for a charset whose texts are UTF-8; also for none.</summary>
    public static bool IsUtf8(string? charset) => charset?.Trim('"') is not { Length: > 0 } name
        || ReadCharsets.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The media type in lower case, without its parameters.</summary>
    public static string Of(HttpRequest request) => (request.ContentType ?? "").Split(';', 2)[0].Trim().ToLowerInvariant();

    /// <summary>What <c>curl -d</c> and <c>fetch</c> say of any text unless they are told its type.</summary>
    private static bool IsUsual(string media) => media is "application/x-www-form-urlencoded" or "text/plain";

    /// <summary>Looks at the first character. No form begins so: its encoding escapes brackets.</summary>
    private static async Task<bool> LooksLikeJsonAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var first = FirstOf(read.Buffer);
            var isEnough = read.IsCompleted || read.IsCanceled || first is not null;
            body.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (read.IsCanceled) throw new OperationCanceledException("The reader of the body was cancelled.");
            if (isEnough) return first is null or (byte)'{' or (byte)'[';
        }
    }

    private static byte? FirstOf(ReadOnlySequence<byte> text)
    {
        foreach (var segment in text)
        {
            var at = segment.Span.IndexOfAnyExcept(" \t\r\n"u8);
            if (at >= 0) return segment.Span[at];
        }

        return null;
    }

    private static RequestException Refused(string detail) =>
        new(Problem.FromStatus(StatusCodes.Status415UnsupportedMediaType) with { Detail = detail });
}
