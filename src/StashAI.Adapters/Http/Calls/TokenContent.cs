using System.Globalization;
using System.Net;
using System.Text;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// A rendered text. Its tokens are replaced while it is sent: those of files by base64, so that a file is never completely in memory, and
/// those of large values by their bytes in the item, so that these are in memory once.
/// </summary>
internal sealed class TokenContent : HttpContent
{
    private readonly List<Segment> segments = [];

    /// <summary>A text whose tokens stand for the files and large values of <paramref name="values"/>.</summary>
    public TokenContent(string text, TemplateValues values, string? contentType)
        : this(contentType)
    {
        if (!values.HasTokens)
        {
            segments.Add(new Segment(Encoding.UTF8.GetBytes(text)));
            return;
        }

        var tokenStart = "@" + values.Nonce + ":";
        var at = 0;
        for (int next; (next = text.IndexOf(tokenStart, at, StringComparison.Ordinal)) >= 0;)
        {
            var end = text.IndexOf('@', next + 1);
            var parts = text[(next + tokenStart.Length)..end].Split(':');
            var index = int.Parse(parts[0], CultureInfo.InvariantCulture);
            // The quotes around the token of a JSON value are replaced with it.
            var quote = parts[1][0] == LargeValues.Json ? 1 : 0;
            var before = text[at..(next - quote)];
            at = end + 1 + quote;
            if (parts[1] is ['b' or 'u'])
            {
                var file = values.Files[index];
                segments.Add(new Segment(Encoding.UTF8.GetBytes(before + (parts[1] == "u" ? file.DataUrlPrefix : "")), file));
            }
            else
            {
                segments.Add(new Segment(Encoding.UTF8.GetBytes(before)));
                segments.Add(Of(values.Large[index], parts[1][0]));
            }
        }

        segments.Add(new Segment(Encoding.UTF8.GetBytes(text[at..])));
    }

    /// <summary>A text without tokens, in UTF-8.</summary>
    public TokenContent(ReadOnlyMemory<byte> text, string contentType)
        : this(contentType) => segments.Add(new Segment(text));

    private TokenContent(string? contentType)
    {
        // The declared type is sent unchanged; an empty type means no Content-Type.
        if (contentType is { Length: > 0 }) Headers.TryAddWithoutValidation("Content-Type", contentType);
    }

    /// <summary>Replaces the tokens of a text, for places that cannot be streamed.</summary>
    public static async Task<string> ExpandAsync(
        string text, TemplateValues values, CancellationToken cancellationToken, long maxLength = int.MaxValue)
    {
        if (!values.HasTokens || !text.Contains(values.Nonce, StringComparison.Ordinal)) return text;
        using var content = new TokenContent(text, values, "text/plain");
        if (!content.TryComputeLength(out var length) || length > maxLength)
        {
            throw new FormatException(
                $"The file is too long for this place, which takes at most {maxLength} characters of base64: send it in the body instead.");
        }

        return await content.ReadAsStringAsync(cancellationToken);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var (text, file, decoded) in segments)
        {
            if (decoded is null) await stream.WriteAsync(text, cancellationToken);
            else await JsonEscapes.WriteAsync(text, stream, cancellationToken);
            if (file is not null) await Base64Writer.WriteAsync(stream, file.ReadAsync(cancellationToken), cancellationToken);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        foreach (var (text, file, decoded) in segments)
            length += (decoded ?? text.Length) + (file is null ? 0 : (file.Size + 2) / 3 * 4);
        return true;
    }

    private static Segment Of(ReadOnlyMemory<byte> json, char form)
    {
        if (form == LargeValues.Json) return new Segment(json);
        var content = json[1..^1];
        return form == LargeValues.JsonContent || content.Span.IndexOf((byte)'\\') < 0
            ? new Segment(content)
            : new Segment(content, Decoded: JsonEscapes.CountBytes(content.Span));
    }

    /// <summary>A part of the content.</summary>
    /// <param name="Text">Its bytes; with <paramref name="Decoded"/>, the content of a JSON string.</param>
    /// <param name="File">The file that follows; null for none.</param>
    /// <param name="Decoded">How many bytes the text has without its escapes; null for bytes that are sent as they are.</param>
    private readonly record struct Segment(ReadOnlyMemory<byte> Text, FilePart? File = null, long? Decoded = null);
}
