using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Live;

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
    public async Task What_is_posted_and_what_comes_over_a_socket_is_recorded_and_told()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway, "one");
        await client.AskAsync("""{"type":"ping"}""", "pong");

        var posted = await gateway.PostAsync("/api/interactions", """{"session_id":"two","action_type":"click"}""", 202);
        var first = await client.ReadAsync();
        var second = await client.AskAsync("""{"type":"interaction","data":{"action_type":"play"}}""", "new_interaction");

        Assert.Equal("new_interaction", first.Text("type"));
        Assert.Equal(posted.Text("task_id"), first.GetProperty("data").Text("task_id"));
        Assert.Equal(("one", "play"), (second.GetProperty("data").Text("session_id"), second.GetProperty("data").Text("action_type")));
        Assert.Equal(1, (await gateway.GetAsync("/api/sessions/one")).Whole("recorded_interactions"));
        Assert.Equal(
            "error",
            (await client.AskAsync("""{"type":"interaction","data":{"action_type":5,"metadata":1,"user_id":[]}}""", "error")).Text("type"));
    }

    [Fact]
    public async Task What_another_gateway_on_the_same_database_recorded_is_told_once()
    {
        await using var one = await GatewayHost.StartAsync();
        await using var other = await GatewayHost.StartAsync(beside: one);
        await one.PostAsync("/api/interactions", """{"session_id":"s","action_type":"before"}""", 202);
        using var here = await LiveClient.ConnectAsync(one, "s");
        using var there = await LiveClient.ConnectAsync(other, "s");
        foreach (var client in (LiveClient[])[here, there]) await client.AskAsync("""{"type":"ping"}""", "pong");

        // Each is told at once where it was posted, and found elsewhere: were one told twice, it would come in place of the next.
        for (var i = 0; i < 4; i++)
        {
            await (i % 2 == 0 ? one : other).PostAsync("/api/interactions", $$"""{"session_id":"s","action_type":"click {{i}}"}""", 202);
            foreach (var client in (LiveClient[])[here, there])
            {
                var message = await client.ReadAsync();
                Assert.Equal(("new_interaction", $"click {i}"), (message.Text("type"), message.GetProperty("data").Text("action_type")));
            }
        }
    }

    [Theory]
    [InlineData("""{"action_type":"a","page":"/"}""")]
    [InlineData("""{"action_type":"a","element_typ":"b"}""")]
    [InlineData("""{"action_type":"a","item_id":"1"}""")]
    [InlineData("""{"action_type":"a","type":"interaction"}""")]
    [InlineData("""{"action_type":[]}""")]
    [InlineData("""{"page_path":"/"}""")]
    public async Task What_POST_refuses_is_refused_over_a_socket_with_the_same_words(string interaction)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway, "one");

        var posted = await gateway.PostAsync(
            "/api/interactions", interaction.Replace("{", """{"session_id":"one",""", StringComparison.Ordinal), 422);
        var told = await client.AskAsync($$"""{"type":"interaction","data":{{interaction}}}""", "error");

        Assert.Equal(posted.Text("detail"), told.Text("message"));
        Assert.Equal(0, (await gateway.GetAsync("/api/interactions")).Whole("total"));
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
