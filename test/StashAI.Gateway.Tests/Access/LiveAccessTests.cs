using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Live;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Access;

/// <summary>How sockets and event streams show a key.</summary>
public sealed class LiveAccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_socket_is_opened_with_a_header_a_subprotocol_or_its_first_message()
    {
        var (gateway, key) = await StartAsync();
        await using var closing = gateway;

        using var header = await LiveClient.ConnectAsync(gateway.Url, configure: options => options.SetRequestHeader("X-API-Key", key));
        using var subprotocol = await LiveClient.ConnectAsync(gateway.Url, configure: options =>
        {
            options.AddSubProtocol("stashai.v1");
            options.AddSubProtocol($"bearer.{key}");
        });
        using var first = await LiveClient.ConnectAsync(gateway.Url, isGreeted: false);
        await first.SendAsync($$"""{"type":"auth","token":"{{key}}"}""");

        Assert.Equal("stashai.v1", subprotocol.Socket.SubProtocol);
        Assert.Equal("connection_established", (await first.ReadAsync()).Text("type"));
        foreach (var client in (LiveClient[])[header, subprotocol, first]) await client.AskAsync("""{"type":"ping"}""", "pong");
    }

    [Theory]
    [InlineData("""{"type":"ping"}""")]
    [InlineData("""{"type":"subscribe_queue_stats"}""")]
    [InlineData("""{"type":"auth"}""")]
    [InlineData("""{"type":"auth","token":"wrong"}""")]
    [InlineData("""{"type":"auth","token":"ticket_wrong"}""")]
    [InlineData("rubbish")]
    public async Task A_first_message_that_shows_no_key_ends_the_socket(string message)
    {
        var (gateway, _) = await StartAsync();
        await using var closing = gateway;
        using var client = await LiveClient.ConnectAsync(gateway.Url, isGreeted: false);

        await client.SendAsync(message);

        Assert.Equal("error", (await client.ReadAsync()).Text("type"));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.CloseOfAsync());
        Assert.Empty(gateway.Errors.Lines);
    }

    [Fact]
    public async Task A_socket_that_shows_nothing_is_closed_after_a_while()
    {
        var (gateway, _) = await StartAsync(new LiveLimits { AuthTimeout = TimeSpan.FromMilliseconds(50) });
        await using var closing = gateway;
        using var client = await LiveClient.ConnectAsync(gateway.Url, isGreeted: false);

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.CloseOfAsync());
    }

    [Fact]
    public async Task A_wrong_key_is_refused_before_the_upgrade()
    {
        var (gateway, key) = await StartAsync();
        await using var closing = gateway;

        var error = await Assert.ThrowsAsync<WebSocketException>(() =>
            LiveClient.ConnectAsync(gateway.Url, configure: options => options.SetRequestHeader("Authorization", $"Bearer {key}x")));

        Assert.Contains("401", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_opens_one_socket_or_one_stream()
    {
        var (gateway, key) = await StartAsync();
        await using var closing = gateway;

        using (var socket = await LiveClient.ConnectAsync(gateway.Url, $"s?ticket={await TicketAsync(gateway, key)}"))
            await socket.AskAsync("""{"type":"ping"}""", "pong");
        var ticket = await TicketAsync(gateway, key);
        using (var first = await LiveClient.ConnectAsync(gateway.Url, isGreeted: false))
        {
            await first.SendAsync($$"""{"type":"auth","token":"{{ticket}}"}""");
            Assert.Equal("connection_established", (await first.ReadAsync()).Text("type"));
        }

        await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.ConnectAsync(gateway.Url, $"s?ticket={ticket}"));
        ticket = await TicketAsync(gateway, key);
        using (await EventReader.OpenAsync(gateway.Http, $"/api/events?queue_stats=1&ticket={ticket}"))
        {
        }

        await gateway.GetAsync($"/api/events?queue_stats=1&ticket={ticket}", 401);
        await gateway.GetAsync($"/api/queue/jobs?ticket={await TicketAsync(gateway, key)}", 401); // of no use elsewhere
        await gateway.GetAsync("/api/events?queue_stats=1", 401);
    }

    [Theory]
    [InlineData("GET", "/api/queue/jobs")]
    [InlineData("GET", "/api/interactions")]
    [InlineData("POST", "/api/ws/ticket")]
    [InlineData("POST", "/api/visage/job")]
    [InlineData("POST", "/api/queue/pause")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/nowhere")]
    public async Task A_ticket_is_no_key_and_is_not_used_up_where_it_is_refused(string method, string path)
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(
            prepare: async store => key = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin));
        var ticket = await TicketAsync(gateway, key);

        foreach (var (name, value) in ((string, string)[])[("Authorization", $"Bearer {ticket}"), ("X-API-Key", ticket),
            ("x-ai-api-key", ticket)])
        {
            using var response = await gateway.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null, (name, value));
            Assert.Equal(401, (int)response.StatusCode);
            Assert.Contains(
                "A ticket opens one WebSocket", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        using var socket = await LiveClient.ConnectAsync(gateway.Url, configure: options => options.SetRequestHeader("X-API-Key", ticket));
        await socket.AskAsync("""{"type":"ping"}""", "pong");
    }

    [Fact]
    public async Task A_ticket_is_good_once_at_every_gateway_on_the_same_database()
    {
        var (one, key) = await StartAsync();
        await using var closing = one;
        await using var other = await GatewayHost.StartAsync(beside: one);
        var ticket = await TicketAsync(one, key);

        using (var socket = await LiveClient.ConnectAsync(other.Url, $"s?ticket={ticket}"))
        {
            await socket.AskAsync("""{"type":"ping"}""", "pong");
            Assert.Contains(
                "submit",
                (await socket.AskAsync("""{"type":"interaction","data":{"action_type":"click"}}""", "error")).Text("message"),
                StringComparison.Ordinal);
        }

        foreach (var gateway in (GatewayHost[])[one, other])
            await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.ConnectAsync(gateway.Url, $"s?ticket={ticket}"));
    }

    [Fact]
    public async Task A_ticket_of_a_key_that_another_gateway_does_not_know_is_worth_nothing_there()
    {
        await using var one = await GatewayHost.StartAsync(new() { ["API_KEYS"] = "read:a-key-of-the-first-gateway" });
        await using var other = await GatewayHost.StartAsync(new() { ["API_KEYS"] = "admin:a-key-of-the-other-gateway" }, beside: one);
        await using var open = await GatewayHost.StartAsync(beside: one);
        var ofKey = await TicketAsync(one, "a-key-of-the-first-gateway");
        var ofNobody = await TicketAsync(open, "whatever");

        foreach (var ticket in (string[])[ofKey, ofNobody])
            await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.ConnectAsync(other.Url, $"s?ticket={ticket}"));
    }

    [Fact]
    public async Task A_revoked_key_closes_its_sockets_and_streams()
    {
        var (gateway, key) = await StartAsync(new LiveLimits { KeyCheck = TimeSpan.FromMilliseconds(100) });
        await using var closing = gateway;
        using var client = await LiveClient.ConnectAsync(gateway.Url, configure: options => options.SetRequestHeader("X-API-Key", key));
        using var events = await EventReader.OpenAsync(
            gateway.Http, $"/api/events?interactions=1&ticket={await TicketAsync(gateway, key)}");

        await gateway.Services.GetRequiredService<IApiKeys>().RevokeApiKeyAsync(ApiKeyText.PrefixOf(key)!, Cancellation);

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.CloseOfAsync());
        Assert.True(await events.IsOverAsync());
    }

    [Fact]
    public async Task To_record_an_interaction_takes_the_scope_that_the_post_takes()
    {
        var (gateway, key) = await StartAsync();
        await using var closing = gateway;
        using var client = await LiveClient.ConnectAsync(gateway.Url, configure: options => options.SetRequestHeader("X-API-Key", key));

        var error = await client.AskAsync("""{"type":"interaction","data":{"action_type":"click"}}""", "error");

        Assert.Contains("submit", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_hears_of_its_own_session_and_gets_no_stream_of_all()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" }, prepare: store => AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin));
        using var client = await LiveClient.ConnectAsync(gateway, "mine");
        await client.AskAsync("""{"type":"ping"}""", "pong");
        var hub = gateway.Services.GetRequiredService<LiveHub>();

        hub.Publish("other", "1"u8.ToArray());
        hub.Publish("mine", "2"u8.ToArray());

        Assert.Equal(2, (await client.ReadAsync()).Whole("data"));
        await gateway.GetAsync("/api/events?interactions=1", 403);
    }

    private static async Task<(GatewayHost Gateway, string Key)> StartAsync(LiveLimits? limits = null)
    {
        var key = "";
        var gateway = await GatewayHost.StartAsync(
            prepare: async store =>
            {
                key = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Read);
                await AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin);
            },
            configure: builder => builder.Services.AddSingleton(limits ?? new LiveLimits()));
        return (gateway, key);
    }

    private static async Task<string> TicketAsync(GatewayHost gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ws/ticket") { Headers = { { "X-API-Key", key } } };
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        Assert.Equal(201, (int)response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(30, answer.Whole("expires_in_seconds"));
        return answer.Text("ticket");
    }
}
