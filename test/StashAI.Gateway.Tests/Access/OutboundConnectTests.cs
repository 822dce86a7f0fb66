using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Access;

public sealed class OutboundConnectTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_that_turns_to_a_private_address_after_the_check_is_not_connected_to()
    {
        var reached = 0;
        await using var app = await TestServers.StartAsync(a => a.MapPost("/", () => { reached++; return Results.Ok(); }));
        var dns = new ScriptedDns().With("rebind.example", "93.184.216.34").With("rebind.example", "127.0.0.1");
        var policy = new OutboundPolicy(new SecurityOptions(), () => ServiceSnapshot.Empty, new ThisMachine(), dns);
        using var factory = Factory(policy);
        using var client = factory.Create();
        var url = new Uri($"http://rebind.example:{app.Address().Port}/");

        await policy.CheckAsync(url, null, Stop);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(url, null, Stop));

        Assert.Equal("TRUST_LAN", Assert.IsType<OutboundRefusedException>(error.InnerException).Setting);
        Assert.Equal(2, dns.Lookups.Count);
        Assert.Equal(0, reached);
    }

    [Fact]
    public async Task Connections_go_to_the_checked_address_and_past_one_that_refuses()
    {
        await using var app = await TestServers.StartAsync(a => a.MapGet("/", (HttpContext c) => c.Request.Host.Host));
        // nothing listens on this port of 127.0.0.2
        var dns = new ScriptedDns().With("ai.localhost", "127.0.0.2", "127.0.0.1");
        using var factory = Factory(
            new OutboundPolicy(new SecurityOptions { TrustLan = true }, () => ServiceSnapshot.Empty, new ThisMachine(), dns));
        using var client = factory.Create();
        Assert.Equal("ai.localhost", await client.GetStringAsync(new Uri($"http://ai.localhost:{app.Address().Port}/"), Stop));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_a_socket_error_for_the_adapter()
    {
        using var factory = Factory(
            new OutboundPolicy(new SecurityOptions(), () => ServiceSnapshot.Empty, new ThisMachine(), new ScriptedDns()));
        using var client = factory.Create();
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://nowhere.example/"), Stop));
        Assert.Equal(SocketError.HostNotFound, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_an_error_that_names_both_addresses(int status)
    {
        await using var app = await TestServers.StartAsync(a => a.MapPost("/", (HttpContext c) =>
        {
            c.Response.StatusCode = status;
            c.Response.Headers.Location = "http://169.254.169.254/latest";
        }));
        using var factory = Factory(new OutboundPolicy(
            new SecurityOptions { TrustLan = true }, () => ServiceSnapshot.Empty, new ThisMachine(), new SystemDnsResolver()));
        using var client = factory.Create();
        var error = await Assert.ThrowsAsync<OutboundRefusedException>(() => client.PostAsync(app.Address(), null, Stop));
        Assert.Contains("http://169.254.169.254/latest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_system_resolver_finds_localhost() =>
        Assert.All(await new SystemDnsResolver().ResolveAsync("localhost", Stop), address => Assert.True(IPAddress.IsLoopback(address)));

    private static OutboundHttpClientFactory Factory(OutboundPolicy policy) => new(new OutboundConnector(policy, TimeProvider.System));
}
