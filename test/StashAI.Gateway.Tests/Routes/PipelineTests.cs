using System.Net;
using System.Text;
using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What surrounds every route: health, errors, Host and Origin.</summary>
public sealed class PipelineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_root_lists_each_route_with_the_method_that_it_takes()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var listed = (await gateway.GetAsync("/")).EnumerateObject().Single(field => field.Value.ValueKind == JsonValueKind.Array).Value
            .EnumerateArray().Select(route => route.GetString()!).ToList();

        Assert.Contains("GET /metrics", listed);
        Assert.Equal("WS /ws/{session_id}", Assert.Single(listed, route => route.StartsWith("WS ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Health_has_the_words_that_clients_compare()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var health = await gateway.GetAsync("/health");
        var root = await gateway.GetAsync("/");

        Assert.Equal("healthy", health.Text("status"));
        Assert.Equal("connected", health.Text("database"));
        Assert.EndsWith("Z", health.Text("timestamp"), StringComparison.Ordinal);
        Assert.NotEmpty(health.Text("version"));
        var queue = health.GetProperty("queue");
        Assert.True(queue.GetProperty("queue_healthy").GetBoolean());
        Assert.True(queue.GetProperty("manager_healthy").GetBoolean());
        Assert.Equal(
            (!GatewayHost.IsDirect, GatewayHost.IsDirect),
            (queue.GetProperty("queue_enabled").GetBoolean(), queue.GetProperty("direct_mode").GetBoolean()));
        Assert.Equal("StashAI Server is running", root.Text("message"));
        Assert.Equal("healthy", root.Text("status"));
    }

    [Theory]
    [InlineData("GET", "/nope", 404)]
    [InlineData("GET", "/ws/", 404)]
    [InlineData("GET", "/ws/session", 400)]
    [InlineData("DELETE", "/api/queue/jobs", 405)]
    [InlineData("GET", "/api/visage/job", 405)]
    [InlineData("GET", "/api/queue/cancel/x", 405)]
    [InlineData("GET", "/api/queue/status/", 404)]
    public async Task Every_error_is_a_problem(string method, string path, int status)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("evil.example.org", 421)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("nas.local", 200)]
    public async Task A_name_that_is_not_ours_is_refused(string host, int status)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["ALLOWED_HOSTS"] = "nas.local" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { Host = host } };

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost:9999", true)]
    [InlineData("http://127.0.0.1:9999", true)]
    [InlineData("http://192.168.1.7:9999", true)]
    [InlineData("https://evil.example.org", false)]
    [InlineData("null", false)]
    public async Task Only_pages_of_near_origins_may_submit(string origin, bool isAllowed)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/visage/job")
        {
            Headers =
            {
                { "Origin", origin },
                { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "content-type, cache-control" },
            },
        };
        using var submit = new HttpRequestMessage(HttpMethod.Post, "/api/visage/job")
        {
            Headers = { { "Origin", origin } },
            Content = new StringContent($$"""{"images":["{{GatewayHost.Base64("x")}}"]}""", Encoding.UTF8, "text/plain"),
        };

        using var allowed = await gateway.Http.SendAsync(preflight, Cancellation);
        using var submitted = await gateway.Http.SendAsync(submit, Cancellation);

        Assert.Equal(isAllowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, allowed.StatusCode);
        Assert.Equal(isAllowed ? GatewayHost.Taken : HttpStatusCode.Forbidden, submitted.StatusCode);
        Assert.Equal(isAllowed, submitted.Headers.Contains("Access-Control-Allow-Origin"));
        if (!isAllowed) return;
        Assert.Equal([origin], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["true"], allowed.Headers.GetValues("Access-Control-Allow-Private-Network"));
        Assert.Contains(
            "cache-control", string.Join(',', allowed.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);
        Assert.Equal(1, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Fact]
    public async Task Errors_carry_cors_headers_too()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/visage/job")
        {
            Headers = { { "Origin", "http://localhost:9999" } },
            Content = new StringContent("{"),
        };

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(response.Headers.Contains("Access-Control-Allow-Origin"));
    }
}
