using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Queue;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Wire.Docs.Shapes;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Pages;

/// <summary>`/openapi.json` against the routes that are mapped and the answers that they give.</summary>
public sealed class ApiDocumentTests
{
    private const string Answer =
        """{"data":[[{"image":"/9j/","confidence":0.99,"performers":[{"id":"1","name":"Ann","confidence":87}]}]]}""";

    private const string Interaction =
        """{"session_id":"my-session","user_id":"ann","action_type":"click","page_path":"/","element_type":"b","element_id":"c","metadata":{}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_in_the_document_and_everything_in_it_is_a_route()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var document = await ReadAsync(gateway);

        var mapped = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !IsAssetOfDocs(endpoint))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"))
            // A parameter that takes the rest of a path is one like any other in the document.
            .Select(route => route.Replace("{**", "{", StringComparison.Ordinal));
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
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(one => (path.Name, one.Value))).ToList();

        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var ids = operations.Select(one => one.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Distinct(), ids);
        var tags = document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToHashSet();
        Assert.All(operations, one => Assert.Contains(one.Value.GetProperty("tags")[0].GetString(), tags));
        Assert.All(operations, one => Assert.Equal(
            InPath(one.Name).Order(),
            one.Value.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path")
                    .Select(parameter => parameter.GetProperty("name").GetString()!).Order()
                : []));
        Assert.Contains("operate", Operation("/api/queue/pause").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.False(
            Operation("/api/demo/websocket/instructions", "get").TryGetProperty("security", out var open) && open.GetArrayLength() > 0);

        JsonElement Operation(string path, string method = "post") => document.GetProperty("paths").GetProperty(path).GetProperty(method);
    }

    [Fact]
    public async Task Every_route_says_beside_itself_what_it_needs()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var silent = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !IsAssetOfDocs(endpoint) && endpoint.Metadata.GetMetadata<RouteScope>() is null
                && endpoint.Metadata.GetMetadata<OpenRoute>() is null);

        Assert.Empty(silent.Select(endpoint => endpoint.RoutePattern.RawText));
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var document = await ReadAsync(gateway);
        var check = new SchemaCheck(document);
        var wrong = new List<string>();

        foreach (var (path, operation) in Operations(document))
        {
            if (operation.TryGetProperty("requestBody", out var body)) Look($"{path} body", body);
            foreach (var answer in operation.GetProperty("responses").EnumerateObject())
            {
                Look($"{path} {answer.Name}", check.Resolve(answer.Value));
            }
        }

        Assert.Empty(wrong);

        void Look(string place, JsonElement described)
        {
            if (!described.TryGetProperty("content", out var content)) return;
            foreach (var type in content.EnumerateObject())
            {
                if (type.Name.EndsWith("json", StringComparison.Ordinal) && type.Name == "application/json"
                    && !type.Value.TryGetProperty("example", out _))
                {
                    wrong.Add($"{place} has no example");
                }
                else if (type.Value.TryGetProperty("example", out var example))
                {
                    wrong.AddRange(
                        check.Differences(type.Value.GetProperty("schema"), example).Select(difference => $"{place}: {difference}"));
                }
            }
        }
    }

    [Fact]
    public async Task Every_schema_says_what_it_holds()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var document = await ReadAsync(gateway);

        // What is any JSON says so; a list says what its elements are, and an object what its fields are.
        Assert.Empty(Vague(document.GetProperty("components").GetProperty("schemas"), "").Concat(Vague(document.GetProperty("paths"), "")));

        static IEnumerable<string> Vague(JsonElement element, string place)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                return element.EnumerateArray().SelectMany((one, index) => Vague(one, $"{place}/{index}"));
            }

            if (element.ValueKind != JsonValueKind.Object) return [];
            var own = element.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String or JsonValueKind.Array
                && type.ToString().Contains("array", StringComparison.Ordinal) && !element.TryGetProperty("items", out _)
                    ? [place]
                    : Array.Empty<string>();
            return own.Concat(element.EnumerateObject().Where(property => property.Name is not ("example" or "examples"))
                .SelectMany(property => property.Name == "properties" && property.Value.ValueKind == JsonValueKind.Object
                    ? property.Value.EnumerateObject()
                        .SelectMany(field => IsEmpty(field.Value) ? [$"{place}/{field.Name}"] : Vague(field.Value, $"{place}/{field.Name}"))
                    : Vague(property.Value, $"{place}/{property.Name}")));
        }

        static bool IsEmpty(JsonElement schema) => schema.ValueKind == JsonValueKind.Object && !schema.EnumerateObject().Any();
    }

    [Fact]
    public void Words_of_states_are_those_that_answers_have()
    {
        Dialect[] dialects = [Dialect.Default, Dialect.Plugin];
        var jobs = Enum.GetValues<JobState>().Where(state => state != JobState.Staging).ToList();

        Same<JobStatusWordShape>(jobs.Select(DialectWords.Status));
        Same<JobStateShape>(jobs.Select(DialectWords.State).Append("scheduled"));
        Same<SubmitStatusWordShape>(jobs.Select(DialectWords.Status).Append(DialectWords.Accepted));
        Same<TaskStateShape>(Enum.GetValues<TaskState>().Select(DialectWords.State));
        Same<TaskStatusWordShape>(
            Enum.GetValues<TaskState>().SelectMany(state => dialects.Select(dialect => DialectWords.Status(state, dialect))));
        Same<StatusWordShape>(Enum.GetValues<TaskState>()
            .SelectMany(state => dialects.Select(dialect => DialectWords.Status(state, dialect))).Concat(jobs.Select(DialectWords.Status)));
        Same<ErrorKindShape>(Enum.GetValues<ErrorKind>().Where(kind => kind != ErrorKind.None).Select(ErrorWords.Of));
        Same<CircuitShape>(Enum.GetNames<CircuitState>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

        static void Same<T>(IEnumerable<string> words)
            where T : struct, Enum =>
                Assert.Equal(words.Distinct().Order(), Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).Order());
    }

    [Fact]
    public async Task A_submit_that_waited_is_described_as_it_is_answered()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json(Answer);
        var document = await ReadAsync(gateway);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/visage/job")
        {
            Content = JsonContent.Create(new { images = new[] { GatewayHost.Base64("good") } }),
        };
        request.Headers.Add("Prefer", "wait=60");

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var described = document.GetProperty("paths").GetProperty("/api/visage/job").GetProperty("post").GetProperty("responses")
            .GetProperty("200");
        Assert.Empty(new SchemaCheck(document)
            .Differences(SchemaOf(described), await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)));
    }

    [Fact]
    public async Task The_document_names_the_server_as_its_client_sees_it_and_is_sent_once()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var first = await gateway.Http.GetAsync("/openapi.json", Cancellation);
        var document = await first.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(gateway.Http.BaseAddress, new Uri(document.GetProperty("servers")[0].GetProperty("url").GetString()!));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/openapi.json");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await gateway.Http.SendAsync(again, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Answers_have_the_fields_that_the_document_shows()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(422) : Reply.Json(Answer);
        var document = await ReadAsync(gateway);
        var body =
            $$"""{"images":["{{GatewayHost.Base64("good")}}","{{GatewayHost.Base64("bad")}}"],"config":{"threshold":0.7,"job_name":"Summer"} }""";
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
        await CheckAsync("GET", "/api/queue/status/{id}", task);
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
        var interaction = (await CheckAsync("POST", "/api/interactions", Interaction)).Text("task_id");
        await CheckAsync("POST", "/api/interactions", $"[{Interaction},{Interaction}]");
        await CheckAsync("GET", "/api/queue/status/{id}", interaction);
        await CheckAsync("POST", "/api/queue/cancel/{id}", interaction);
        await CheckAsync("GET", "/api/interactions");
        await CheckAsync("POST", "/api/sessions", """{"session_id":"my-session","page_views":3}""");
        await CheckAsync("GET", "/api/sessions");
        await CheckAsync("GET", "/api/sessions/{session_id}", "my-session");
        await CheckAsync(
            "POST", "/api/schedules",
            $$"""{"name":"nightly","cron":"@daily","service":"interactions","source":{"type":"body","body":{"items":[{{Interaction}}]} } }""");
        await CheckAsync("POST", "/api/schedules/{id}/run", "nightly");
        await CheckAsync("GET", "/api/schedules");
        await CheckAsync("GET", "/api/schedules/{id}", "nightly");
        await CheckAsync("GET", "/api/schedules/{id}/runs", "nightly");
        await CheckAsync("GET", "/api/services");
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
                new HttpMethod(method),
                inPath is null ? path : path.Replace($"{{{inPath}}}", given, StringComparison.Ordinal),
                inPath is null ? given : null);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            var documented = document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant())
                .GetProperty("responses");
            if (!documented.TryGetProperty($"{(int)response.StatusCode}", out var described))
            {
                wrong.Add($"{method} {path} answered {(int)response.StatusCode}: {answer}");
            }
            else
            {
                wrong.AddRange(new SchemaCheck(document).Differences(SchemaOf(described), answer)
                    .Select(difference => $"{method} {path}: {difference}"));
            }

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
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem");
        Assert.Empty(new SchemaCheck(document).Differences(schema, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)));
    }

    [Fact]
    public async Task Each_refusal_has_an_example_of_its_own_which_the_server_itself_would_write()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var document = await ReadAsync(gateway);
        var check = new SchemaCheck(document);
        var refusals = Operations(document)
            .SelectMany(
                one => one.Operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Value.TryGetProperty("$ref", out _)))
            // The routes of OpenAI's API have errors in its form.
            .Where(answer => check.Resolve(answer.Value).GetProperty("content").TryGetProperty("application/problem+json", out _))
            .DistinctBy(answer => answer.Name)
            .ToDictionary(
                answer => answer.Name, answer => check.Resolve(answer.Value).GetProperty("content").GetProperty("application/problem+json")
                    .GetProperty("example"));

        Assert.All(refusals.Where(one => one.Key != "default"), one => Assert.Equal(one.Key, $"{one.Value.Whole("status")}"));
        Assert.Equal(refusals.Count, refusals.Values.Select(example => example.Text("type")).Distinct().Count());
        Assert.Equal(refusals["400"].Text("detail"), (await gateway.PostAsync("/api/visage/job", "{}", 400)).Text("detail"));
        Assert.Equal(refusals["404"].Text("detail"), (await gateway.GetAsync($"/api/queue/status/{Samples.TaskId}", 404)).Text("detail"));
        Assert.Equal(
            refusals["422"].Text("detail"),
            (await gateway.PostAsync("/api/visage/job", """{"images":["eA=="],"config":{"threshold":2}}""", 422)).Text("detail"));
    }

    /// <summary>The page of the documentation brings its own files, which are nobody's API.</summary>
    private static bool IsAssetOfDocs(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("docs", StringComparison.Ordinal);

    private static IEnumerable<(string Place, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name} {path.Name}", operation.Value)));

    private static IEnumerable<string> InPath(string path) =>
        path.Split('/').Where(part => part.StartsWith('{')).Select(part => part[1..^1]);

    private static JsonElement SchemaOf(JsonElement described) =>
        described.GetProperty("content").GetProperty("application/json").GetProperty("schema");

    private static async Task<JsonElement> ReadAsync(GatewayHost gateway) => await gateway.GetAsync("/openapi.json");
}
