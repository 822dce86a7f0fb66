using System.Text;
using System.Text.RegularExpressions;
using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Reads the parts of a multipart body in raw form, as copied from a browser.</summary>
internal static partial class MultipartText
{
    /// <summary>Reads the parts of a body in a command.</summary>
    /// <exception cref="ImportException">There are no parts, or a file lacks its bytes.</exception>
    public static CurlBody.Form Read(CurlBody body, string contentType)
    {
        var bytes = body is CurlBody.File file ? file.Bytes : Encoding.UTF8.GetBytes(((CurlBody.Text)body).Value);
        if (Boundary().Match(contentType) is not { Success: true } match)
        {
            throw new ImportException(
                "the header Content-Type says multipart/form-data without a boundary; "
                + "leave the header out, and write the parts as -F NAME=VALUE.");
        }

        var parts = Parts(bytes, match.Groups["value"].Value)
            ?? throw new ImportException(
                "the body does not consist of parts, as its Content-Type says; "
                + "was it copied completely? Write the parts as -F NAME=VALUE.");
        return parts.FirstOrDefault(part => part is { FileName: not null, Bytes.Length: 0 }) is { } empty
            ? throw new ImportException(
                $"the copy does not have the bytes of the file '{empty.FileName}'; "
                + $"write the parts as -F NAME=VALUE, and the file as -F {empty.Name}=@PATH.")
            : new CurlBody.Form(parts);
    }

    /// <summary>Splits a body into parts; null if it has none.</summary>
    public static IReadOnlyList<CurlPart>? Parts(byte[] bytes, string boundary)
    {
        // Latin-1 has a character for each byte.
        var text = "\r\n" + Encoding.Latin1.GetString(bytes);
        var pieces = text.Split("\r\n--" + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(boundary)));
        if (pieces.Length < 3 || !pieces[^1].StartsWith("--", StringComparison.Ordinal) || pieces[0].Trim().Length > 0) return null;
        var parts = new List<CurlPart>();
        foreach (var piece in pieces[1..^1])
        {
            if (!piece.StartsWith("\r\n", StringComparison.Ordinal)
                || piece.IndexOf("\r\n\r\n", StringComparison.Ordinal) is not (var end and >= 0))
            {
                return null;
            }

            var part = Part(piece[..end], Encoding.Latin1.GetBytes(piece[(end + 4)..]));
            if (part is null) return null;
            parts.Add(part);
        }

        return parts;
    }

    public static string? BoundaryOf(string contentType) =>
        Boundary().Match(contentType) is { Success: true } match ? match.Groups["value"].Value : null;

    private static CurlPart? Part(string head, byte[] body)
    {
        var (name, fileName, type) = ((string?)null, (string?)null, (string?)null);
        foreach (var line in head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line));
            if (text.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase))
            {
                name = Value(Name(), text);
                fileName = Value(FileName(), text);
            }
            else if (text.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))
            {
                type = text["Content-Type:".Length..].Trim();
            }
            else
            {
                return null;
            }
        }

        if (name is null) return null;
        return fileName is null && System.Text.Unicode.Utf8.IsValid(body)
            ? new CurlPart(name, Encoding.UTF8.GetString(body), null, type, null)
            : new CurlPart(name, null, body, type, fileName);
    }

    private static string? Value(Regex form, string text) =>
        form.Match(text) is { Success: true } match
            ? match.Groups["value"].Value.Replace("%22", "\"", StringComparison.Ordinal).Replace("%0D", "\r", StringComparison.Ordinal)
                .Replace("%0A", "\n", StringComparison.Ordinal)
            : null;

    [GeneratedRegex("boundary=\"?(?<value>[^\";,]+)\"?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();

    [GeneratedRegex("[; ]name=\"(?<value>[^\"]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("[; ]filename=\"(?<value>[^\"]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
