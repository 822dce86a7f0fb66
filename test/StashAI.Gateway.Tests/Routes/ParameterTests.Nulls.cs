using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StashAI.Gateway.Tests.Routes.Gallery;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Fields of bodies that are null, as programs send what they have not set.</summary>
public sealed partial class ParameterTests
{
    /// <summary>How deep objects in objects are looked at.</summary>
    private const int MaxDepth = 4;

    /// <summary>Fields that the document has for other services, or for another form of the body.</summary>
    private static readonly HashSet<string> OfOthers =
    [
        "POST /api/{service}/task items", "POST /api/{service}/task item", "POST /api/{service}/task config",
        "POST /api/{service}/job item", "POST /api/{service}/batch item", "POST /api/{service}/batch/{operation} item",
    ];

    private int fresh;

    /// <summary>
    /// The routes and their fields come from the server's own document. Changes (PATCH) are left out: there null takes a value away.
    /// </summary>
    [Fact]
    public async Task A_field_that_may_be_left_out_may_be_null_with_the_same_answer()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("Ann"));
        await using var gateway = await GatewayHost.StartAsync(new() { ["ALLOWED_FOLDERS"] = folder.Path });
        var ids = await IdsAsync(gateway);
        gateway.Visage.Script = call => call.Path.StartsWith("/api/gallery", StringComparison.Ordinal)
            ? ScriptedGallery.Answer(call, gateway.Visage.Url)
            : Reply.Json("{}");
        var document = JsonNode.Parse(await gateway.Http.GetStringAsync("/openapi.json", Cancellation))!;
        var (tried, wrong) = (0, new List<string>());
        // With the first key everybody needs one. What is paused here stays so, and direct mode would wait for a submit after it.
        foreach (var route in Routes(gateway).Where(route => route.Method is "POST" or "PUT" && route.Path != "/api/keys")
            .OrderBy(route => route.Path.EndsWith("/pause", StringComparison.Ordinal)))
        {
            if (SchemaOf(document, route) is not { } schema) continue;
            foreach (var body in BodiesOf(document, route, folder))
            {
                foreach (var (place, without, withNull) in Variants(document, schema, body, "", MaxDepth))
                {
                    if (OfOthers.Contains($"{route.Name} {place}")) continue;
                    tried++;
                    var (left, given) = (await AnswerAsync(gateway, route, ids, without), await AnswerAsync(gateway, route, ids, withNull));
                    if (left != given) wrong.Add($"{route.Name} {place}: {withNull}\n    {left}\n    {given}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} fields were tried.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tried > 150, $"{tried}");
    }

    private static JsonNode? SchemaOf(JsonNode document, Route route) =>
        Operation(document, route)?["requestBody"]?["content"]?["application/json"]?["schema"];

    /// <summary>The document has the routes of a service in place of those of all services.</summary>
    private static JsonNode? Operation(JsonNode document, Route route)
    {
        var path = document["paths"]?[route.Path]
            ?? document["paths"]?[route.Path.Replace("{service}", "interactions", StringComparison.Ordinal)
                .Replace("{operation}", "record", StringComparison.Ordinal)];
        return path?[route.Method.ToLowerInvariant()];
    }

    private static List<JsonObject> BodiesOf(JsonNode document, Route route, TempFolder folder)
    {
        var usual = route.Path == "/api/people/import/folder"
            ? JsonSerializer.Serialize(new { folder = folder.Path })
            : Bodies.GetValueOrDefault(route.Path) ?? PassedOn.GetValueOrDefault(route.Path) ?? "{}";
        var content = Operation(document, route)!["requestBody"]!["content"]!["application/json"]!;
        List<JsonNode?> bodies = [JsonNode.Parse(usual), content["example"]];
        if (content["examples"] is JsonObject named) bodies.AddRange(named.Select(example => example.Value?["value"]));
        return [.. bodies.OfType<JsonObject>()];
    }

    /// <summary>For each field that may be left out: the body without it, and the body where it is null.</summary>
    private static IEnumerable<(string Place, JsonObject Without, JsonObject WithNull)> Variants(
        JsonNode document, JsonNode schema, JsonObject body, string place, int depth)
    {
        var (properties, required) = FieldsOf(document, schema, []);
        foreach (var (name, field) in properties)
        {
            if (!required.Contains(name))
            {
                var (without, withNull) = (body.DeepClone().AsObject(), body.DeepClone().AsObject());
                without.Remove(name);
                withNull[name] = null;
                yield return (place + name, without, withNull);
            }

            if (depth == 0) continue;
            var inner = body[name];
            var elements = inner is JsonArray { Count: > 0 } list ? list[0] as JsonObject : null;
            var element = elements is null ? null : ItemsOf(document, field);
            if ((element ?? field) is not { } innerSchema) continue;
            if (elements is null && inner is not null and not JsonObject) continue;
            if (elements is null && FieldsOf(document, innerSchema, []).Properties.Count == 0) continue;
            var innerBody = elements ?? inner as JsonObject ?? [];
            var isElement = elements is not null;
            foreach (var (innerPlace, without, withNull) in Variants(document, innerSchema, innerBody, $"{place}{name}.", depth - 1))
                yield return (innerPlace, With(body, name, without, isElement), With(body, name, withNull, isElement));
        }
    }

    private static JsonObject With(JsonObject body, string name, JsonObject inner, bool isElement)
    {
        var changed = body.DeepClone().AsObject();
        if (isElement) changed[name]!.AsArray()[0] = inner;
        else changed[name] = inner;
        return changed;
    }

    private static JsonNode? ItemsOf(JsonNode document, JsonNode schema)
    {
        var found = Resolve(document, schema);
        if (found["items"] is { } items) return items;
        return Alternatives(found).Select(one => ItemsOf(document, one)).FirstOrDefault(one => one is not null);
    }

    /// <summary>The fields of a schema with those of all its alternatives; required are those that each of them requires.</summary>
    private static (Dictionary<string, JsonNode> Properties, HashSet<string> Required) FieldsOf(
        JsonNode document, JsonNode schema, HashSet<JsonNode> seen)
    {
        var found = Resolve(document, schema);
        var properties = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        if (!seen.Add(found)) return (properties, []);
        var required = (found["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        if (found["properties"] is JsonObject own)
        {
            foreach (var (name, field) in own) properties[name] = field!;
        }

        foreach (var one in Alternatives(found))
        {
            foreach (var (name, field) in FieldsOf(document, one, seen).Properties) properties.TryAdd(name, field);
        }

        return (properties, required);
    }

    private static IEnumerable<JsonNode> Alternatives(JsonNode schema) =>
        ((string[])["allOf", "oneOf", "anyOf"]).SelectMany(word => schema[word] as JsonArray ?? []).OfType<JsonObject>();

    private static JsonNode Resolve(JsonNode document, JsonNode schema) =>
        schema["$ref"]?.GetValue<string>() is { } reference
            ? Resolve(document, document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!)
            : schema;

    /// <summary>Status and body, without what differs from one request to the next.</summary>
    private async Task<string> AnswerAsync(GatewayHost gateway, Route route, (string Job, string Task) ids, JsonObject body)
    {
        var sent = body.DeepClone().AsObject();
        // A name that is taken would be refused the second time.
        if (route.Path is "/api/schedules" or "/api/webhooks" && sent["name"] is JsonValue) sent["name"] = $"name{++fresh}";
        using var response = await AskAsync(gateway, route, ids, "", own: sent.ToJsonString());
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        var status = (int)response.StatusCode;
        // An error repeats the value, and a filter is shown as it was sent.
        return status >= 400 && JsonNode.Parse(text)?["errors"] is JsonArray errors
            ? $"{status} {string.Join(", ", errors.Select(error => error?["field"]?.GetValue<string>()))}"
            : $"{status} {Numbers().Replace(Ids().Replace(Estimates().Replace(Nulls().Replace(text, ""), ""), "ID"), "0")}";
    }

    [GeneratedRegex(",\"[a-z0-9_]+\":null|(?<={)\"[a-z0-9_]+\":null,?")]
    private static partial Regex Nulls();

    /// <summary>They are there from the first call whose time is known, whatever was asked.</summary>
    [GeneratedRegex(",\"(estimated_completion|eta_[a-z0-9_]+)\":(\"[^\"]*\"|[0-9.]+)")]
    private static partial Regex Estimates();

    [GeneratedRegex(
        "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-f]{32}|sk-[A-Za-z0-9_-]+|whsec_[^\"]+")]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9]+(\\.[0-9]+)?")]
    private static partial Regex Numbers();
}
