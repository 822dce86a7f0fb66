using System.Text.Json;

namespace StashAI.Adapters.Http.Schemas;

/// <summary>Writes a schema as JSON Schema, for OpenAPI documents and forms.</summary>
public static class SchemaJson
{
    public static void Write(Utf8JsonWriter json, FieldSchema schema)
    {
        json.WriteStartObject();
        if (schema.Type == FieldType.File) WriteFile(json, schema.MediaType);
        else if (schema.Type == FieldType.Secret) WriteSecret(json);
        else if (schema.Type != FieldType.Any) json.WriteString("type", FieldTypeNames.Of(schema.Type));
        if (schema.Description is { } description) json.WriteString("description", description);
        if (schema.Default is { } fallback)
        {
            json.WritePropertyName("default");
            fallback.WriteTo(json);
        }

        if (schema.Choices.Count > 0)
        {
            json.WriteStartArray("enum");
            foreach (var choice in schema.Choices) choice.WriteTo(json);
            json.WriteEndArray();
        }

        WriteNumber(json, "minimum", schema.Min);
        WriteNumber(json, "maximum", schema.Max);
        var counted = schema.Type == FieldType.Array ? "Items" : "Length";
        if (schema.MinLength is { } minimum) json.WriteNumber("min" + counted, minimum);
        if (schema.MaxLength is { } maximum) json.WriteNumber("max" + counted, maximum);
        if (schema.Pattern is { } pattern) json.WriteString("pattern", pattern.ToString());
        if (schema.Type == FieldType.Record) WriteProperties(json, schema);
        if (schema.Element is { } element)
        {
            json.WritePropertyName("items");
            Write(json, element);
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, ExactNumber? number)
    {
        if (number is not { } value) return;
        json.WritePropertyName(name);
        json.WriteRawValue(value.Text);
    }

    private static void WriteSecret(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("format", "password");
        json.WriteBoolean("writeOnly", true);
    }

    private static void WriteFile(Utf8JsonWriter json, string? mediaType)
    {
        json.WriteStartArray("oneOf");
        json.WriteStartObject();
        json.WriteString("type", "string");
        json.WriteString("contentEncoding", "base64");
        if (mediaType is not null) json.WriteString("contentMediaType", mediaType);
        json.WriteEndObject();
        foreach (var name in (ReadOnlySpan<string>)["url", "path"])
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            json.WriteStartObject("properties");
            json.WriteStartObject(name);
            json.WriteString("type", "string");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("required");
            json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter json, FieldSchema schema)
    {
        json.WriteStartObject("properties");
        foreach (var (name, property) in schema.Properties.Where(property => property.Value.Environment is null))
        {
            json.WritePropertyName(name);
            Write(json, property);
        }

        json.WriteEndObject();
        json.WriteStartArray("required");
        foreach (var (name, property) in schema.Properties)
        {
            if (property.IsRequired) json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteBoolean("additionalProperties", false);
    }
}
