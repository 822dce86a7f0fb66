using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Live;

/// <summary>What one client may cost the others.</summary>
public sealed class LiveLimitTests
{
    [Fact]
    public async Task A_socket_follows_so_much_and_no_more()
    {
        await using var gateway = await StartAsync(new LiveLimits { MaxSubscriptions = 2 });
        var first = await gateway.SubmitAsync("a");
        var second = await gateway.SubmitAsync("b");
        using var client = await LiveClient.ConnectAsync(gateway);

        await client.FollowJobAsync(first);
        await client.FollowJobAsync(second);
        await client.FollowJobAsync(first); // again is no more
        var refused = await client.AskAsync("""{"type":"subscribe_queue_stats"}""", "error");
        await client.AskAsync($$"""{"type":"unsubscribe_job","job_id":"{{first}}"}""", "unsubscribed");
        await client.AskAsync("""{"type":"subscribe_queue_stats"}""", "subscription_confirmed");

        Assert.Contains("at most 2 jobs and tasks", refused.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_sends_nothing_but_rubbish_is_closed()
    {
        await using var gateway = await StartAsync(new LiveLimits { MaxUnreadable = 3 });
        using var client = await LiveClient.ConnectAsync(gateway);

        await client.AskAsync("rubbish", "error");
        await client.AskAsync("rubbish", "error");
        await client.AskAsync("""{"type":"ping"}""", "pong"); // a good one between is forgiveness
        for (var i = 0; i < 3; i++) await client.SendAsync("rubbish");

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.CloseOfAsync());
    }

    [Fact]
    public async Task When_all_places_are_taken_the_next_client_gets_a_503_until_one_is_free()
    {
        await using var gateway = await StartAsync(new LiveLimits { MaxClients = 1 });
        var client = await LiveClient.ConnectAsync(gateway);

        var refusal = await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.ConnectAsync(
            gateway.Url, configure: options => options.CollectHttpResponseDetails = true));
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        client.Dispose();

        Assert.Contains($"{(int)HttpStatusCode.ServiceUnavailable}", refusal.Message, StringComparison.Ordinal);
        LiveClient? next = null;
        while (next is null) next = await TryConnectAsync(gateway);
        next.Dispose();
    }

    [Fact]
    public void A_burst_passes_and_what_follows_is_slowed_down_to_the_rate()
    {
        var clock = new FakeTimeProvider();
        var pace = new MessagePace(new LiveLimits { MessageBurst = 3, MessagesPerSecond = 10 }, clock);

        Assert.All([pace.Take(), pace.Take(), pace.Take()], wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), pace.Take());
        clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.FromMilliseconds(100), pace.Take());
        clock.Advance(TimeSpan.FromHours(1));
        Assert.All([pace.Take(), pace.Take(), pace.Take()], wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.NotEqual(TimeSpan.Zero, pace.Take());
    }

    [Fact]
    public async Task A_client_that_is_too_slow_for_interactions_loses_the_oldest()
    {
        var subscriber = new LiveSubscriber(new FakeTimeProvider(), new LiveLimits { MaxInteractions = 2 });

        for (byte i = 0; i < 5; i++) subscriber.AddInteraction(new[] { i });
        var (_, heard) = await subscriber.TakeAsync(TestContext.Current.CancellationToken);

        Assert.Equal([3, 4], heard.Select(bytes => bytes.Span[0]));
    }

    private static Task<GatewayHost> StartAsync(LiveLimits limits) =>
        GatewayHost.StartAsync(configure: builder => builder.Services.AddSingleton(limits));

    private static async Task<LiveClient?> TryConnectAsync(GatewayHost gateway)
    {
        try
        {
            return await LiveClient.ConnectAsync(gateway);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}
