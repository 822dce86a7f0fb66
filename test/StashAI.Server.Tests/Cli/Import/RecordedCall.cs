using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http;

namespace StashAI.Server.Tests.Cli.Import;

/// <summary>One call as it arrived.</summary>
internal sealed partial record RecordedCall(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    private static readonly string[] Plumbing = ["content-length", "expect", "connection", "accept-encoding", "transfer-encoding", "te"];

    private string ContentType =>
        Headers.FirstOrDefault(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value ?? "";

    /// <summary>What a service can tell apart, as lines: two calls with the same lines are the same to it.</summary>
    public IReadOnlyList<string> Lines()
    {
        var parts = Target.Split('?', 2);
        var lines = new List<string> { $"{Method} {Canonical(parts[0])}" };
        if (parts.Length > 1) lines.AddRange(Fields(parts[1]).Select(field => "query " + field));
        lines.AddRange(HeaderLines().Order(StringComparer.Ordinal));
        lines.AddRange(BodyLines());
        return lines;
    }

    private IEnumerable<string> HeaderLines() =>
        Headers.GroupBy(header => header.Key.ToLowerInvariant())
            .Select(
                group => (Name: group.Key, Value: string.Join(group.Key == "cookie" ? "; " : ", ", group.Select(header => header.Value))))
            .Where(header => !Plumbing.Contains(header.Name))
            // What curl says of itself, and nobody asked for.
            .Where(
                header => !(header.Name == "user-agent"
                    && (header.Value.StartsWith("curl/", StringComparison.Ordinal) || header.Value == CallDefaults.UserAgent))
                    && !(header.Name == "accept" && header.Value == "*/*"))
            .Select(header => header.Name switch
            {
                "cookie" => "cookie: " + Regex.Replace(header.Value, "; *", "; "),
                "content-type" when header.Value.StartsWith("multipart/form-data", StringComparison.Ordinal) =>
                    "content-type: multipart/form-data",
                _ => $"{header.Name}: {header.Value}",
            });

    private IEnumerable<string> BodyLines()
    {
        if (ContentType.StartsWith("multipart/form-data", StringComparison.Ordinal)) return PartLines();
        var text = Encoding.Latin1.GetString(Body);
        if (text.TrimStart() is ['{' or '[', ..] && Json() is { } json) return [json];
        if (ContentType.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal)
            && text.Split('&').All(piece => piece.IndexOf('=', StringComparison.Ordinal) > 0))
        {
            return Fields(Encoding.UTF8.GetString(Body)).Select(field => "field " + field);
        }

        return [Json() ?? "body " + Convert.ToHexString(Body) + " " + Encoding.UTF8.GetString(Body)];
    }

    private string? Json()
    {
        try
        {
            var reader = new Utf8JsonReader(Body);
            var tokens = new StringBuilder("json");
            while (reader.Read())
            {
                tokens.Append(' ').Append(reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                    ? Text(ref reader)
                    : Encoding.UTF8.GetString(reader.ValueSpan));
            }

            return tokens.ToString();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return JsonSerializer.Serialize(reader.GetString());
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text: it has to arrive as it was written.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private IEnumerable<string> PartLines()
    {
        var boundary = Boundary().Match(ContentType).Groups[1].Value;
        foreach (var part in ("\r\n" + Encoding.Latin1.GetString(Body)).Split("\r\n--" + boundary)[1..^1])
        {
            var end = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var head = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(part[..end]));
            foreach (var line in head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))
            {
                yield return "part " + line;
            }

            yield return "part " + Convert.ToHexString(Encoding.Latin1.GetBytes(part[(end + 4)..])) + " " + part[(end + 4)..];
        }
    }

    private static IEnumerable<string> Fields(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(piece =>
    {
        var pair = piece.Split('=', 2).Select(one => Encoding.UTF8.GetBytes(one))
            .Select(bytes => WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length)).ToList();
        return string.Join(" = ", pair.Select(bytes => $"{Convert.ToHexString(bytes)} ({Encoding.UTF8.GetString(bytes)})"));
    });

    /// <summary>A path with one spelling where RFC 3986 has several.</summary>
    private static string Canonical(string path)
    {
        var raw = string.Concat(Encoding.UTF8.GetBytes(path).Select(
            one => one is > (byte)' ' and < 0x7F && !"\"<>\\^`{|}[]".Contains((char)one, StringComparison.Ordinal)
                ? ((char)one).ToString()
                : $"%{one:X2}"));
        return Escape().Replace(raw, match =>
        {
            var one = (char)Convert.ToByte(match.Groups[1].Value, 16);
            return char.IsAsciiLetterOrDigit(one) || one is '-' or '.' or '_' or '~' ? one.ToString() : match.Value.ToUpperInvariant();
        });
    }

    [GeneratedRegex("boundary=\"?([^\";]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Boundary();

    [GeneratedRegex("%([0-9A-Fa-f]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
