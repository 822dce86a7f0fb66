using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StashAI.Adapters.Http.Calls;

/// <summary>A JSON pointer (RFC 6901), such as <c>/data/0/embedding</c>; empty for the whole document.</summary>
internal sealed class JsonPointer
{
    private readonly (string Name, byte[] Utf8)[] parts;

    private JsonPointer(string text, string[] parts) =>
        (Text, this.parts) = (text, [.. parts.Select(part => (part, Encoding.UTF8.GetBytes(part)))]);

    public static JsonPointer Root { get; } = new("", []);

    public string Text { get; }

    public bool IsRoot => parts.Length == 0;

    /// <summary>Its parts, from the root.</summary>
    public IEnumerable<string> Names => parts.Select(part => part.Name);

    /// <summary>Reads a pointer; null when the text is not a JSON pointer.</summary>
    public static JsonPointer? Parse(string text)
    {
        if (text.Length == 0) return Root;
        if (text[0] != '/') return null;
        var parts = text[1..].Split('/');
        for (var i = 0; i < parts.Length; i++)
            parts[i] = parts[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return new JsonPointer(text, parts);
    }

    /// <summary>The value at the pointer; null when there is none.</summary>
    public JsonElement? Find(JsonElement root)
    {
        var at = root;
        foreach (var (part, utf8) in parts)
        {
            switch (at.ValueKind)
            {
                case JsonValueKind.Object when JsonText.FindMember(at, part, utf8) is { } member:
                    at = member;
                    break;
                case JsonValueKind.Array when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    && index < at.GetArrayLength():
                    at = at[index];
                    break;
                default:
                    return null;
            }
        }

        return at;
    }

    public override string ToString() => Text;
}
