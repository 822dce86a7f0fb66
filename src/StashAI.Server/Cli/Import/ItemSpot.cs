using System.Text.Json;

namespace StashAI.Server.Cli.Import;

/// <summary>A place of a request whose value may be the item.</summary>
/// <param name="Place">Where, told apart from all others: `query 0`, `field 1`, `/a/0/b` in JSON, `body`.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Value">Its text; shell variables are marks. JSON for anything else.</param>
internal sealed record ItemSpot(string Place, string Name, string Value)
{
    /// <summary>The bytes where this is a file, or null.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>True for a file, also where its base64 stays a text.</summary>
    public bool IsFile { get; init; }

    /// <summary>The beginning of a data URL in front of base64, or null.</summary>
    public string? Prefix { get; init; }

    /// <summary>How deep it stands in JSON; 1 for a field of the whole.</summary>
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

    /// <summary>A text, or the file that stands behind its base64.</summary>
    public static ItemSpot Of(string place, string name, string value, int depth = 1) =>
        EncodedFile.Find(value) is { } file
            ? new ItemSpot(place, name, value) { Bytes = file.Bytes, IsFile = true, Prefix = file.Prefix, Depth = depth }
            : new ItemSpot(place, name, value) { Depth = depth };

    /// <summary>The same with the text of its base64 in the place of the file.</summary>
    public ItemSpot AsText() => this with { Bytes = null, Prefix = null };
}
