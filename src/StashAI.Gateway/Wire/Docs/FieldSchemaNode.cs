using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>The schema of a field as a part of the document.</summary>
internal static class FieldSchemaNode
{
    public static JsonObject Of(FieldSchema schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) SchemaJson.Write(json, schema);
        var node = JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
        // A field that may hold anything says so.
        foreach (var field in (node["properties"] as JsonObject)?.Select(property => property.Value).OfType<JsonObject>().Where(field => field.Count == 0) ?? [])
            field["description"] = "Any JSON.";
        return node;
    }

    /// <summary>A list of such values with at least one element.</summary>
    public static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = items };
}
