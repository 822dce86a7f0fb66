using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Pages.OpenApi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Tests.Services;
using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Gateway.Tests.Pages;

/// <summary>What `/openapi.json` says of services that came by files.</summary>
public sealed class ServiceDocumentTests
{
    private const string Echo = """
        name: echo
        description: Says things again.
        url: ${ECHO_URL}
        config:
          language: {type: string, required: true, enum: [en, es]}
          limit: {type: integer, min: 1, max: 9, default: 2, description: How often.}
        operations:
          shout: {item: {type: string, min_length: 3}, cost: 0.5, description: Loudly., request: {path: /shout, json: {text: "{{ item }}"}}}
          look:
            item: {type: object, properties: {picture: file, note: {type: string, required: false}}}
            request: {path: /look, multipart: {file: {file: item.picture}}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_declared_service_has_its_routes_with_the_schemas_of_its_items_and_its_configuration()
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        var document = await ReadAsync(host);

        Assert.Equal(
            ["/api/echo/batch", "/api/echo/batch/look", "/api/echo/batch/shout", "/api/echo/job", "/api/echo/task"],
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name)
                .Where(path => path.StartsWith("/api/echo/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var body = Schema(document, "/api/echo/batch/shout", "application/json");
        Same("""{"type":"string","minLength":3}""", Resolved(document, body["properties"]!["items"]!["items"]!));
        Assert.Equal("""["items","config"]""", body["required"]!.ToJsonString());
        var config = Resolved(document, body["properties"]!["config"]!);
        Same("""{"type":"integer","description":"How often.","default":2,"minimum":1,"maximum":9}""", config["properties"]!["limit"]!);
        Assert.Equal("""["language"]""", config["required"]!.ToJsonString());
        Assert.False(config["additionalProperties"]!.GetValue<bool>());
        Assert.Contains(
            "An item of `shout` costs 0.5.",
            Operation(document, "/api/echo/batch/shout").GetProperty("description").GetString(),
            StringComparison.Ordinal);

        Assert.Equal("""["shout","look"]""", Operation(document, "/api/echo/job").GetProperty("parameters").EnumerateArray()
            .Single(parameter => parameter.GetProperty("name").GetString() == "operation").GetProperty("schema").GetProperty("enum")
            .GetRawText());
        Assert.Equal(2, Schema(document, "/api/echo/task", "application/json")["properties"]!["item"]!["anyOf"]!.AsArray().Count);
        Assert.Equal(
            "#/components/schemas/echo.look.item", (string?)Given(document, "/api/echo/batch/look", "application/x-ndjson")["$ref"]);
        Assert.Equal(
            ["picture", "note", "language", "limit", "config"],
            Schema(document, "/api/echo/batch/look", "multipart/form-data")["properties"]!.AsObject().Select(property => property.Key));
    }

    [Fact]
    public async Task The_document_follows_the_files()
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        await ReadAsync(host);
        await File.WriteAllTextAsync(
            host.Folder.File("echo.yaml"),
            Echo.Replace("name: echo", "name: other", StringComparison.Ordinal).Replace("max: 9", "max: 30", StringComparison.Ordinal),
            Cancellation);
        await host.Gateway.Services.GetRequiredService<ServiceReloader>().ReloadAsync(Cancellation);

        var document = await ReadAsync(host);

        Assert.False(document.GetProperty("paths").TryGetProperty("/api/echo/job", out _));
        var config = Resolved(document, Schema(document, "/api/other/batch/shout", "application/json")["properties"]!["config"]!);
        Assert.Equal(30, config["properties"]!["limit"]!["maximum"]!.GetValue<int>());
    }

    [Fact]
    public async Task It_is_valid_OpenAPI_3_1_with_all_shipped_services()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var text = await gateway.Http.GetStringAsync("/openapi.json", Cancellation);

        var (document, diagnostic) = OpenApiDocument.Parse(text, "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic!.SpecificationVersion);
        Assert.Empty(diagnostic.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
        Assert.Empty(diagnostic.Warnings.Select(warning => $"{warning.Pointer}: {warning.Message}"));
        Assert.Contains("/api/translation/batch/translate", document!.Paths.Keys);
        var ids = document.Paths.SelectMany(path => path.Value.Operations!.Select(operation => operation.Value.OperationId)).ToList();
        Assert.Equal(ids.Distinct(), ids);
        // Every reference leads somewhere.
        using var json = JsonDocument.Parse(text);
        foreach (var reference in References(json.RootElement)) Resolved(json.RootElement, new JsonObject { ["$ref"] = reference });
    }

    [Fact]
    public async Task Every_example_of_a_shipped_service_is_accepted_and_answered_as_described()
    {
        await using var gateway = await GatewayHost.StartAsync();
        GatewayHost.SkipInDirectMode();
        await gateway.PostAsync("/api/queue/pause", "", 200);
        var document = await gateway.GetAsync("/openapi.json");
        var paths = document.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("post", out var post)
            && post.GetProperty("operationId").GetString()!.StartsWith("service.", StringComparison.Ordinal)).ToList();
        Assert.True(paths.Count >= 4 * 5);

        foreach (var path in paths)
        {
            var operation = path.Value.GetProperty("post");
            var example = operation.GetProperty("requestBody")
                .GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText();
            var answer = await gateway.PostAsync(path.Name, example);
            var schema = operation.GetProperty("responses").GetProperty("202").GetProperty("content").GetProperty("application/json")
                .GetProperty("schema");
            Assert.Empty(new SchemaCheck(document).Differences(schema, answer).Select(difference => $"{path.Name}: {difference}"));
        }
    }

    [Fact]
    public async Task A_service_of_many_operations_and_one_without_a_schema_are_described_too()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: echo
            url: ${ECHO_URL}
            operations:
              any: {item: any, request: {path: /any, json: {value: "{{ item }}"}}}
              coded: {item: {type: string, pattern: "^[A-Z]{3}$"}, request: {path: /x, json: {q: "{{ item }}"}}}
            """);
        var text = await host.Gateway.Http.GetStringAsync("/openapi.json", Cancellation);

        Assert.Empty(OpenApiDocument.Parse(text, "json").Diagnostic!.Errors);
        using var document = JsonDocument.Parse(text);
        Assert.Equal("{}", document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("echo.any.item").GetRawText());
        var coded = Operation(document.RootElement, "/api/echo/batch/coded").GetProperty("requestBody").GetProperty("content")
            .GetProperty("application/json");
        Assert.False(coded.TryGetProperty("example", out _));
    }

    [Fact]
    public void The_keys_that_every_job_has_are_those_that_declarations_may_not_use() =>
        Assert.Equal(
            DeclarationReader.SharedConfig.Order(StringComparer.Ordinal), ConfigSchema.Shared().Keys.Order(StringComparer.Ordinal));

    private static void Same(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"{expected} is {actual.ToJsonString()}");

    private static Task<JsonElement> ReadAsync(ServiceHost host) => host.Gateway.GetAsync("/openapi.json");

    private static JsonElement Operation(JsonElement document, string path) =>
        document.GetProperty("paths").GetProperty(path).GetProperty("post");

    private static JsonObject Schema(JsonElement document, string path, string contentType) =>
        Resolved(document, Given(document, path, contentType));

    private static JsonNode Given(JsonElement document, string path, string contentType) => JsonNode.Parse(
        Operation(document, path).GetProperty("requestBody").GetProperty("content").GetProperty(contentType).GetProperty("schema")
            .GetRawText())!;

    private static JsonObject Resolved(JsonElement document, JsonNode schema)
    {
        if (schema["$ref"] is not { } reference) return schema.AsObject();
        var at = document;
        foreach (var part in reference.GetValue<string>().Split('/').Skip(1)) at = at.GetProperty(part);
        return JsonNode.Parse(at.GetRawText())!.AsObject();
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            element.EnumerateObject().SelectMany(property => property is { Name: "$ref", Value.ValueKind: JsonValueKind.String }
                ? [property.Value.GetString()!]
                : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
