using System.Text.Json;
using System.Text.Json.Serialization;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>Writes the times of examples in the format of answers.</summary>
internal sealed class DocTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(WireTime.Text(value));
}
