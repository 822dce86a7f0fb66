using System.Text;
using System.Text.Unicode;

namespace StashAI.Adapters.Http;

/// <summary>Turns the text of an answer into UTF-8, by the charset that the answer names or by its byte order mark.</summary>
internal static class AnswerText
{
    /// <summary>
    /// Returns the body as UTF-8 without a byte order mark. It is returned as it is if it is UTF-8 already, or if its charset is unknown.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="charset">The charset that the content type of the answer names; null when it names none.</param>
    /// <param name="isJson">
    /// True for JSON, which must be UTF-8: servers often name another charset only because it is their default.
    /// </param>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> body, string? charset, bool isJson)
    {
        var span = body.Span;
        if (span.StartsWith("\uFEFF"u8)) return body[3..];
        if (span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) && span.Length % 4 == 0) return Convert(Encoding.UTF32, body[4..]);
        if (span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) && span.Length % 2 == 0) return Convert(Encoding.Unicode, body[2..]);
        if (span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) && span.Length % 2 == 0) return Convert(Encoding.BigEndianUnicode, body[2..]);
        if (FindEncoding(charset) is not { } encoding) return isJson && Utf16Of(span) is { } guess ? Convert(guess, body) : body;
        return isJson && encoding.IsSingleByte && Utf8.IsValid(span) ? body : Convert(encoding, body);
    }

    /// <summary>The encoding of a charset; null for UTF-8, for its subset ASCII, and for an unknown charset.</summary>
    private static Encoding? FindEncoding(string? charset)
    {
        var name = charset?.Trim().Trim('"', '\'').ToLowerInvariant();
        if (name is null or "" or "utf-8" or "utf8" or "us-ascii" or "ascii") return null;
        if (name.StartsWith("cp", StringComparison.Ordinal) && int.TryParse(name[2..], out var page))
        {
            name = page is >= 1250 and <= 1258 ? $"windows-{page}" : $"ibm{page}";
        }

        return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? BuiltIn(name);
    }

    private static Encoding? BuiltIn(string name)
    {
        try
        {
            return name == "utf-16" ? Encoding.BigEndianUnicode : Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>JSON starts with two ASCII characters, so zero bytes among them tell UTF-16 (RFC 4627, section 3).</summary>
    private static Encoding? Utf16Of(ReadOnlySpan<byte> body) => body.Length < 4 || body.Length % 2 != 0 ? null
        : body[0] != 0 && body[1] == 0 ? Encoding.Unicode
        : body[0] == 0 && body[1] != 0 ? Encoding.BigEndianUnicode : null;

    private static ReadOnlyMemory<byte> Convert(Encoding encoding, ReadOnlyMemory<byte> body) =>
        Encoding.Convert(encoding, Encoding.UTF8, body.ToArray());
}
