using System.Text.Json.Nodes;
using StashAI.Adapters.Visage;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>The bodies of comparisons, from the schemas that check their items.</summary>
internal static class CompareSchemas
{
    public static JsonObject Pairs() => Body("visage-compare", new JsonObject { ["items"] = FieldSchemaNode.ListOf(FieldSchemaNode.Of(CompareItems.PairItem)) });

    public static JsonObject OneToMany() => Body(
        "visage-one-to-many", new JsonObject { ["target"] = PhotoOrPerson("A base64 photo."), ["items"] = FieldSchemaNode.ListOf(PhotoOrPerson("A base64 photo.")) });

    private static JsonObject Body(string id, JsonObject properties)
    {
        var required = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]);
        properties["visage_api_url"] = new JsonObject { ["type"] = "string", ["description"] = "Another instance of the service." };
        var config = ExampleSchema.Of(Examples.Get(id + ".request")["config"]);
        config.Remove("required");
        properties["config"] = config;
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
    }

    private static JsonObject PhotoOrPerson(string description) => new()
    {
        ["oneOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64", ["description"] = description }, FieldSchemaNode.Of(CompareItems.OneToManyItem)),
    };
}
