using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Connections;
using StashAI.Gateway.Tests.Routes;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Links behind proxies: their prefix, scheme and host.</summary>
public sealed class PublicAddressTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/stashai", null, "", "/stashai")] // the proxy took it off
    [InlineData("/stashai", null, "/stashai", "/stashai")] // the proxy left it
    [InlineData("/a/b", null, "/a/b", "/a/b")]
    [InlineData(null, "/stashai", "", "/stashai")]
    [InlineData(null, "/stashai/", "", "/stashai")]
    [InlineData("/other", "/stashai", "", "/stashai")]
    [InlineData("/other", "/", "", "")]
    [InlineData("/other", "nonsense", "", "/other")]
    public async Task Everything_that_names_a_path_of_this_server_has_the_prefix(
        string? setting, string? header, string before, string prefix)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["BASE_PATH"] = setting, ["TRUSTED_PROXIES"] = "127.0.0.1" });
        (string, string)[] headers =
            [("X-Forwarded-For", "127.0.0.1"), .. header is null ? [] : ((string, string)[])[("X-Forwarded-Prefix", header)]];

        using var submit = await gateway.SendAsync(
            HttpMethod.Post, before + "/api/visage/job", """{"images":["YQ=="]}""", [.. headers, ("Prefer", "wait=0")]);
        var answer = await ReadAsync(submit);
        var job = answer.GetProperty("job_id").GetString();
        Assert.Equal($"{prefix}/api/queue/job/{job}", submit.Headers.Location!.OriginalString);
        Assert.Equal($"{prefix}/api/queue/status/{job}", answer.GetProperty("status_url").GetString());
        await gateway.EndOfAsync(job!);
        using var tasks = await gateway.SendAsync(HttpMethod.Get, before + $"/api/queue/tasks?job_id={job}", null, headers);
        var task = (await ReadAsync(tasks)).GetProperty("tasks")[0];
        Assert.StartsWith(
            $"{prefix}/api/queue/task/", task.GetProperty("input_data").GetProperty("input_url").GetString(), StringComparison.Ordinal);
        Assert.StartsWith($"{prefix}/api/queue/task/", task.GetProperty("output_url").GetString(), StringComparison.Ordinal);
        using var session = await gateway.SendAsync(HttpMethod.Post, before + "/api/sessions", """{"session_id":"s"}""", headers);
        Assert.Equal($"{prefix}/api/sessions/s", session.Headers.Location!.OriginalString);
        using var document = await gateway.SendAsync(HttpMethod.Get, before + "/openapi.json", null, headers);
        Assert.Equal(
            prefix.Length == 0 ? "/" : prefix,
            new Uri((await ReadAsync(document)).GetProperty("servers")[0].GetProperty("url").GetString()!).AbsolutePath);
        using var missing = await gateway.SendAsync(HttpMethod.Get, before + "/api/queue/job/x", null, headers);
        Assert.Equal($"{prefix}/api/queue/job/x", (await ReadAsync(missing)).GetProperty("instance").GetString());
        // Probes of this machine come without the prefix.
        Assert.Equal(200, (int)(await gateway.Http.GetAsync("/health", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Only_trusted_proxies_name_prefix_scheme_and_host()
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["ALLOW_ANONYMOUS"] = "lan" });
        using var submit = await gateway.SendAsync(
            HttpMethod.Post, "/api/visage/job", """{"images":["YQ=="]}""", ("X-Forwarded-Prefix", "/evil"),
            ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"));

        Assert.StartsWith("/api/queue/job/", submit.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var instructions = await gateway.SendAsync(
            HttpMethod.Get, "/api/demo/websocket/instructions", null, ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"));
        Assert.StartsWith(
            "ws://127.0.0.1:", (await ReadAsync(instructions)).GetProperty("connection_example").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-Proto: https\r\nX-Forwarded-Host: ai.example.org", "https://ai.example.org")]
    [InlineData("X-Forwarded-Proto: https\r\nX-Forwarded-Host: ai.example.org:8443", "https://ai.example.org:8443")]
    [InlineData("X-Forwarded-Proto: https\r\nX-Forwarded-Host: ai.example.org\r\nX-Forwarded-Port: 8443", "https://ai.example.org:8443")]
    [InlineData(
        "X-Forwarded-Proto: https\r\nX-Forwarded-Host: ai.example.org\r\nX-Forwarded-Port: 443\r\nX-Forwarded-Prefix: /p",
        "https://ai.example.org/p")]
    // the proxy appends to what the client sent
    [InlineData("X-Forwarded-Proto: http, https\r\nX-Forwarded-Host: evil.example, ai.example.org", "https://ai.example.org")]
    [InlineData("Forwarded: for=127.0.0.1;proto=https;host=ai.example.org", "https://ai.example.org")]
    [InlineData(
        "Forwarded: for=1.2.3.4;host=evil.example, for=203.0.113.7;proto=https;host=\"ai.example.org:8443\"",
        "https://ai.example.org:8443")]
    [InlineData("X-Forwarded-Proto: gopher\r\nX-Forwarded-Host: a/b", "http://localhost")]
    [InlineData("X-Forwarded-Host: user@evil.example", "http://localhost")]
    [InlineData("X-Forwarded-Host: ", "http://localhost")]
    public async Task Scheme_host_and_prefix_are_what_the_nearest_trusted_proxy_wrote(string headers, string expected) =>
        Assert.Equal(expected, await PublicAddressOfAsync(headers, "127.0.0.1", "127.0.0.1"));

    [Fact]
    public async Task Of_several_trusted_proxies_the_outermost_counts()
    {
        const string Chain = "X-Forwarded-For: 203.0.113.9, 10.0.0.2\r\nX-Forwarded-Proto: https, http\r\n"
            + "X-Forwarded-Host: ai.example.org, inner\r\nX-Forwarded-Prefix: /outer, /inner";
        Assert.Equal("https://ai.example.org/outer/inner", await PublicAddressOfAsync(Chain, "10.0.0.1", "10.0.0.0/8"));
        Assert.Equal("http://inner/inner", await PublicAddressOfAsync(Chain, "10.0.0.1", "10.0.0.1"));
        Assert.Equal("http://localhost", await PublicAddressOfAsync(Chain, "10.0.0.1", "10.0.0.9"));
    }

    [Theory]
    [InlineData("stashai")]
    [InlineData("/a b")]
    [InlineData("/a//b")]
    [InlineData("/a/../b")]
    [InlineData("//evil.example")]
    [InlineData("/a?b")]
    [InlineData("https://x/stashai")]
    [InlineData("/api")]
    [InlineData("/health")]
    public void A_base_path_that_cannot_be_is_refused_by_name(string text) =>
        Assert.Contains(
            "BASE_PATH",
            Assert.Throws<OptionsValidationException>(() =>
                SettingsReader.Bind(
                    TestServers.Settings(new() { ["BASE_PATH"] = text }), reader => reader.Read(GatewaySettings.BasePath))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("/demo", "dashboard/begin")]
    [InlineData("/demo/", "../dashboard/begin")]
    public async Task The_address_of_the_demo_leads_to_the_dashboard_below_any_path(string path, string location)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await RawClient.ConnectAsync(gateway.Url);
        await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        var answer = await client.ReadToEndAsync();

        Assert.Equal(302, RawClient.StatusOf(answer));
        Assert.Contains($"Location: {location}\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_the_API_is_at_home_below_any_path()
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.DoesNotMatch("(href|src)=\"/", await gateway.Http.GetStringAsync("/docs/", Cancellation));
    }

    /// <summary>The public address that a request through <paramref name="peer"/> with these headers has.</summary>
    private static async Task<string> PublicAddressOfAsync(string headers, string peer, string trusted)
    {
        var app = new ApplicationBuilder(new NoServices());
        app.UsePublicAddresses(TrustedProxies.Parse(trusted), BasePath.None);
        var context = new DefaultHttpContext { Request = { Scheme = "http", Host = new HostString("localhost"), Path = "/x" } };
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Headers["X-Forwarded-For"] = "127.0.0.1";
        if (headers.StartsWith("Forwarded:", StringComparison.Ordinal)) context.Request.Headers.Remove("X-Forwarded-For");
        foreach (var line in headers.Split("\r\n"))
        {
            context.Request.Headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] =
                line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        app.Run(_ => Task.CompletedTask);
        await app.Build()(context);
        return context.PublicAddress().Url;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.StartsWith("{", text, StringComparison.Ordinal);
        return JsonDocument.Parse(text).RootElement;
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
