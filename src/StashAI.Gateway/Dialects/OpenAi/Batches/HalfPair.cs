using System.Runtime.InteropServices;
using System.Text.Json;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Finds texts and names with half of a surrogate pair, which JSON can write and which are no text.</summary>
internal static class HalfPair
{
    /// <summary>What is wrong with a field that has one, and how to fix it.</summary>
    /// <param name="field">The field; empty for a whole line.</param>
    public static string ReasonOf(string field) =>
        $"{(field.Length == 0 ? "The line" : field)} has half of a surrogate pair (\\ud800 to \\udfff), which is no character: send both halves, or none.";

    /// <summary>The first field with one in a value; null for none. A name with one is a fault of the object that has it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="field">What the value is called; empty for a whole line.</param>
    public static string? Find(JsonElement value, string field) =>
        // Without an escape there is none.
        JsonMarshal.GetRawUtf8Value(value).IndexOf("\\u"u8) < 0 ? null : FindIn(value, field);

    private static string? FindIn(JsonElement value, string field)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return IsText(() => value.GetString()) ? null : field;
            case JsonValueKind.Array:
                return value.EnumerateArray().Select((item, index) => FindIn(item, $"{field}[{index}]"))
                    .FirstOrDefault(found => found is not null);
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    if (!IsText(() => member.Name)) return field;
                    if (FindIn(member.Value, field.Length > 0 ? $"{field}.{member.Name}" : member.Name) is { } found) return found;
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsText(Func<string?> read)
    {
        try
        {
            _ = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
