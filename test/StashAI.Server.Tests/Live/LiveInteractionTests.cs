using Microsoft.Extensions.DependencyInjection;
using StashAI.Server.Live;
using StashAI.Server.Tests.Api;

namespace StashAI.Server.Tests.Live;

/// <summary>Who hears of an interaction.</summary>
public sealed class LiveInteractionTests
{
    [Fact]
    public async Task Without_keys_every_socket_of_this_machine_hears_of_every_interaction()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var same = await LiveClient.ConnectAsync(gateway, "one");
        using var other = await LiveClient.ConnectAsync(gateway, "two");
        foreach (var client in (LiveClient[])[same, other]) await client.AskAsync("""{"type":"ping"}""", "pong");

        gateway.Services.GetRequiredService<LiveHub>().Publish("one", """{"action_type":"click"}"""u8.ToArray());

        foreach (var client in (LiveClient[])[same, other])
        {
            var message = await client.ReadAsync();
            Assert.Equal("new_interaction", message.Text("type"));
            Assert.Equal("click", message.GetProperty("data").Text("action_type"));
        }
    }

    [Fact]
    public async Task Who_may_not_hear_of_all_hears_of_its_own_session()
    {
        var limits = new LiveLimits();
        var audience = new LiveAudience();
        var own = new LiveSubscriber(TimeProvider.System, limits);
        var all = new LiveSubscriber(TimeProvider.System, limits);
        audience.Join(own, "one", hearsAll: false);
        audience.Join(all, "two", hearsAll: true);

        audience.Tell("two", "2"u8.ToArray());
        audience.Tell("one", "1"u8.ToArray());
        var ownHeard = (await own.TakeAsync(TestContext.Current.CancellationToken)).Interactions;
        var allHeard = (await all.TakeAsync(TestContext.Current.CancellationToken)).Interactions;

        Assert.Equal([(byte)'1'], ownHeard.Select(bytes => bytes.Span[0]));
        Assert.Equal([(byte)'2', (byte)'1'], allHeard.Select(bytes => bytes.Span[0]));
    }

    [Fact]
    public async Task An_interaction_over_a_socket_or_http_is_kept_and_comes_back_to_the_session()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway, "mine");
        await client.AskAsync("""{"type":"ping"}""", "pong");

        await client.SendAsync("""{"type":"interaction","data":{"action_type":"click","element_id":"play"}}""");
        var first = (await client.UntilAsync(message => message.Text("type") == "new_interaction")).GetProperty("data");
        await gateway.PostAsync("/api/interactions", """{"session_id":"mine","action_type":"view"}""");
        var second = (await client.UntilAsync(message => message.Text("type") == "new_interaction")).GetProperty("data");

        Assert.Equal("mine", first.Text("session_id"));
        Assert.Equal("play", first.Text("element_id"));
        Assert.Equal("view", second.Text("action_type"));
        var kept = (await gateway.GetAsync("/api/interactions?session_id=mine")).GetProperty("interactions");
        Assert.Equal([second.Text("task_id"), first.Text("task_id")], kept.EnumerateArray().Select(one => one.Text("task_id")));
    }

    [Theory]
    [InlineData("""{"type":"interaction"}""")]
    [InlineData("""{"type":"interaction","data":[1]}""")]
    public async Task An_interaction_without_data_is_refused(string message)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        Assert.StartsWith("data is missing", (await client.AskAsync(message, "error")).Text("message"), StringComparison.Ordinal);
    }
}
