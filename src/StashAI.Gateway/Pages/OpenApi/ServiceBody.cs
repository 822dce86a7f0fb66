using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Describes the bodies of a service's routes: JSON, NDJSON, and a form if items have files.</summary>
/// <param name="entry">The service.</param>
/// <param name="operations">The operations of the route.</param>
internal sealed class ServiceBody(ServiceEntry entry, IReadOnlyList<ServiceOperation> operations)
{
    public JsonObject Write(bool isSingle)
    {
        var content = new JsonObject { ["application/json"] = Media(Reference(RequestName(isSingle)), Example(isSingle)) };
        if (!isSingle) content["application/x-ndjson"] = Media(Item(), null);
        var files = operations.SelectMany(operation => operation.FileFields).Distinct().ToList();
        if (files.Count > 0) content["multipart/form-data"] = Media(Form(files), null);
        return new JsonObject { ["required"] = true, ["content"] = content };
    }

    /// <summary>The components that describe the JSON bodies of a service's routes.</summary>
    public static IEnumerable<(string Name, JsonObject Schema)> Components(ServiceEntry entry)
    {
        var all = new ServiceBody(entry, entry.Operations);
        yield return (all.RequestName(true), all.Document(true));
        yield return (all.RequestName(false), all.Document(false));
        if (entry.Operations.Count < 2) yield break;
        foreach (var operation in entry.Operations)
        {
            var one = new ServiceBody(entry, [operation]);
            yield return (one.RequestName(false), one.Document(false));
        }
    }

    /// <summary>The names of the components that the bodies refer to.</summary>
    public static string ItemName(ServiceEntry entry, ServiceOperation operation) => $"{entry.Name}.{operation.Name}.item";

    /// <inheritdoc cref="ItemName"/>
    public static string ConfigName(ServiceEntry entry) => $"{entry.Name}.config";

    private string RequestName(bool isSingle) =>
        isSingle
            ? $"{entry.Name}.task.request"
            : operations.Count == entry.Operations.Count ? $"{entry.Name}.request" : $"{entry.Name}.{operations[0].Name}.request";

    private JsonObject Document(bool isSingle)
    {
        var list = FieldSchemaNode.ListOf(Item());
        if (isSingle) list["maxItems"] = 1;
        var properties = new JsonObject { ["items"] = list };
        if (isSingle) properties["item"] = Item();
        properties["config"] = Reference(ConfigName(entry));
        foreach (var name in ConfigSchema.AddressFields(entry)) properties[name] = ConfigSchema.Address();
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (isSingle) schema["description"] = "The item stands in `item`, or alone in `items`.";
        string[] required = [.. isSingle ? [] : new[] { "items" }, .. ConfigSchema.IsRequired(entry) ? new[] { "config" } : []];
        if (required.Length > 0) schema["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        return schema;
    }

    private JsonObject Item()
    {
        JsonNode[] items = [.. operations.Select(operation => Reference(ItemName(entry, operation)))];
        return items is [JsonObject only] ? only : new JsonObject { ["anyOf"] = new JsonArray(items) };
    }

    private JsonObject? Example(bool isSingle)
    {
        // A plug-in declares only where an item has files.
        if (operations[0].Item.Type == FieldType.Any && operations[0].FileFields.Count > 0) return null;
        if (SchemaExample.Of(operations[0].Item) is not { } item) return null;
        var example = new JsonObject();
        if (isSingle) example["item"] = item;
        else example["items"] = new JsonArray(item);
        if (entry.Config.Type != FieldType.Record) return example;
        if (SchemaExample.Of(entry.Config) is not { } config) return null;
        if (config.AsObject().Count > 0) example["config"] = config;
        return example;
    }

    /// <summary>A form: each file is an item; the texts before it are its other properties, or configuration keys.</summary>
    private JsonObject Form(IReadOnlyList<string> files)
    {
        var properties = new JsonObject();
        foreach (var name in files)
        {
            properties[name.Length == 0 ? "files" : name] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string", ["contentMediaType"] = "application/octet-stream" },
                ["description"] = "Each file is an item.",
            };
        }

        foreach (var (name, property) in operations.SelectMany(operation => operation.Item.Properties))
        {
            if (property.Type != FieldType.File) properties[name] = FieldSchemaNode.Of(property);
        }

        foreach (var (name, property) in entry.Config.Properties) properties[name] = FieldSchemaNode.Of(property);
        properties["config"] =
            new JsonObject { ["type"] = "string", ["description"] = "Further keys of the configuration, as a JSON object." };
        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject Media(JsonObject schema, JsonNode? example)
    {
        var media = new JsonObject { ["schema"] = schema };
        if (example is not null) media["example"] = example;
        return media;
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };
}
