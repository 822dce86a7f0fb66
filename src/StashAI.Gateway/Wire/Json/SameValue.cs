using System.Text.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Json;

/// <summary>
/// A value that a body may hold in several places. Different values are refused, because only one of them could count, and nobody would
/// notice which. An empty text counts as missing where another place has one, because some clients send every field that they know.
/// </summary>
internal static class SameValue
{
    /// <summary>The text, and the full name of the field that holds it; null when no place has one.</summary>
    /// <exception cref="RequestException">Two places hold different texts.</exception>
    public static (string Text, string Field)? Text(params ReadOnlySpan<(JsonFields Fields, string Name)> places)
    {
        (string Text, string Field)? first = null;
        foreach (var (fields, name) in places)
        {
            if (fields.Text(name) is not { } text || (first is not null && text.Length == 0)) continue;
            if (first is not { Text.Length: > 0 } one) first = (text, fields.NameOf(name));
            else if (text != one.Text) throw Differs(fields, name, one.Field);
        }

        return first;
    }

    /// <summary>A whole number in a range; null when no place has one.</summary>
    /// <exception cref="RequestException">Two places hold different numbers.</exception>
    public static int? Integer(int least, int most, params ReadOnlySpan<(JsonFields Fields, string Name)> places)
    {
        (int Number, string Field)? first = null;
        foreach (var (fields, name) in places)
        {
            if (fields.Integer(name, least, most) is not { } number) continue;
            if (first is not { } one) first = (number, fields.NameOf(name));
            else if (number != one.Number) throw Differs(fields, name, one.Field);
        }

        return first?.Number;
    }

    /// <summary>An object; null when no place has one.</summary>
    /// <exception cref="RequestException">Two places hold different objects.</exception>
    public static JsonElement? Object(params ReadOnlySpan<(JsonFields Fields, string Name)> places) =>
        Container(static (fields, name) => fields.Object(name), places);

    /// <summary>A list; null when no place has one.</summary>
    /// <exception cref="RequestException">Two places hold different lists.</exception>
    public static JsonElement? Array(params ReadOnlySpan<(JsonFields Fields, string Name)> places) =>
        Container(static (fields, name) => fields.Array(name), places);

    /// <summary>A value of any type; null when no place has one.</summary>
    /// <exception cref="RequestException">Two places hold different values.</exception>
    public static JsonElement? Any(params ReadOnlySpan<(JsonFields Fields, string Name)> places) =>
        Container(static (fields, name) => fields.Value(name), places);

    private static JsonElement? Container(
        Func<JsonFields, string, JsonElement?> read, ReadOnlySpan<(JsonFields Fields, string Name)> places)
    {
        (JsonElement Value, string Field)? first = null;
        foreach (var (fields, name) in places)
        {
            if (read(fields, name) is not { } value) continue;
            if (first is not { } one) first = (value, fields.NameOf(name));
            else if (!JsonElement.DeepEquals(value, one.Value)) throw Differs(fields, name, one.Field);
        }

        return first?.Value;
    }

    private static RequestException Differs(JsonFields fields, string name, string first) =>
        fields.Invalid(name, $"differs from {first}; send one of them, or the same value in both.");
}
