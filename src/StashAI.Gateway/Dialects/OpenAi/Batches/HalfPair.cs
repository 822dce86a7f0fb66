using System.Runtime.InteropServices;
using System.Text.Json;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Finds texts and names with half of a surrogate pair, which JSON can write and which are no text.</summary>
internal static class HalfPair
{
    /// <summary>What is wrong with a field that has one, and how to fix it.</summary>
    /// <param name="field">The field; empty for a whole line.</param>
    public static string ReasonOf(string field) =>
        $"{(field.Length == 0 ? "The line" : field)} has half of a surrogate pair (\\ud800 to \\udfff), which is no character: "
        + "send both halves, or none.";

    /// <summary>The first field with one in a value; null for none. A name with one is a fault of the object that has it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="field">What the value is called; empty for a whole line.</param>
    public static string? Find(JsonElement value, string field)
    {
        // Only escapes can write one. Many lines have others, such as \u00e9.
        var json = JsonMarshal.GetRawUtf8Value(value);
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0) return null;
        return Below(value) is { } path ? field.Length == 0 && path.StartsWith('.') ? path[1..] : field + path : null;
    }

    /// <summary>The way from a value to the first of its fields that has one, empty for the value itself; null for none.</summary>
    private static string? Below(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return IsText(() => value.GetString()) ? null : "";
            case JsonValueKind.Array:
                return value.EnumerateArray().Select((item, index) => Below(item) is { } rest ? $"[{index}]{rest}" : null)
                    .FirstOrDefault(found => found is not null);
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    if (!IsText(() => member.Name)) return "";
                    if (Below(member.Value) is { } rest) return $".{member.Name}{rest}";
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
