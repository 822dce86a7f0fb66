using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Live;

/// <summary>The queue's statistics over a socket: to subscribers alone, under all the names of C-06.</summary>
public sealed class LiveStatsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statistics_come_at_once_and_whenever_they_change()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        using var client = await LiveClient.ConnectAsync(gateway);

        var confirmed = await client.AskAsync("""{"type":"subscribe_queue_stats"}""", "subscription_confirmed");
        var empty = (await client.ReadAsync()).GetProperty("data");
        var job = await gateway.SubmitAsync("a", "b");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(2, Cancellation);
        var running = (await client.UntilAsync(message => message.GetProperty("data").Whole("running") == 2)).GetProperty("data");
        gate.Open();
        await gateway.EndOfAsync(job);
        var over = (await client.UntilAsync(message => message.GetProperty("data").Whole("completed_tasks") == 2)).GetProperty("data");

        Assert.Equal("queue_stats", confirmed.Text("subscription"));
        Assert.Equal(0, empty.Whole("total_tasks"));
        foreach (var name in (string[])["running", "running_tasks", "active"]) Assert.Equal(2, running.Whole(name));
        foreach (var name in (string[])["pending", "pending_tasks", "scheduled", "completed_tasks", "failed_tasks", "cancelled_tasks"])
        {
            Assert.Equal(0, running.Whole(name));
        }

        Assert.Equal(2, running.GetProperty("tasks").Whole("running"));
        Assert.Equal(1, running.GetProperty("jobs").Whole("active"));
        Assert.Equal(1, over.GetProperty("jobs").Whole("completed"));
        Assert.Equal(2, over.Whole("total_tasks"));
    }

    [Fact]
    public async Task Nobody_else_gets_them()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var subscriber = await LiveClient.ConnectAsync(gateway);
        using var former = await LiveClient.ConnectAsync(gateway);
        using var other = await LiveClient.ConnectAsync(gateway);
        await subscriber.AskAsync("""{"type":"subscribe_queue_stats"}""", "subscription_confirmed");
        await former.AskAsync("""{"type":"subscribe_queue_stats"}""", "subscription_confirmed");
        await former.UntilAsync(message => message.Text("type") == "queue_stats");
        var unsubscribed = await former.AskAsync("""{"type":"unsubscribe_queue_stats"}""", "unsubscribed");

        await gateway.EndOfAsync(await gateway.SubmitAsync("a"));
        await subscriber.UntilAsync(
            message => message.Text("type") == "queue_stats" && message.GetProperty("data").Whole("completed_tasks") == 1);

        Assert.Equal("queue_stats", unsubscribed.Text("subscription"));
        foreach (var client in (LiveClient[])[former, other])
        {
            await client.SendAsync("""{"type":"ping"}""");
            Assert.Equal("pong", (await client.ReadAsync()).Text("type"));
        }
    }
}
