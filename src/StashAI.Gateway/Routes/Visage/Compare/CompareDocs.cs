using System.Text.Json.Nodes;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Visage.Compare;

/// <summary>The descriptions of comparisons in the API's document. Their bodies come from the schemas that validate items.</summary>
internal static class CompareDocs
{
    public static RouteDoc Pairs { get; } = SubmitDoc.Of(
        "visage-compare",
        "Compare pairs of photos or people",
        BodyDoc.Of(
            "CompareRequest",
            () => Body(new JsonObject { ["items"] = FieldSchemaNode.ListOf(FieldSchemaNode.Of(CompareItems.PairItem)) }),
            $$"""
            {"items":[{"image1":"{{Samples.Photo}}","image2":"{{Samples.Photo}}"},{"person1":"Ann","image2":"{{Samples.Photo}}","face2":{"x":1187,"y":354} }],
            "config":{"threshold":0.5,"job_name":"Same person?"} }
            """),
        Samples.Acknowledged with { Message = "2 comparisons are queued.", ThresholdUsed = 0.5 }) with
    {
        Description = "One task for each pair. Each side is a photo (`image1`, `image2`) or a person of the gallery (`person1`, "
            + "`person2`); of a photo with several faces the closest counts, unless `face1` or `face2` chooses one. A result has the "
            + "similarity, the distance, the confidence in percent and `is_match`; "
            + "the aggregate counts the matches and names their places.",
    };

    public static RouteDoc OneToMany { get; } = SubmitDoc.Of(
        "visage-one-to-many",
        "Compare one photo or person with many",
        BodyDoc.Of(
            "OneToManyRequest",
            () => Body(new JsonObject { ["target"] = PhotoOrPerson(), ["items"] = FieldSchemaNode.ListOf(PhotoOrPerson()) }),
            $$"""
            {"target":{"image":"{{Samples.Photo}}","face":{"index":0} },"items":["{{Samples.Photo}}",{"person":"Ann"}],
            "config":{"threshold":0.5,"job_name":"Where is she?"} }
            """),
        Samples.Acknowledged with { Message = "2 comparisons are queued.", ThresholdUsed = 0.5 }) with
    {
        Description = "One task for each item. The target's photo is stored once. "
            + "The aggregate ranks the items, the most alike first, at most 100.",
    };

    private static JsonObject Body(JsonObject properties)
    {
        var required = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]);
        properties["visage_api_url"] = new JsonObject { ["type"] = "string", ["description"] = "Another instance of the service." };
        properties["config"] = new JsonObject { ["$ref"] = "#/components/schemas/VisageConfig" };
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
    }

    private static JsonObject PhotoOrPerson() => new()
    {
        ["oneOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64", ["description"] = "A base64 photo." },
            FieldSchemaNode.Of(CompareItems.OneToManyItem)),
    };
}
