using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>A part of a result: a JSON pointer (RFC 6901), in which `*` stands for every element of a list.</summary>
/// <param name="Name">What the part is called.</param>
/// <param name="IsNamed">True when the person gave it a name.</param>
/// <param name="Path">The way to it.</param>
internal sealed record Pointer(string Name, bool IsNamed, IReadOnlyList<string> Path)
{
    /// <summary>Reads <c>/data/0/text</c>, or <c>NAME=/data/0/text</c>.</summary>
    public static Pointer Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var (name, path) = at > 0 && !text.StartsWith('/') ? (text[..at], text[(at + 1)..]) : ((string?)null, text);
        if (!path.StartsWith('/'))
            throw new UsageException($"--select must be a JSON pointer such as /text or name=/data/0/text, not '{text}'.");
        string[] parts =
            [.. path[1..].Split('/')
                .Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        return new(name ?? parts.LastOrDefault(part => part != "*") ?? "value", name is not null, parts);
    }

    /// <summary>The part; null where the result has none.</summary>
    public JsonNode? Select(JsonElement? result)
    {
        if (result is not { } root) return null;
        var found = Find(root, 0).ToList();
        if (!Path.Contains("*")) return found is [var only] ? JsonNode.Parse(only.GetRawText()) : null;
        return new JsonArray([.. found.Select(one => JsonNode.Parse(one.GetRawText()))]);
    }

    /// <summary>The part as a text: a list as its elements with semicolons between them.</summary>
    public string Text(JsonElement? result) => TextOf(Select(result));

    public static string TextOf(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray list when list.All(one => one is JsonValue) => string.Join("; ", list.Select(TextOf)),
        _ => Remote.JsonLines.Text(node),
    };

    private IEnumerable<JsonElement> Find(JsonElement at, int depth)
    {
        if (depth == Path.Count) return [at];
        var part = Path[depth];
        return at.ValueKind switch
        {
            JsonValueKind.Object when at.TryGetProperty(part, out var member) => Find(member, depth + 1),
            JsonValueKind.Array when part == "*" => at.EnumerateArray().SelectMany(one => Find(one, depth + 1)),
            JsonValueKind.Array when int.TryParse(part, out var index) && index >= 0 && index < at.GetArrayLength() =>
                Find(at[index], depth + 1),
            _ => [],
        };
    }
}
