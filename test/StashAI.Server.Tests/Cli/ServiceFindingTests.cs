using System.Net;
using System.Net.Sockets;
using StashAI.Client.Models;
using StashAI.Server.Cli.Account;

namespace StashAI.Server.Tests.Cli;

/// <summary>What `doctor` says of services: whether anything listens at their addresses.</summary>
public sealed class ServiceFindingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_does_not_exist_is_not_ready()
    {
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        int shut;
        using (var gone = new TcpListener(IPAddress.Loopback, 0))
        {
            gone.Start();
            shut = ((IPEndPoint)gone.LocalEndpoint).Port;
        }

        Service[] services =
        [
            Named("there", $"http://127.0.0.1:{((IPEndPoint)open.LocalEndpoint).Port}"), Named("missing", $"http://127.0.0.1:{shut}"),
            Named("nowhere", null) with { Configured = false },
        ];
        var listens = await ServiceProbe.RunAsync(services, TimeProvider.System, Cancellation);

        Assert.Equal(
            new Dictionary<string, bool> { ["there"] = true, ["missing"] = false }, new Dictionary<string, bool>(listens));
        var found = ServiceFinding.Of(services[1], false);
        Assert.Equal((FindingLevel.Warning, "missing"), (found.Level, found.Check));
        Assert.Contains($"Nothing listens at http://127.0.0.1:{shut}", found.Detail, StringComparison.Ordinal);
        Assert.Equal(FindingLevel.Ok, ServiceFinding.Of(services[0], true).Level);
        Assert.Contains("not called yet", ServiceFinding.Of(services[0], true).Detail, StringComparison.Ordinal);
        Assert.Contains("not called yet", ServiceFinding.Of(services[0], null).Detail, StringComparison.Ordinal);
        Assert.Contains("ready", ServiceFinding.Of(services[0] with { Called = true }, true).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("error", "The echo service is not ready yet.", "Tasks wait for echo: The echo service is not ready yet. 'stashai resume")]
    [InlineData("error", "Connection refused", "Tasks wait for echo: Connection refused. 'stashai resume")]
    [InlineData("queue_paused", "The whole queue is paused.", "The whole queue is paused.")]
    public void A_reason_to_wait_is_a_whole_sentence(string cause, string reason, string expected)
    {
        var wait = new WaitReason { Cause = cause, Address = "echo", ErrorMessage = reason, ErrorKind = cause == "error" ? cause : null };

        var found = ServiceFinding.Of(Named("echo", null) with { Lanes = [new Lane { Waiting = wait }] }, false);

        Assert.Equal(FindingLevel.Warning, found.Level);
        Assert.StartsWith(expected, found.Detail, StringComparison.Ordinal);
    }

    private static Service Named(string name, string? address) =>
        new() { Name = name, Configured = true, Address = address, Called = false };
}
