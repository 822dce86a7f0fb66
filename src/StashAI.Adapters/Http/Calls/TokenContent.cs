using System.Globalization;
using System.Net;
using System.Text;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// A rendered text. Its file tokens are replaced by base64 while it is sent, so that a file is never completely in memory.
/// </summary>
internal sealed class TokenContent : HttpContent
{
    private readonly List<(ReadOnlyMemory<byte> Text, FilePart? File)> segments = [];

    public TokenContent(string text, TemplateValues values, string? contentType)
    {
        var tokenStart = "@" + values.Nonce + ":";
        var at = 0;
        for (int next; (next = text.IndexOf(tokenStart, at, StringComparison.Ordinal)) >= 0;)
        {
            var end = text.IndexOf('@', next + 1);
            var parts = text[(next + tokenStart.Length)..end].Split(':');
            var file = values.Files[int.Parse(parts[0], CultureInfo.InvariantCulture)];
            segments.Add((Encoding.UTF8.GetBytes(text[at..next] + (parts[1] == "u" ? file.DataUrlPrefix : "")), file));
            at = end + 1;
        }

        segments.Add((Encoding.UTF8.GetBytes(text[at..]), null));
        // The declared type is sent unchanged; an empty type means no Content-Type.
        if (contentType is { Length: > 0 }) Headers.TryAddWithoutValidation("Content-Type", contentType);
    }

    /// <summary>Replaces the tokens of a text, for places that cannot be streamed.</summary>
    public static async Task<string> ExpandAsync(
        string text, TemplateValues values, CancellationToken cancellationToken, long maxLength = int.MaxValue)
    {
        if (!text.Contains(values.Nonce, StringComparison.Ordinal)) return text;
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
        foreach (var (text, file) in segments)
        {
            await stream.WriteAsync(text, cancellationToken);
            if (file is not null) await Base64Writer.WriteAsync(stream, file.ReadAsync(cancellationToken), cancellationToken);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        foreach (var (text, file) in segments) length += text.Length + (file is null ? 0 : (file.Size + 2) / 3 * 4);
        return true;
    }
}
