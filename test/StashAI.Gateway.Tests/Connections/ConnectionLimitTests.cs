using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StashAI.Gateway.Tests.Live;
using StashAI.Gateway.Tests.Routes;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Settings;
using StashAI.Server.Hosting;

namespace StashAI.Gateway.Tests.Connections;

/// <summary>How many connections the server takes.</summary>
public sealed class ConnectionLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Idle_connections_keep_nobody_out()
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["MAX_CONNECTIONS"] = "10" });
        var idle = new List<RawClient>();
        for (var i = 0; i < 100; i++) idle.Add(await RawClient.ConnectAsync(gateway.Url));

        using var client = await RawClient.ConnectAsync(gateway.Url);
        await client.SendAsync("GET /api/queue/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal(200, await client.StatusAsync());
        foreach (var one in idle.Take(80)) Assert.Equal("", await one.ReadToEndAsync());
        idle.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task A_connection_with_a_request_in_work_keeps_its_place_and_newcomers_are_closed()
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["MAX_CONNECTIONS"] = "8" });
        var streams = new List<EventReader>();
        // Live clients leave room for requests.
        for (var i = 0; i < 6; i++) streams.Add(await EventReader.OpenAsync(gateway.Http, "/api/events?queue_stats=1"));
        using var refused = await gateway.Http.GetAsync(
            "/api/events?queue_stats=1", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(503, (int)refused.StatusCode);
        var working = new List<RawClient>();
        var gate = gateway.Services.GetRequiredService<ConnectionGate>();
        while (gate.OpenCount < 8)
        {
            working.Add(await RawClient.ConnectAsync(gateway.Url));
            await working[^1].SendAsync("POST /api/visage/job HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n");
            Assert.Contains("100 Continue", await working[^1].ReadAsync(), StringComparison.Ordinal);
        }

        // What was idle makes room first.
        while (true)
        {
            using var client = await RawClient.ConnectAsync(gateway.Url);
            await client.TrySendAsync(
                "POST /api/visage/job HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n");
            if (await client.ReadAsync() == "") break;
        }

        await working[^1].SendAsync(new string(' ', 98) + "{}");
        Assert.Equal(400, await working[^1].StatusAsync());
        streams.ForEach(stream => stream.Dispose());
        working.ForEach(one => one.Dispose());
    }

    /// <summary>It holds its file until then; a server that goes on accepting meanwhile runs out of files, and ends.</summary>
    [Fact]
    public async Task A_connection_makes_room_when_its_socket_is_closed_and_not_before()
    {
        using var gate = new ConnectionGate(1, TimeProvider.System, NullLogger<ConnectionGate>.Instance);
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        await using var listener = await new GatedListenerFactory(sockets, gate)
            .BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
        var before = gate.FreeAcceptSlots;
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.EndPoint, Cancellation);

        var connection = (await listener.AcceptAsync(Cancellation))!;
        await gate.RunAsync(connection, _ => Task.CompletedTask);
        Assert.Equal((0, before - 1), (gate.OpenCount, gate.FreeAcceptSlots));
        await connection.DisposeAsync();
        await connection.DisposeAsync();

        Assert.Equal(before, gate.FreeAcceptSlots);
    }

    [Theory]
    [InlineData(null, 20_000)]
    [InlineData(1_048_576L, 20_000)]
    [InlineData(4096L, 4096 - 448 - 16)]
    [InlineData(1024L, 1024 - 448 - 16)]
    [InlineData(256L, 32)]
    public void The_limit_leaves_files_for_the_store_and_for_calls(long? files, int most) =>
        Assert.Equal(most, ConnectionLimit.Default(files, 4));

    [Theory]
    [InlineData("0")]
    [InlineData("800")]
    [InlineData("many")]
    [InlineData("-1")]
    public void A_limit_that_the_process_cannot_hold_is_named(string text)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("MAX_CONNECTIONS", text)]).Build();

        var error = Assert.Throws<OptionsValidationException>(
            () => SettingsReader.Bind(settings, reader => ConnectionSettings.Read(reader, 4, 1024)));

        Assert.Contains("MAX_CONNECTIONS must be a whole number from 1 to 560", error.Message, StringComparison.Ordinal);
        Assert.Contains("1024 files", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_of_open_files_is_read() =>
        Assert.Equal(
            1024,
            FileLimit.Parse(
                [
                    "Limit                     Soft Limit           Hard Limit           Units",
                    "Max open files            1024                 4096                 files",
                ]));
}
