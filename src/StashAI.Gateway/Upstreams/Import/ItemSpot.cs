using System.Text.Json;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>A place of a request whose value may be the item.</summary>
/// <param name="Place">A unique name of the place: <c>query 0</c>, <c>field 1</c>, <c>/a/0/b</c> in JSON, <c>body</c>.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Value">The text, with shell variables as marks; JSON for other values.</param>
internal sealed record ItemSpot(string Place, string Name, string Value)
{
    /// <summary>The bytes of a file; null otherwise.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>True for a file, even if its base64 stays text.</summary>
    public bool IsFile { get; init; }

    /// <summary>The prefix of a data URL before the base64; null for none.</summary>
    public string? Prefix { get; init; }

    /// <summary>The depth in the JSON; 1 at the top level.</summary>
    public int Depth { get; init; } = 1;

    public JsonValueKind Kind { get; init; } = JsonValueKind.String;

    public string Type => Bytes is not null ? "file" : Kind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number when Value.AsSpan().IndexOfAny(".eE") < 0 => "integer",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "any",
    };

    /// <summary>Creates a spot from a text, decoding a file from base64.</summary>
    public static ItemSpot Of(string place, string name, string value, int depth = 1) =>
        EncodedFile.Find(value) is { } file
            ? new ItemSpot(place, name, value) { Bytes = file.Bytes, IsFile = true, Prefix = file.Prefix, Depth = depth }
            : new ItemSpot(place, name, value) { Depth = depth };

    /// <summary>The same spot with its base64 text instead of the file.</summary>
    public ItemSpot AsText() => this with { Bytes = null, Prefix = null };
}
