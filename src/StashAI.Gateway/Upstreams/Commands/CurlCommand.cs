using System.Text;

namespace StashAI.Gateway.Upstreams.Commands;

/// <summary>Writes a captured call as a curl command for a POSIX shell.</summary>
internal static class CurlCommand
{
    /// <summary>A longer body does not fit into an argument of a program (128 KiB on Linux), so it goes through standard input.</summary>
    private const int MaxArgument = 100_000;

    private static readonly HashSet<string> OfConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Length", "Expect", "Connection", "Transfer-Encoding", "Host",
    };

    /// <summary>The command; null if a file is in a place that no command can fill, such as the address.</summary>
    public static string? Write(CapturedCall call, CommandMarks marks)
    {
        var isEscaped = marks.Files.Any(file => Uri.EscapeDataString(Encoding.ASCII.GetString(file.Base64)) is var escaped
            && (call.Url.Contains(escaped, StringComparison.Ordinal) || Find(call.Body, Encoding.ASCII.GetBytes(escaped))
                && escaped.Contains('%', StringComparison.Ordinal)));
        if (isEscaped || marks.Files.Any(file => call.Url.Contains(Encoding.ASCII.GetString(file.Base64), StringComparison.Ordinal)))
            return null;
        var body = call.Body is { } bytes ? Segments(bytes, marks.Files) : [];
        var lines = new List<string> { $"curl -g {Method(call)}{ShellText.Word(call.Url, marks.Secrets)}" };
        var headers = call.Headers.Where(header => !OfConnection.Contains(header.Key)).ToList();
        foreach (var (name, value) in headers)
            lines.Add("-H " + ShellText.Word(value.Length == 0 ? $"{name};" : $"{name}: {value}", marks.Secrets));
        if (call.Body is { } sent && !headers.Exists(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
            lines.Add(sent.Length == 0 ? "-H 'Content-Type;'" : "-H 'Content-Type:'");
        if (call.Body is null) return string.Join(" \\\n  ", lines);
        if (body is [{ File: null }] or [] && call.Body.Length <= MaxArgument && System.Text.Unicode.Utf8.IsValid(call.Body)
            && !call.Body.AsSpan().Contains((byte)0))
        {
            lines.Add("--data-raw " + ShellText.Word(Encoding.UTF8.GetString(call.Body), marks.Secrets));
            return string.Join(" \\\n  ", lines);
        }

        lines.Add("--data-binary @-");
        var parts = body.Select(part => part.File is { } file
            ? file.Command + (part.IsBase64 ? " | base64 | tr -d '\\n'" : "")
            : ShellText.Print(part.Text.Span, marks.Secrets)).ToList();
        var source = parts.Count == 1 ? parts[0] : $"{{ {string.Join("\n  ", parts)}\n}}";
        return $"{source} | {string.Join(" \\\n  ", lines)}";
    }

    /// <summary>The body in pieces: texts, and files as they are or as base64.</summary>
    public static IReadOnlyList<Segment> Segments(ReadOnlyMemory<byte> body, IReadOnlyList<MarkedFile> files)
    {
        var segments = new List<Segment>();
        var rest = body;
        while (true)
        {
            var next = files.SelectMany(file => new[] { (File: file, IsBase64: false), (File: file, IsBase64: true) })
                .Select(one => (one.File, one.IsBase64, At: rest.Span.IndexOf(one.IsBase64 ? one.File.Base64 : one.File.Bytes)))
                .Where(one => one.At >= 0).OrderBy(one => one.At).FirstOrDefault();
            var text = next.File is null ? rest : rest[..next.At];
            if (text.Length > 0) segments.Add(new Segment(text, null, false));
            if (next.File is null) return segments;
            segments.Add(new Segment(default, next.File, next.IsBase64));
            rest = rest[(next.At + (next.IsBase64 ? next.File.Base64 : next.File.Bytes).Length)..];
        }
    }

    private static string Method(CapturedCall call) => call switch
    {
        { Method: "GET", Body: null } or { Method: "POST", Body: not null } => "",
        _ => $"-X {call.Method} ",
    };

    private static bool Find(byte[]? body, byte[] text) => body is not null && body.AsSpan().IndexOf(text) >= 0;

    /// <summary>A piece of a body.</summary>
    /// <param name="Text">The text; empty for a file.</param>
    /// <param name="File">The file; null for a text.</param>
    /// <param name="IsBase64">True if the file is written as base64.</param>
    internal readonly record struct Segment(ReadOnlyMemory<byte> Text, MarkedFile? File, bool IsBase64);
}
