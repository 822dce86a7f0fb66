using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Pages.OpenApi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Pages;

/// <summary>`/openapi.json` against the routes that are mapped and the answers that they give.</summary>
public sealed class ApiDocumentTests
{
    private const string Answer =
        """{"data":[[{"image":"/9j/","confidence":0.99,"performers":[{"id":"1","name":"Ann","confidence":87}]}]]}""";

    private const string Interaction = """{"session_id":"my-session","user_id":"ann","action_type":"click","page_path":"/","element_type":"b","element_id":"c","metadata":{}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_in_the_document_and_everything_in_it_is_a_route()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var document = await ReadAsync(gateway);

        var mapped = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !IsAssetOfDocs(endpoint))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"));
        // Declared services have paths by name, which one set of patterns serves.
        var documented = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(operation => !operation.Value.GetProperty("operationId").GetString()!.StartsWith("service.", StringComparison.Ordinal))
            .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));

        Assert.Equal(mapped.Order(), documented.Order());
    }

    [Fact]
    public async Task The_document_is_sound()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var document = await ReadAsync(gateway);
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(one => (path.Name, one.Value))).ToList();

        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var ids = operations.Select(one => one.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Distinct(), ids);
        var tags = document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToHashSet();
        Assert.All(operations, one => Assert.Contains(one.Value.GetProperty("tags")[0].GetString(), tags));
        Assert.All(operations, one => Assert.Equal(
            InPath(one.Name).Order(),
            one.Value.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()!).Order()
                : []));
        Assert.Contains("admin", Operation("/api/queue/pause").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Empty(Operation("/api/demo/websocket/instructions", "get").GetProperty("security").EnumerateArray());

        JsonElement Operation(string path, string method = "post") => document.GetProperty("paths").GetProperty(path).GetProperty(method);
    }

    [Fact]
    public void Every_example_file_belongs_to_a_route()
    {
        var names = typeof(ApiCatalog).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("examples/", StringComparison.Ordinal))
            .Select(name => name["examples/".Length..^".json".Length].Replace(".request", "", StringComparison.Ordinal)).Distinct();

        Assert.Empty(names.Except(ApiCatalog.Routes.Select(route => route.Id)).Except(["problem"]));
    }

    [Fact]
    public async Task Answers_have_the_fields_that_the_document_shows()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(422) : Reply.Json(Answer);
        var document = await ReadAsync(gateway);
        var body = $$"""{"images":["{{GatewayHost.Base64("good")}}","{{GatewayHost.Base64("bad")}}"],"config":{"threshold":0.7,"job_name":"Summer"} }""";
        var wrong = new List<string>();

        var job = (await CheckAsync("POST", "/api/visage/job", body)).Text("job_id");
        await gateway.EndOfAsync(job);
        var task = (await CheckAsync("GET", "/api/queue/job/{id}", job)).GetProperty("tasks")[0].Text("task_id");
        await CheckAsync("POST", "/api/visage/task", $$"""{"image":"{{GatewayHost.Base64("good")}}"}""");
        await CheckAsync("POST", "/api/visage/batch/compare", """{"items":[{"person1":"Ann","person2":"Bo"}]}""");
        await CheckAsync("POST", "/api/visage/batch/one-to-many", """{"target":{"person":"Ann"},"items":[{"person":"Bo"}]}""");
        await CheckAsync("POST", "/api/demo/visage/job", "{}");
        await CheckAsync("POST", "/api/batch", $$"""{"type":"interactions","items":[{{Interaction}}]}""");
        await CheckAsync("GET", "/api/queue/status/{id}", job);
        await CheckAsync("GET", "/api/queue/job/{id}/results", job);
        await CheckAsync("GET", "/api/queue/jobs");
        await CheckAsync("GET", "/api/queue/tasks");
        await CheckAsync("GET", "/api/queue/task/{id}", task);
        await CheckAsync("GET", "/api/visage/job/{id}/results", job);
        await CheckAsync("GET", "/api/visage/task/{id}/result", task);
        await CheckAsync("POST", "/api/queue/cancel/{id}", job);
        await CheckAsync("POST", "/api/queue/retry/{id}", job);
        await CheckAsync("POST", "/api/queue/jobs/{id}/pause", job);
        await CheckAsync("POST", "/api/services/{name}/pause", "visage");
        await CheckAsync("POST", "/api/services/{name}/resume", "visage");
        await CheckAsync("POST", "/api/queue/pause");
        await CheckAsync("POST", "/api/queue/resume");
        await CheckAsync("POST", "/api/interactions", Interaction);
        await CheckAsync("GET", "/api/interactions");
        await CheckAsync("POST", "/api/sessions", """{"session_id":"my-session","page_views":3}""");
        await CheckAsync("GET", "/api/sessions");
        await CheckAsync("GET", "/api/sessions/{session_id}", "my-session");
        await CheckAsync("GET", "/api/services/{name}", "visage");
        await CheckAsync("GET", "/api/queue/stats");
        await CheckAsync("GET", "/api/queue/health");
        await CheckAsync("GET", "/health");
        await CheckAsync("GET", "/health/live");
        await CheckAsync("GET", "/health/ready");
        await CheckAsync("GET", "/");
        await CheckAsync("POST", "/api/ws/ticket");
        await CheckAsync("GET", "/api/demo/websocket/instructions");
        Assert.Empty(wrong);

        async Task<JsonElement> CheckAsync(string method, string path, string? given = null)
        {
            var inPath = InPath(path).FirstOrDefault();
            using var response = await gateway.SendAsync(
                new HttpMethod(method), inPath is null ? path : path.Replace($"{{{inPath}}}", given, StringComparison.Ordinal), inPath is null ? given : null);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            var documented = document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant()).GetProperty("responses");
            if (!documented.TryGetProperty($"{(int)response.StatusCode}", out var described)) wrong.Add($"{method} {path} answered {(int)response.StatusCode}: {answer}");
            else wrong.AddRange(SchemaCheck.Differences(SchemaOf(described), answer).Select(difference => $"{method} {path}: {difference}"));
            return answer;
        }
    }

    [Fact]
    public async Task A_refusal_has_the_fields_of_the_problem_in_the_document()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var document = await ReadAsync(gateway);

        using var response = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", """{"images":["?"]}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var schema = JsonNode.Parse(document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetRawText())!.AsObject();
        Assert.Empty(SchemaCheck.Differences(schema, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)));
    }

    /// <summary>The page of the documentation brings its own files, which are nobody's API.</summary>
    private static bool IsAssetOfDocs(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("docs", StringComparison.Ordinal);

    private static IEnumerable<string> InPath(string path) =>
        path.Split('/').Where(part => part.StartsWith('{')).Select(part => part[1..^1]);

    private static JsonObject SchemaOf(JsonElement described) =>
        JsonNode.Parse(described.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetRawText())!.AsObject();

    private static async Task<JsonElement> ReadAsync(GatewayHost gateway) => await gateway.GetAsync("/openapi.json");
}
