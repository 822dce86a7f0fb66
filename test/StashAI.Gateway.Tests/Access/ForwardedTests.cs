using System.Net;
using System.Net.WebSockets;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using StashAI.Gateway.Tests.Live;
using StashAI.Gateway.Tests.Routes;
using StashAI.Hosting.Clients;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Who a request behind a proxy comes from, and what that allows.</summary>
public sealed class ForwardedTests
{
    private static readonly string[] Hops =
    [
        "127.0.0.1", "127.8.9.10", "::1", "[::1]", "[::1]:80", "127.0.0.1:4711", "::ffff:127.0.0.1", "\"127.0.0.1\"", "203.0.113.9",
        "203.0.113.9:1", "10.0.0.5", "192.168.1.7", "2001:db8::9", "[2001:db8::9]:443", "\"[2001:db8::9]\"", "::ffff:203.0.113.9",
        "unknown", "_hidden", " ", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "127.0.0.1.", "127.0.0.01", "127.0.0.1 ", "localhost",
        "127.0.0.1:99999", "127.0.0.1:x", "[127.0.0.1]", "::1%lo", "[::1", "::1]", "\"127.0.0.1", "127.0.0.1;127.0.0.1", "a, b",
        "127.0.0.256", "::127.0.0.1",
    ];

    private static readonly string[] Names =
    [
        "X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP", "Via",
        "X-Forwarded-Host", "X-Forwarded-Proto",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "")]
    [InlineData("X-Forwarded-Host", "ai.example.org")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("CF-Connecting-IP", "203.0.113.9")]
    [InlineData("True-Client-IP", "203.0.113.9")]
    [InlineData("X_Forwarded_For", "203.0.113.9")]
    [InlineData("X-Vercel-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Forwarded-User", "ann")]
    [InlineData("WL-Proxy-Client-IP", "203.0.113.9")]
    [InlineData("DO-Connecting-IP", "203.0.113.9")]
    [InlineData("CloudFront-Viewer-Address", "203.0.113.9:1234")]
    [InlineData("X-Envoy-Expected-Rq-Timeout-Ms", "15000")]
    public async Task Whoever_comes_through_a_proxy_that_nobody_trusts_is_not_this_machine(string name, string value)
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal(401, await StatusAsync(gateway, "POST", "/api/queue/pause", (name, value)));
        Assert.Equal(401, await StatusAsync(gateway, "GET", "/api/queue/jobs", (name, value)));
        Assert.Equal(401, await StatusAsync(gateway, "GET", "/api/events?queue_stats=1", (name, value)));
        using var socket = await LiveClient.ConnectAsync(
            gateway.Url, isGreeted: false, configure: options => options.SetRequestHeader(name, value));
        await socket.SendAsync("""{"type":"subscribe_queue_stats"}""");
        Assert.Equal("error", (await socket.ReadAsync()).Text("type"));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await socket.CloseOfAsync());
        Assert.Equal(200, await StatusAsync(gateway, "POST", "/api/queue/pause"));
    }

    [Fact]
    public async Task Who_is_refused_because_of_an_untrusted_proxy_hears_so_without_an_address_and_the_log_says_it_once()
    {
        await using var gateway = await GatewayHost.StartAsync();
        foreach (var (name, value) in ((string, string)[])[("X-Forwarded-For", "203.0.113.9"), ("Via", "1.1 proxy"),
            ("X-Forwarded-For", "127.0.0.1")])
        {
            var detail = await RefusalAsync(gateway, name, value);
            Assert.Contains("TRUSTED_PROXIES", detail, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", detail, StringComparison.Ordinal);
        }

        using var socket = await LiveClient.ConnectAsync(
            gateway.Url, isGreeted: false, configure: options => options.SetRequestHeader("Via", "1.1 proxy"));
        await socket.SendAsync("""{"type":"ping"}""");
        Assert.Contains("TRUSTED_PROXIES", (await socket.ReadAsync()).Text("message"), StringComparison.Ordinal);

        var line = Assert.Single(gateway.Errors.Warnings, line => line.Contains("TRUSTED_PROXIES", StringComparison.Ordinal));
        Assert.Contains("TRUSTED_PROXIES=127.0.0.1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_refused_for_another_reason_hears_nothing_of_proxies()
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["TRUSTED_PROXIES"] = "127.0.0.1" },
            prepare: async store => key = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin));

        Assert.DoesNotContain("TRUSTED_PROXIES", await RefusalAsync(gateway, "X-Forwarded-For", "203.0.113.9"), StringComparison.Ordinal);
        Assert.DoesNotContain("TRUSTED_PROXIES", await RefusalAsync(gateway, "X-Other", "x"), StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Errors.Warnings, line => line.Contains("TRUSTED_PROXIES", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1", "X-Forwarded-For", "127.0.0.1", true)]
    [InlineData("127.0.0.0/8", "X-Forwarded-For", "127.0.0.1, 127.0.0.2", true)]
    [InlineData("127.0.0.1", "X-Forwarded-For", "127.0.0.9", true)]
    [InlineData("127.0.0.1", "Forwarded", "for=127.0.0.1;proto=https", true)]
    [InlineData("127.0.0.1", "X-Real-IP", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "X-Forwarded-For", "203.0.113.9", false)]
    [InlineData("127.0.0.1", "X-Forwarded-For", "127.0.0.1, 203.0.113.9", false)]
    [InlineData("127.0.0.1", "X-Forwarded-For", "203.0.113.9, 127.0.0.1", false)]
    [InlineData("127.0.0.1,10.0.0.0/8", "X-Forwarded-For", "127.0.0.1, 10.0.0.5", false)]
    [InlineData("127.0.0.1", "X-Forwarded-For", "127.0.0.1, nonsense", false)]
    [InlineData("127.0.0.1", "X-Forwarded-For", "nonsense, 127.0.0.1", false)]
    [InlineData("127.0.0.1", "X-Forwarded-For", ",", false)]
    [InlineData("127.0.0.1", "X-Forwarded-Proto", "https", false)]
    [InlineData("127.0.0.1", "Via", "1.1 proxy", false)]
    [InlineData("127.0.0.1", "CF-Connecting-IP", "127.0.0.1", false)]
    [InlineData("10.0.0.1", "X-Forwarded-For", "127.0.0.1", false)]
    [InlineData("unix", "X-Forwarded-For", "127.0.0.1", false)]
    public async Task The_client_that_a_trusted_proxy_names_decides(string trusted, string name, string value, bool isThisMachine)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["TRUSTED_PROXIES"] = trusted });

        Assert.Equal(isThisMachine ? 200 : 401, await StatusAsync(gateway, "POST", "/api/queue/pause", (name, value)));
    }

    [Fact]
    public async Task Wrong_keys_count_for_the_client_behind_a_trusted_proxy_and_a_right_key_always_works()
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["TRUSTED_PROXIES"] = "127.0.0.1" },
            prepare: async store => key = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin));
        for (var i = 0; i < 20; i++) Assert.Equal(401, await AskAsync("wrong", "203.0.113.9"));

        Assert.Equal(429, await AskAsync("wrong", "203.0.113.9"));
        Assert.Equal(429, await AskAsync("wrong", $"198.51.100.1, 203.0.113.9"));
        Assert.Equal(401, await AskAsync("wrong", "203.0.113.10"));
        Assert.Equal(200, await AskAsync(key, "203.0.113.9"));
        Assert.Equal(201, await StatusAsync(gateway, "POST", "/api/ws/ticket", ("X-API-Key", key), ("X-Forwarded-For", "203.0.113.9")));
        using var socket = await LiveClient.ConnectAsync(
            gateway.Url, isGreeted: false, configure: options => options.SetRequestHeader("X-Forwarded-For", "203.0.113.9"));
        await socket.SendAsync($$"""{"type":"auth","token":"{{key}}"}""");
        Assert.Equal("connection_established", (await socket.ReadAsync()).Text("type"));

        Task<int> AskAsync(string shown, string client) =>
            StatusAsync(gateway, "GET", "/api/queue/jobs", ("X-API-Key", shown), ("X-Forwarded-For", client));
    }

    [Fact]
    public async Task Made_up_clients_do_not_help_where_no_proxy_is_trusted()
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(
            prepare: async store => key = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin));
        var statuses = new List<int>();
        for (var i = 0; i < 25; i++)
        {
            statuses.Add(
                await StatusAsync(gateway, "GET", "/api/queue/jobs", ("X-API-Key", "wrong"), ("X-Forwarded-For", $"203.0.113.{i}")));
        }

        Assert.Equal([.. Enumerable.Repeat(401, 20), .. Enumerable.Repeat(429, 5)], statuses);
        Assert.Equal(200, await StatusAsync(gateway, "GET", "/api/queue/jobs", ("X-API-Key", key), ("X-Forwarded-For", "203.0.113.1")));
        Assert.Equal(401, await StatusAsync(gateway, "GET", "/api/queue/jobs", ("X-API-Key", "wrong")));
    }

    [Fact]
    public async Task The_right_key_works_wherever_it_stands_beside_a_wrong_one()
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(
            prepare: async store => key = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin));

        Assert.Equal(
            200, await StatusAsync(gateway, "GET", "/api/queue/jobs", ("Authorization", "Bearer of-the-proxy"), ("X-API-Key", key)));
        Assert.Equal(200, await StatusAsync(gateway, "GET", "/api/queue/jobs", ("X-API-Key", "none"), ("x-ai-api-key", key)));
        Assert.Equal(
            401, await StatusAsync(gateway, "GET", "/api/queue/jobs", ("Authorization", "Bearer of-the-proxy"), ("X-API-Key", "none")));
    }

    [Fact]
    public void Nobody_is_this_machine_while_any_header_says_otherwise()
    {
        var proxies = TrustedProxies.Parse("127.0.0.0/8, ::1, 10.0.0.0/8");

        Gen.Select(Gen.OneOf(Names), Gen.OneOf(Hops).Array[1, 4], Gen.Bool).Array[1, 3].Sample(
            headers =>
            {
                var context = new DefaultHttpContext();
                context.Connection.RemoteIpAddress = IPAddress.Loopback;
                foreach (var (name, hops, areLines) in headers)
                {
                    var texts = name == "Forwarded" ? hops.Select(hop => $"for={hop}").ToArray() : hops;
                    context.Request.Headers.Append(name, areLines ? new StringValues(texts) : string.Join(", ", texts));
                }

                var said = headers.Where(
                    header => !header.Item1.StartsWith("X-Forwarded-", StringComparison.Ordinal) || header.Item1 == "X-Forwarded-For")
                    .Where(header => header.Item1 != "Via").SelectMany(header => header.Item2);
                if (proxies.ClientOf(context).IsThisMachine)
                {
                    Assert.All(
                        said,
                        hop => Assert.True(
                            hop.Contains("127.", StringComparison.Ordinal) || hop.Contains("::1", StringComparison.Ordinal), hop));
                    Assert.All(said, hop => Assert.NotNull(ForwardedHeaders.Parse(hop)));
                }

                Assert.False(TrustedProxies.None.ClientOf(context).IsThisMachine);
            },
            iter: 5000);
    }

    [Theory]
    [InlineData("proxy.example.org")]
    [InlineData("10.0.0.0/33")]
    [InlineData("127.1")]
    [InlineData("10.0.0.1:80")]
    [InlineData("*")]
    [InlineData("10.0.0.1 10.0.0.2")]
    public void A_list_of_proxies_that_is_not_valid_is_named(string text) =>
        Assert.Contains(
            $"'{text}' must be an address",
            Assert.Throws<FormatException>(() => TrustedProxies.Parse($"10.0.0.9,{text}")).Message,
            StringComparison.Ordinal);

    private static async Task<string> RefusalAsync(GatewayHost gateway, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/queue/jobs");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<int> StatusAsync(
        GatewayHost gateway, string method, string path, params (string Name, string Value)[] headers)
    {
        using var response = await gateway.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null, headers);
        return (int)response.StatusCode;
    }
}
