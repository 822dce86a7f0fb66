using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Adds schemas that types cannot express: free JSON, and fields with an explicit schema.</summary>
internal sealed class ShapeSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(JsonObject)) schema.AdditionalProperties = new OpenApiSchema();
        else if (type == typeof(JsonNode)) schema.Description ??= "Any JSON.";
        // The generator omits fields of any type.
        if (schema is { Type: JsonSchemaType.Array or (JsonSchemaType.Array | JsonSchemaType.Null), Items: null })
        {
            schema.Items = new OpenApiSchema { Description = "Any JSON." };
        }

        if (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(SchemaAttribute), true) is [SchemaAttribute own])
        {
            var given = DocFragment.Read<OpenApiSchema>(DocJson.Object(own.Json), context.Document!);
            (schema.Type, schema.OneOf, schema.Properties, schema.AdditionalProperties) =
                (given.Type, given.OneOf, given.Properties, given.AdditionalProperties);
        }

        return Task.CompletedTask;
    }
}
