using System.Runtime.InteropServices;
using System.Text.Json;

namespace StashAI.Adapters.Http;

/// <summary>Writes JSON values that may be large, without the memory for the worst case of their escapes.</summary>
public static class LargeJson
{
    /// <summary>Values of fewer bytes are written at once.</summary>
    public const int MinBytes = 64 * 1024;

    /// <summary>Writes a value as <see cref="JsonElement.WriteTo"/> does.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Length < MinBytes)
        {
            value.WriteTo(json);
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String when JsonEscapes.CountBytes(raw[1..^1]) is not null:
                JsonEscapes.WriteString(json, raw[1..^1]);
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray()) Write(json, element);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
