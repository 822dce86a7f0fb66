using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Writes texts as YAML without changing them.</summary>
internal static class YamlText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a text as JSON, which is YAML.</summary>
    public static string Of(string text) =>
        JsonValue.Create(text).ToJsonString(Readable).Replace("\u007F", "\\u007f", StringComparison.Ordinal);

    /// <summary>Writes a key with a longer text, in a readable style if possible.</summary>
    public static IEnumerable<string> Write(string key, string text)
    {
        var lines = text.Split('\n');
        var isPlain = text.All(one => one is (>= ' ' and <= '~') or '\n' || (one > '\u00A0' && char.IsLetter(one)));
        if (!isPlain || text.Length == 0) return [$"{key}: {Of(text)}"];
        if (lines.Length == 1) return [$"{key}: '{text.Replace("'", "''", StringComparison.Ordinal)}'"];
        var isBlock = lines[0].Length > 0 && lines[0][0] != ' ' && lines.All(line => line.Length == 0 || line.Trim().Length > 0)
            && lines[^1].Length > 0;
        return isBlock ? [$"{key}: |-", .. lines.Select(line => line.Length == 0 ? "" : "  " + line)] : [$"{key}: {Of(text)}"];
    }
}
