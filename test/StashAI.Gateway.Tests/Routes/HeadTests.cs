using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Connections;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>HEAD, conditional requests, requests without a Host, and what pages may read of an answer.</summary>
public sealed partial class HeadTests
{
    /// <summary>They differ from one answer to the next.</summary>
    private static readonly string[] Own = ["date", "transfer-encoding", "content-length", "ratelimit", "connection"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_that_answers_GET_answers_HEAD_with_the_same_head_and_no_body()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.SubmitAsync("a", "b");
        var task = (await gateway.EndOfAsync(job)).GetProperty("tasks")[0].Text("task_id");
        var paths = Paths(gateway, job, task).ToList();
        Assert.True(paths.Count > 20, string.Join(' ', paths));

        foreach (var path in paths)
        {
            var get = await AskAsync(gateway, "GET", path);
            var head = await AskAsync(gateway, "HEAD", path);
            Assert.True(get.Status == head.Status, $"{path}: GET {get.Status}, HEAD {head.Status}");
            Assert.True(head.Body.Length == 0, $"{path}: HEAD has the body {head.Body}");
            Assert.Equal(get.Names, head.Names);
            // A length is the one that GET has, or none.
            Assert.True(head.Length is null || head.Length == get.Length, $"{path}: GET {get.Length}, HEAD {head.Length}");
        }

        Assert.Empty(gateway.Errors.Lines);
    }

    [Theory]
    [InlineData("?queue_stats=1")]
    [InlineData("?interactions=1")]
    public async Task HEAD_of_an_endless_stream_ends(string query)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var head = await AskAsync(gateway, "HEAD", "/api/events" + query);

        Assert.Equal((200, ""), (head.Status, head.Body));
        Assert.Contains("content-type: text/event-stream", head.Names);
    }

    [Fact]
    public async Task A_405_names_HEAD_beside_GET()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var response = await gateway.SendAsync(HttpMethod.Delete, "/api/queue/jobs");

        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
        using var post = await gateway.SendAsync(HttpMethod.Head, "/api/visage/job");
        Assert.Equal(405, (int)post.StatusCode);
        Assert.Equal(["POST"], post.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("{0}", 304)]
    [InlineData("W/{0}", 304)]
    [InlineData("\"x\", {0}", 304)]
    [InlineData("\"x\",W/\"y\" , W/{0}", 304)]
    [InlineData("\"x, y\", {0}", 304)]
    [InlineData("*", 304)]
    [InlineData("\"x\"", 200)]
    [InlineData("W/\"x\", \"y\"", 200)]
    [InlineData("nonsense", 200)]
    [InlineData("", 200)]
    public async Task A_known_tag_in_any_of_its_forms_is_a_304(string form, int status)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var first = await gateway.SendAsync(HttpMethod.Get, "/dashboard");
        var tag = first.Headers.ETag!.ToString();

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using var again = await gateway.SendAsync(method, "/dashboard", null, ("If-None-Match", string.Format(null, form, tag)));
            Assert.Equal(status, (int)again.StatusCode);
            Assert.Equal(tag, again.Headers.ETag!.ToString());
        }
    }

    [Theory]
    [InlineData("GET /health HTTP/1.0\r\n\r\n", 200)]
    [InlineData("HEAD /health HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET /health/live HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET /health/ready HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET /health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 200)]
    [InlineData("GET /api/queue/jobs HTTP/1.0\r\n\r\n", 421)]
    [InlineData("GET /healthy HTTP/1.0\r\n\r\n", 421)]
    [InlineData("GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421)]
    [InlineData("GET /health HTTP/1.0\r\nHost: evil.example\r\n\r\n", 421)]
    public async Task Probes_need_no_Host_and_foreign_ones_are_refused(string request, int status)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await RawClient.ConnectAsync(gateway.Url);
        await client.SendAsync(request);

        Assert.Equal(status, RawClient.StatusOf(await client.ReadToEndAsync()));
    }

    [Fact]
    public async Task A_page_of_another_origin_may_read_the_heads_that_answers_have()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var response = await gateway.SendAsync(HttpMethod.Get, "/health", null, ("Origin", "http://localhost:3000"));

        var exposed = response.Headers.GetValues("Access-Control-Expose-Headers").Single().Split(", ");
        foreach (var name in (string[])["location", "retry-after", "etag", "idempotency-replayed", "preference-applied",
            "content-disposition", "www-authenticate", "allow"])
        {
            Assert.Contains(name, exposed);
        }
    }

    private static IEnumerable<string> Paths(GatewayHost gateway, string job, string task)
    {
        foreach (var endpoint in gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") != true && path != "/metrics") continue;
            if (path is "/api/events") continue; // it has no end
            path = path.Replace("task/{id}", $"task/{task}", StringComparison.Ordinal).Replace("{id}", job, StringComparison.Ordinal)
                .Replace("{slot}", "image", StringComparison.Ordinal)
                .Replace("{name}", "visage", StringComparison.Ordinal).Replace("{service}", "visage", StringComparison.Ordinal);
            yield return Parameter().Replace(path, "x");
        }

        yield return $"/api/queue/job/{job}/results?format=ndjson";
        yield return "/nowhere";
    }

    private static async Task<(int Status, string Body, string[] Names, string? Length)> AskAsync(
        GatewayHost gateway, string method, string path)
    {
        using var client = await RawClient.ConnectAsync(gateway.Url);
        await client.SendAsync($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync();
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"{method} {path} was answered with '{answer}'");
        var lines = answer[..end].Split("\r\n")[1..]
            .Select(line => (Name: line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant(), Line: line)).ToList();
        return (
            RawClient.StatusOf(answer),
            answer[(end + 4)..],
            [.. lines.Where(line => !Own.Contains(line.Name))
                .Select(line => line.Name == "content-type" ? line.Line.ToLowerInvariant() : line.Name).Order(StringComparer.Ordinal)],
            lines.FirstOrDefault(line => line.Name == "content-length").Line);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
