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
        return JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
    }

    /// <summary>A list of such values with at least one element.</summary>
    public static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = items };
}
