using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Requests;

/// <summary>Reads both forms of a <see cref="NameList"/>.</summary>
internal sealed class NameListConverter : JsonConverter<NameList>
{
    public override NameList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new(reader.GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("must be a list of names, or one text of names separated by commas");

        var names = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException("must be a list of names; every name must be a string");
            names.Add(reader.GetString()!);
        }

        return new(names);
    }

    public override void Write(Utf8JsonWriter writer, NameList value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var name in value.Names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }
}
