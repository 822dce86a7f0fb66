using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Creates an example value for a schema.</summary>
internal static class SchemaExample
{
    private const string Words = "The house is red.";

    /// <summary>The value; null when none can be created, such as for a text with a pattern.</summary>
    public static JsonNode? Of(FieldSchema schema)
    {
        if (schema.Default is { } value) return JsonNode.Parse(value.GetRawText());
        if (schema.Choices.Count > 0) return JsonNode.Parse(schema.Choices[0].GetRawText());
        return schema.Type switch
        {
            FieldType.Text => schema.Pattern is null ? Text(schema) : null,
            FieldType.WholeNumber or FieldType.Number => Number(schema),
            FieldType.Boolean => true,
            FieldType.File => "aGVsbG8=",
            FieldType.Array => List(schema),
            FieldType.Record => Fields(schema),
            _ => JsonValue.Create(Words),
        };
    }

    private static string Text(FieldSchema schema)
    {
        var text = schema.MaxLength < Words.Length ? Words[..schema.MaxLength.Value] : Words;
        return schema.MinLength > text.Length && schema.MinLength < 1000 ? text.PadRight(schema.MinLength.Value, '.') : text;
    }

    private static JsonNode? Number(FieldSchema schema)
    {
        var one = ExactNumber.Of(1);
        var number = schema.Min ?? (schema.Max < one ? schema.Max.Value : one);
        if (schema.Type != FieldType.WholeNumber || number.IsInteger) return JsonNode.Parse(number.Text);
        return number.ToDecimal() is not { } value
            ? null
            : JsonValue.Create(schema.Min is null ? decimal.Floor(value) : decimal.Ceiling(value));
    }

    private static JsonArray? List(FieldSchema schema)
    {
        var list = new JsonArray();
        for (var i = 0; i < Math.Clamp(schema.MinLength ?? 1, 1, 10); i++)
        {
            if (Of(schema.Element ?? FieldSchema.Any) is not { } element) return null;
            list.Add(element);
        }

        return list;
    }

    private static JsonObject? Fields(FieldSchema schema)
    {
        var fields = new JsonObject();
        foreach (var (name, property) in schema.Properties)
        {
            if (property is { IsRequired: false, Default: null } or { Environment: not null }) continue;
            if (Of(property) is not { } value) return null;
            fields[name] = value;
        }

        return fields;
    }
}
