using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes.Gallery;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>The routes of the server, and a request that each of them takes.</summary>
public sealed partial class ParameterTests
{
    private const string Photo = """{"images":["eA=="]}""";

    private const string Interaction = """{"session_id":"s","action_type":"click"}""";

    private const string Lists = $$"""{"items":[{{Interaction}}]}""";

    /// <summary>The name of a schedule that is there.</summary>
    private const string Nightly = "nightly";

    private const string Schedule = $$"""
        {"name":"other","cron":"0 3 * * *","service":"interactions","source":{"type":"body","body":{{Lists}} } }
        """;

    /// <summary>The name of a webhook that is there.</summary>
    private const string Told = "told";

    /// <summary>No job names it, so nothing is sent.</summary>
    private const string Webhook = """{"name":"other","url":"https://93.184.216.34/","events":[]}""";

    private const string Pause = """{"until":"2099-01-31T07:00:00Z"}""";

    /// <summary>A request that each route takes.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["/api/visage/job"] = Photo,
        ["/api/visage/batch/identify"] = Photo,
        ["/api/visage/task"] = """{"image":"eA=="}""",
        ["/api/visage/batch/compare"] = """{"items":[{"person1":"Ann","person2":"Bo"}]}""",
        ["/api/visage/batch/one-to-many"] = """{"target":{"person":"Ann"},"items":[{"person":"Bo"}]}""",
        ["/api/visage/batch/video"] = """{"items":["eA=="]}""",
        ["/api/batch"] = $$"""{"type":"interactions","items":[{{Interaction}}]}""",
        ["/api/interactions"] = Interaction,
        ["/api/keys"] = """{"name":"laptop","role":"read"}""",
        ["/api/login"] = """{"key":"a key of this test"}""",
        ["/api/bulk"] = """{"action":"retry","filter":{"name":"none"}}""",
        ["/api/schedules"] = Schedule,
        ["/api/webhooks"] = Webhook,
        ["/api/webhooks/secret"] = """{"url":"https://93.184.216.34/"}""",
        ["/api/webhooks/{id}/rotate"] = """{"keep_seconds":1}""",
        ["/api/queue/pause"] = Pause,
        ["/api/services/{name}/pause"] = Pause,
        ["/api/queue/jobs/{id}/pause"] = Pause,
        ["/api/uploads"] = """{"service":"interactions"}""",
        ["/api/sessions"] = """{"session_id":"s"}""",
        ["/api/people/{id}/split"] = $$"""{"faces":["{{ScriptedGallery.Face}}"],"name":"Bea"}""",
        ["/api/people/{id}/merge"] = $$"""{"from":["{{ScriptedGallery.Face}}"]}""",
        ["/api/jobs/{id}/clusters/{group}/name"] =
            """{"name":"Ann","without":[{"task":"0199b5b2-0a9a-7c7d-8f3e-0c0000000001","face":0}]}""",
        ["/api/quote"] = """{"service":"visage","operation":"identify","count":1}""",
        ["/api/services/{name}/test"] = Photo,
        ["/api/services/import"] = """{"curl":"curl http://127.0.0.1:1/x -d q=hello"}""",
        ["/v1/messages"] = """{"model":"m","max_tokens":1,"messages":[]}""",
        ["/v1/messages/batches"] = """{"requests":[{"custom_id":"a","params":{"model":"m"}}],"priority":5}""",
        ["/api/{service}/task"] = Interaction,
        ["/api/{service}/job"] = Lists,
        ["/api/{service}/batch"] = Lists,
        ["/api/{service}/batch/{operation}"] = Lists,
    };

    /// <summary>Requests of routes whose bodies go to the face service as they arrive; it refuses what it does not know.</summary>
    private static readonly Dictionary<string, string> PassedOn = new()
    {
        ["/api/people"] = """{"name":"Ann","photos":["eA=="]}""",
        ["/api/people/{id}/photos"] = """{"photos":["eA=="]}""",
        ["/api/people/{id}/rejections"] = """{"faces":[{"embedding":"eA=="}]}""",
        ["/api/people/import"] = "{}",
    };

    private static async Task<HttpResponseMessage> AskAsync(
        GatewayHost gateway, Route route, (string Job, string Task) ids, string query, (string Name, string Value)? header = null,
        string? own = null)
    {
        var path = Placeholder().Replace(route.Path, match => match.Groups[1].Value switch
        {
            "id" when route.Path == "/api/tasks/{id}" => ids.Task,
            "id" when route.Path.StartsWith("/api/schedules/", StringComparison.Ordinal) => Nightly,
            // Tests call nobody outside.
            "id" when route.Path == "/api/webhooks/{id}/test" => "none",
            "id" when route.Path.StartsWith("/api/webhooks/", StringComparison.Ordinal) => Told,
            "id" => route.Path.Contains("/task/", StringComparison.Ordinal) ? ids.Task : ids.Job,
            "fingerprint" => "0000000000000000",
            "service" => route.Path.StartsWith("/api/services/", StringComparison.Ordinal) ? "visage" : "interactions",
            "name" => "visage",
            "slot" => "image",
            "operation" => "record",
            _ => "s",
        });
        // An event stream follows something, and sends what it has at once.
        if (route.Path == "/api/events" && query.Length == 0) query = "?queue_stats=1";
        if (route.Path == "/api/visage/job/{id}/items" && query.Length == 0) query = "?person=ann";
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path + query);
        if ((Bodies.GetValueOrDefault(route.Path) ?? PassedOn.GetValueOrDefault(route.Path)) is { } body && route.Method == "POST")
        {
            var type = route.Path == "/api/people/import" ? "application/x-ndjson" : "application/json";
            request.Content = new StringContent(body, null, type);
        }

        if (route.Method == "PATCH")
        {
            var change = route.Path switch
            {
                "/api/services/{name}" => """{"max_parallel":5}""",
                "/api/services/{name}/declaration" => """{"text":"name: visage"}""",
                "/api/schedules/{id}" => """{"overlap":"skip"}""",
                "/api/webhooks/{id}" => """{"description":"d"}""",
                _ => """{"priority":5}""",
            };
            request.Content = new StringContent(change, null, "application/json");
        }

        if (own is not null) request.Content = new StringContent(own, null, "application/json");
        // Logins are for pages of this server.
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (header is var (name, value)) request.Headers.TryAddWithoutValidation(name, value);
        if (route.Path.StartsWith("/ws/", StringComparison.Ordinal) && query.Length == 0 && header is null)
        {
            return new HttpResponseMessage();
        }

        return await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    /// <summary>A job that is over, and its task; and a schedule and a webhook come into being.</summary>
    private static async Task<(string Job, string Task)> IdsAsync(GatewayHost gateway)
    {
        await gateway.PostAsync("/api/schedules", Schedule.Replace("other", Nightly, StringComparison.Ordinal), 201);
        await gateway.PostAsync("/api/webhooks", Webhook.Replace("other", Told, StringComparison.Ordinal), 201);
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("a photo"));
        return (job.Text("job_id"), job.GetProperty("tasks")[0].Text("task_id"));
    }

    private static List<Route> Routes(GatewayHost gateway) =>
    [
        .. gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteDoc>() is not null)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => new Route(
                    method, $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}", endpoint.Metadata.GetMetadata<RouteDoc>()!)))
            .DistinctBy(route => route.Name),
    ];

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    private sealed record Route(string Method, string Path, RouteDoc Doc)
    {
        public string Name => $"{Method} {Path}";

        public bool IsFree => Doc.HasFreeQuery(new DefaultHttpContext().Request);
    }
}
