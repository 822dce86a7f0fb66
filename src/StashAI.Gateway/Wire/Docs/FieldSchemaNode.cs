using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>Converts the schema of a field for the document.</summary>
internal static class FieldSchemaNode
{
    public static JsonObject Of(FieldSchema schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) SchemaJson.Write(json, schema);
        var node = JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
        // Any value is allowed.
        foreach (var field in (node["properties"] as JsonObject)?.Select(property => property.Value).OfType<JsonObject>()
            .Where(field => field.Count == 0)
            ?? [])
        {
            field["description"] = "Any JSON.";
        }

        return node;
    }

    /// <summary>The schema of a list of such values with at least one element.</summary>
    public static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = items };
}
