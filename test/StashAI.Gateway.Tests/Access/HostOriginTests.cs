using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace StashAI.Gateway.Tests.Access;

public sealed class HostOriginTests
{
    private static readonly Dictionary<string, string?> Configured = new()
    {
        ["ALLOWED_HOSTS"] = "nas.example, *.lan.example",
        ["CORS_ORIGINS"] = "https://stash.example,moz-extension://0a1b-2c",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 200)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1234", 200)]
    [InlineData("app.localhost", 200)]
    [InlineData("192.168.1.5:9998", 200)]
    [InlineData("8.8.8.8", 200)]
    [InlineData("[::1]:9998", 200)]
    [InlineData("nas.example:9998", 200)]
    [InlineData("NAS.example.", 200)]
    [InlineData("a.lan.example", 200)]
    [InlineData("lan.example", 421)]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    public async Task The_host_header_must_be_an_address_localhost_or_a_configured_name(string? host, int status)
    {
        await using var app = await StartAsync();
        using var response = await SendAsync(app, HttpMethod.Get, origin: null, host);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 421)
        {
            Assert.Equal("ALLOWED_HOSTS", await SettingAsync(response));
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:9999")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://stash.localhost")]
    [InlineData("http://[::1]:9999")]
    [InlineData("http://192.168.1.77:9999")]
    [InlineData("http://10.0.0.2")]
    [InlineData("https://[fd12::5]:9999")]
    [InlineData("https://stash.example")]
    [InlineData("https://stash.example:443")]
    [InlineData("moz-extension://0a1b-2c")]
    public async Task A_page_of_an_allowed_origin_may_read_and_write(string origin)
    {
        await using var app = await StartAsync();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var response = await SendAsync(app, method, origin);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(origin, Header(response, "Access-Control-Allow-Origin"));
            Assert.Equal("Origin", Header(response, "Vary"));
        }

        using var preflight = await PreflightAsync(app, origin);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(origin, Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(preflight, "Access-Control-Allow-Private-Network"));
        Assert.Equal("7200", Header(preflight, "Access-Control-Max-Age"));
        Assert.Contains("POST", Header(preflight, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        foreach (var name in new[]
        {
            "content-type", "cache-control", "idempotency-key", "authorization", "x-api-key", "stashai-dialect", "prefer",
        })
        {
            Assert.Contains(name, Header(preflight, "Access-Control-Allow-Headers")!.Split(", "));
        }
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://stash.example")]
    [InlineData("https://stash.example:8443")]
    [InlineData("https://stash.example.evil.example")]
    [InlineData("http://8.8.8.8")]
    [InlineData("http://169.254.1.1")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost:3000/path")]
    [InlineData("not an origin")]
    public async Task A_foreign_page_can_neither_write_nor_see_what_it_reads(string origin)
    {
        await using var app = await StartAsync();
        using var read = await SendAsync(app, HttpMethod.Get, origin);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Null(Header(read, "Access-Control-Allow-Origin"));
        Assert.Equal("Origin", Header(read, "Vary"));

        using var write = await SendAsync(app, HttpMethod.Post, origin);
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
        Assert.Equal("CORS_ORIGINS", await SettingAsync(write));

        using var preflight = await PreflightAsync(app, origin);
        Assert.Equal(HttpStatusCode.Forbidden, preflight.StatusCode);
        Assert.Null(Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Null(Header(preflight, "Access-Control-Allow-Private-Network"));
    }

    [Fact]
    public async Task A_page_of_the_same_host_on_another_port_is_allowed()
    {
        await using var app = await StartAsync();
        using var same = await SendAsync(app, HttpMethod.Post, "http://nas.example:9999", "nas.example:9998");
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        using var other = await SendAsync(app, HttpMethod.Post, "http://nas.example:9999", "a.lan.example");
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task An_allowed_page_can_read_errors_too()
    {
        await using var app = await StartAsync();
        using var response = await SendAsync(app, HttpMethod.Get, "http://localhost:3000", path: "fail");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("http://localhost:3000", Header(response, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("http://192.168.1.77:9999", true)]
    [InlineData("https://stash.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task A_web_socket_opens_for_allowed_origins_only(string? origin, bool opens)
    {
        await using var app = await StartAsync();
        using var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        var url = new UriBuilder(app.Address()) { Scheme = "ws", Path = "/ws" }.Uri;
        if (opens)
        {
            await socket.ConnectAsync(url, Stop);
            Assert.Equal(WebSocketState.Open, socket.State);
        }
        else
        {
            socket.Options.CollectHttpResponseDetails = true;
            await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(url, Stop));
            Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
        }
    }

    private static Task<WebApplication> StartAsync() => TestServers.StartAsync(
        app =>
        {
            app.MapMethods("/", ["GET", "POST"], () => "hello");
            app.MapGet("/fail", string () => throw new InvalidOperationException("inner"));
            app.Map("/ws", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.ReceiveAsync(new byte[16], context.RequestAborted);
            });
        },
        Configured);

    private static async Task<HttpResponseMessage> SendAsync(
        WebApplication app, HttpMethod method, string? origin, string? host = null, string path = "")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(app.Address(), path));
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        return await client.SendAsync(request, Stop);
    }

    private static async Task<HttpResponseMessage> PreflightAsync(WebApplication app, string origin)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Options, app.Address());
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "content-type,cache-control");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Private-Network", "true");
        return await client.SendAsync(request, Stop);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;

    private static async Task<string?> SettingAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Stop));
        return problem.RootElement.GetProperty("setting").GetString();
    }
}
