using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StashAI.EndToEnd.Tests.Gateway;

/// <summary>Below a path, behind the proxies that docs/proxies.md shows.</summary>
public sealed partial class PrefixTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    [InlineData("haproxy")]
    public async Task Every_link_of_the_server_holds_behind_the_proxy(string name)
    {
        await using var gateway = await ServedGateway.StartAsync(settings: [("TRUSTED_PROXIES", "127.0.0.1")]);
        await using var proxy = await RealProxy.StartAsync(name, gateway.Process.Url);
        using var http = new HttpClient { BaseAddress = new Uri(proxy.Url) };

        using var submit = await http.PostAsJsonAsync("/stashai/api/visage/job", new { images = (string[])["YQ=="] }, Cancellation);
        var answer = await submit.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        foreach (var link in (string[])[submit.Headers.Location!.OriginalString, answer.GetProperty("status_url").GetString()!])
        {
            Assert.StartsWith("/stashai/api/queue/", link, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(link, Cancellation)).StatusCode);
        }

        var job = await http.GetFromJsonAsync<JsonElement>(submit.Headers.Location!.OriginalString, Cancellation);
        var input = job.GetProperty("tasks")[0].GetProperty("input_data").GetProperty("input_url").GetString()!;
        Assert.Equal("a", await http.GetStringAsync(input, Cancellation));
        var document = await http.GetFromJsonAsync<JsonElement>("/stashai/openapi.json", Cancellation);
        Assert.Equal("/stashai", new Uri(document.GetProperty("servers")[0].GetProperty("url").GetString()!).AbsolutePath);
        foreach (var page in (string[])["/stashai/docs", "/stashai"])
        {
            using var response = await http.GetAsync(page, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            foreach (Match match in Links().Matches(await response.Content.ReadAsStringAsync(Cancellation)))
            {
                var target = new Uri(response.RequestMessage!.RequestUri!, match.Groups[1].Value);
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(target, Cancellation)).StatusCode);
            }
        }

        foreach (var page in (string[])["/stashai/demo", "/stashai/demo/"])
        {
            using var response = await http.GetAsync(page, Cancellation);
            Assert.Equal("/stashai/dashboard/begin", response.RequestMessage!.RequestUri!.AbsolutePath);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        // A browser resolves the links of the dashboard against its base.
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/stashai/");
        asked.Headers.Accept.ParseAdd("text/html");
        using var dashboard = await http.SendAsync(asked, Cancellation);
        var html = await dashboard.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("<base href=\"/stashai/\">", html, StringComparison.Ordinal);
        foreach (Match match in Links().Matches(html))
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/stashai/" + match.Groups[1].Value, Cancellation)).StatusCode);

        var instructions = await http.GetFromJsonAsync<JsonElement>("/stashai/api/demo/websocket/instructions", Cancellation);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(instructions.GetProperty("connection_example").GetString()!), Cancellation);
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    [InlineData("haproxy")]
    public async Task The_examples_do_not_let_a_client_choose_its_address(string name)
    {
        await using var gateway = await ServedGateway.StartAsync(
            settings: [("TRUSTED_PROXIES", "127.0.0.1"), ("API_KEYS", "admin:a-key-that-is-long-enough")]);
        await using var proxy = await RealProxy.StartAsync(name, gateway.Process.Url);
        using var http = new HttpClient { BaseAddress = new Uri(proxy.Url) };

        using var request = new HttpRequestMessage(HttpMethod.Get, "/stashai/api/demo/websocket/instructions");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", "/evil");
        using var response = await http.SendAsync(request, Cancellation);
        var example = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("connection_example").GetString()!;
        Assert.Equal($"{proxy.Url.Replace("http", "ws", StringComparison.Ordinal)}/stashai/ws/demo_session", example);
    }

    [GeneratedRegex("(?:src|(?<!base )href)=\"([^\"#]+)\"")]
    private static partial Regex Links();
}
