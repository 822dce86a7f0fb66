using System.Text;
using System.Text.Json;

namespace StashAI.Queue.Model.Tasks;

/// <summary>
/// What a client calls an item: the name of its file, its own id, or both. It is kept with the task and stands in every answer about it.
/// </summary>
/// <param name="Name">The name for people, such as <c>summer/img001.jpg</c>; null for none. It need not be unique.</param>
/// <param name="Id">The client's id as JSON, as it was sent; null for none.</param>
public readonly record struct ItemName(string? Name, string? Id)
{
    /// <summary>The most characters of a name, and of an id as JSON.</summary>
    public const int MaxLength = 1024;

    /// <summary>True for an item without a name and without an id.</summary>
    public bool IsNone => Name is null && Id is null;

    /// <summary>The name, or else the id as text; null for neither.</summary>
    public string? Text => Name ?? (Id is { } json ? TextOf(json) : null);

    /// <summary>
    /// A name as it is kept: without spaces at its ends, and with U+FFFD for control characters and unpaired surrogates. Of a longer text
    /// the end is kept, because it has the file's own name. Null for an empty one.
    /// </summary>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var clean = new StringBuilder(text.Length);
        // Enumerating runes yields U+FFFD for invalid text.
        foreach (var rune in text.Trim().EnumerateRunes()) clean.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        if (clean.Length <= MaxLength) return clean.ToString();
        var start = clean.Length - MaxLength + 1;
        if (char.IsLowSurrogate(clean[start])) start++;
        return "…" + clean.ToString(start, clean.Length - start);
    }

    /// <summary>
    /// The client's id in an input, as JSON: its member <c>item_id</c>, or else <c>id</c>. Null for an input without one, and for one that
    /// is no object.
    /// </summary>
    /// <param name="input">A task's input, UTF-8 JSON; may be empty.</param>
    public static string? IdIn(ReadOnlySpan<byte> input)
    {
        if (input.IndexOf("id\""u8) < 0) return null;
        var reader = new Utf8JsonReader(input);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        var (itemId, id) = (default(Range?), default(Range?));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isItemId, isId) = (reader.ValueTextEquals("item_id"u8), reader.ValueTextEquals("id"u8));
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isItemId) itemId = start..(int)reader.BytesConsumed;
            else if (isId) id = start..(int)reader.BytesConsumed;
        }

        return (itemId ?? id) is { } place && !input[place].SequenceEqual("null"u8) ? Encoding.UTF8.GetString(input[place]) : null;
    }

    private static string TextOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ToString();
    }
}
