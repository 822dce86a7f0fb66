using System.Buffers;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace StashAI.Adapters.Http;

/// <summary>Says what is wrong with a successful answer that is not one JSON value, and where.</summary>
/// <param name="Message">A sentence for people.</param>
/// <param name="MayPass">True when the same request may get a whole answer later.</param>
internal sealed partial record AnswerDefect(string Message, bool MayPass = false)
{
    /// <summary>A page's title is looked for only this far.</summary>
    private const int MaxHead = 16 * 1024;

    private const int MaxTitle = 120;

    /// <summary>Finds what is wrong; null when the body is one JSON value.</summary>
    /// <param name="body">The body as UTF-8.</param>
    /// <param name="mediaType">The media type that the answer names, or null.</param>
    /// <param name="wanted">What the answer should be, for people.</param>
    public static AnswerDefect? Find(ReadOnlySpan<byte> body, string? mediaType, string wanted = "JSON")
    {
        if (FindInvalidByte(body) is { } broken)
        {
            return FindPage(body, mediaType, wanted)
                ?? new AnswerDefect(
                    $"The service's answer is not valid UTF-8: byte 0x{body[broken]:X2} at offset {broken}. "
                    + "Its Content-Type should name the charset that it has.");
        }

        if (JsonDefect.Find(body) is not { } defect) return null;
        if (body.Trim(" \t\r\n"u8).IsEmpty) return new AnswerDefect($"The service's answer is empty instead of {wanted}.");
        return FindPage(body, mediaType, wanted) ?? FindStream(body, mediaType, defect) ?? Describe(body, defect);
    }

    /// <summary>The offset of the first byte that is not UTF-8; null when there is none.</summary>
    public static int? FindInvalidByte(ReadOnlySpan<byte> body)
    {
        var at = System.Text.Unicode.Utf8.IsValid(body) ? body.Length : 0;
        while (at < body.Length)
        {
            // ASCII is by far the most of it and is skipped fast.
            var next = body[at..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (next < 0) return null;
            at += next;
            if (Rune.DecodeFromUtf8(body[at..], out _, out var length) != OperationStatus.Done) return at;
            at += length;
        }

        return null;
    }

    /// <summary>Says that an answer is a page of a website; null when it is none.</summary>
    public static AnswerDefect? FindPage(ReadOnlySpan<byte> body, string? mediaType, string wanted)
    {
        var head = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxHead)]).TrimStart();
        if (head.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) && !head.Contains("<html", StringComparison.OrdinalIgnoreCase))
            return new AnswerDefect($"The service's answer is XML instead of {wanted}: check the path, or set format: text.");
        var isPage = mediaType is "text/html" or "application/xhtml+xml"
            || head.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || head.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
        if (!isPage) return null;
        var title = TitlePattern().Match(head) is { Success: true } match
            ? SpacePattern().Replace(WebUtility.HtmlDecode(match.Groups[1].Value), " ").Trim()
            : "";
        var named = title.Length > 0 ? $" with the title '{JsonText.Truncate(title, MaxTitle)}'" : "";
        return new AnswerDefect(
            $"The service's answer is an HTML page{named} instead of {wanted}: check the address and the path. "
            + "A login page or a proxy may have answered.");
    }

    private static AnswerDefect? FindStream(ReadOnlySpan<byte> body, string? mediaType, JsonDefect defect)
    {
        const string Fix = "Turn streaming off in the request, usually with \"stream\": false.";
        if (mediaType == "text/event-stream" || body.StartsWith("data:"u8) || body.StartsWith("event:"u8))
            return new AnswerDefect($"The service's answer is a stream of events (text/event-stream) instead of one JSON value. {Fix}");
        if (defect.Kind != JsonDefectKind.SeveralValues) return null;
        var isStream = mediaType is "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines"
            or "application/jsonlines" or "application/stream+json"
            || (defect.Offset < body.Length && body[defect.Offset] is (byte)'{' or (byte)'[');
        return isStream ? new AnswerDefect("The service's answer is a stream of several JSON values (JSON lines) instead of one; the "
            + $"second starts at byte {defect.Offset}. {Fix}") : null;
    }

    private static AnswerDefect Describe(ReadOnlySpan<byte> body, JsonDefect defect)
    {
        var place = defect.Path.Length > 0 ? $"at {defect.Path} (byte {defect.Offset})" : $"at byte {defect.Offset}";
        return defect.Kind switch
        {
            JsonDefectKind.TooDeep => new AnswerDefect(
                $"The service's answer is JSON with more than {JsonDefect.MaxDepth} objects and arrays inside each other (byte "
                + $"{defect.Offset}), which is not read."),
            JsonDefectKind.NaN => NotANumber("NaN"),
            JsonDefectKind.Infinity => NotANumber("Infinity"),
            JsonDefectKind.NegativeInfinity => NotANumber("-Infinity"),
            JsonDefectKind.EndsEarly => new AnswerDefect(
                $"The service's answer is not JSON: it ends early, after {body.Length} "
                + $"bytes{(defect.Path.Length > 0 ? $", at {defect.Path}" : "")}.",
                MayPass: true),
            JsonDefectKind.SeveralValues => new AnswerDefect(
                $"The service's answer is not JSON: {Shown(body, defect.Offset)} follows the value at byte {defect.Offset}."),
            _ => new AnswerDefect($"The service's answer is not JSON: {Shown(body, defect.Offset)} is unexpected {place}."),
        };

        AnswerDefect NotANumber(string name) =>
            new($"The service's answer is not JSON: it has {name} {place}, and JSON has no such number.");
    }

    private static string Shown(ReadOnlySpan<byte> body, int offset)
    {
        if (offset >= body.Length || Rune.DecodeFromUtf8(body[offset..], out var rune, out _) != OperationStatus.Done) return "the end";
        return Rune.IsControl(rune) ? $"U+{rune.Value:X4}" : $"'{rune}'";
    }

    [GeneratedRegex("<title[^>]*>(.*?)</title", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TitlePattern();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex SpacePattern();
}
