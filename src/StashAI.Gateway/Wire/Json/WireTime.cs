using System.Globalization;
using System.Text.Json;

namespace StashAI.Gateway.Wire.Json;

/// <summary>Writes times as in RFC 3339: UTC, with milliseconds and <c>Z</c> (C-23).</summary>
internal static class WireTime
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is not { } value)
        {
            json.WriteNull(name);
            return;
        }

        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    /// <summary>Formats a time as in answers.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
