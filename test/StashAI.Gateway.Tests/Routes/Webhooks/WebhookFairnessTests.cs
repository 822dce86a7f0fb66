using StashAI.Gateway.Routes.Webhooks;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Webhooks;

/// <summary>Receivers that are slow, that fail, or that are many hold up no other.</summary>
public sealed class WebhookFairnessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_receiver_holds_up_no_other()
    {
        await using var host = await WebhookHost.StartAsync();
        host.Receiver.Script = call => call.Path == "/slow" ? Reply.Hang() : Reply.Json("{}");
        await host.CreateAsync("slow", path: "/slow");
        await host.CreateAsync("quick", path: "/quick");
        for (var i = 0; i < 20; i++) await host.SendAsync(HttpMethod.Post, "/api/webhooks/slow/test", null, 202);
        await host.Receiver.Ledger.WaitForCallsInFlightAsync(4, Cancellation);

        await host.SendAsync(HttpMethod.Post, "/api/webhooks/quick/test", null, 202);
        await host.SettledAsync("quick", "delivered");

        Assert.Equal(4, host.Receiver.Ledger.Calls.Count(entry => entry.Call!.Path == "/slow"));
    }

    [Fact]
    public async Task A_receiver_that_fails_gets_one_call_at_a_time()
    {
        await using var host = await WebhookHost.StartAsync();
        host.Receiver.Script = call => call.Path == "/bad" ? Reply.Status(500, "no") : Reply.Json("{}");
        await host.CreateAsync("bad", path: "/bad");
        await host.CreateAsync("good", path: "/good");
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/bad/test", null, 202);
        await host.SettledAsync("bad");

        host.Receiver.Script = call => call.Path == "/bad" ? Reply.Hang() : Reply.Json("{}");
        for (var i = 0; i < 10; i++) await host.SendAsync(HttpMethod.Post, "/api/webhooks/bad/test", null, 202);
        await host.Receiver.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        // It is due later, so when it is sent, none of those before it may be.
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/good/test", null, 202);
        await host.SettledAsync("good", "delivered");

        Assert.Equal(2, host.Receiver.Ledger.Calls.Count(entry => entry.Call!.Path == "/bad"));
    }

    [Fact]
    public async Task Addresses_of_jobs_have_half_of_the_calls_at_most()
    {
        // Each host is called four times at once.
        var others = new List<ScriptedService>();
        for (var i = 0; i < 4; i++) others.Add(await ScriptedService.StartAsync(Cancellation));
        try
        {
            await using var host = await WebhookHost.StartAsync(others: others);
            await host.CreateAsync("admin", ""","events":[]""");
            foreach (var other in others)
            {
                other.Script = _ => Reply.Hang();
                for (var job = 0; job < 4; job++)
                {
                    await host.Gateway.PostAsync(
                        "/api/visage/task", $$"""{"image":"eA==","config":{"webhook":"{{other.Url}}/mine"} }""");
                }
            }

            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (Calls() < WebhookLoop.MaxAddressCalls) await timer.WaitForNextTickAsync(Cancellation);
            // It is due later, so when it is sent, none of those before it may be.
            await host.SendAsync(HttpMethod.Post, "/api/webhooks/admin/test", null, 202);
            await host.SettledAsync("admin", "delivered");

            Assert.Equal(WebhookLoop.MaxAddressCalls, Calls());
        }
        finally
        {
            foreach (var other in others) await other.DisposeAsync();
        }

        long Calls() => others.Sum(other => other.Ledger.Count);
    }
}
