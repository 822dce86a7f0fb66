using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Webhooks;

/// <summary>What receivers get, and what becomes of it when they do not take it.</summary>
public sealed class WebhookDeliveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_end_of_a_job_is_posted_with_a_signature_and_logged()
    {
        await using var host = await WebhookHost.StartAsync();
        host.Receiver.Script = _ => Reply.Status(202, "thanks", contentType: "text/plain");
        var secret = (await host.CreateAsync()).Text("secret");
        var job = await host.Gateway.SubmitAsync("a", "b");

        var logged = await host.SettledAsync(state: "delivered");

        var call = Assert.Single(host.Receiver.Ledger.Calls).Call!;
        var body = WebhookHost.Verify(call, secret);
        Assert.Equal(("/hook", "job.completed"), (call.Path, body.Text("type")));
        Assert.Equal(
            $$"""{"id":"{{job}}","service":"visage","total":2,"completed":2,"failed":0,"cancelled":0}""",
            body.GetProperty("data").GetRawText());
        Assert.Equal(
            ("job.completed", call.Header("webhook-id"), job, 1, 202, "thanks"),
            (logged.Text("event"), logged.Text("event_id"), logged.Text("job_id"), logged.Whole("attempts"), logged.Whole("status"),
                logged.Text("answer")));
        Assert.True(logged.IsNull("error") && logged.IsNull("next_attempt_at") && !logged.IsNull("finished_at"));
        Assert.DoesNotContain(call.Header("webhook-signature")!, logged.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_events_that_were_asked_for_are_sent()
    {
        await using var host = await WebhookHost.StartAsync();
        await host.CreateAsync("failures", ""","events":["job.failed"]""");
        await host.CreateAsync("off", ""","is_enabled":false""");
        await host.CreateAsync("all");
        await host.Gateway.EndOfAsync(await host.Gateway.SubmitAsync("a"));

        await host.SettledAsync("all", "delivered");

        Assert.Empty(await host.DeliveriesAsync("failures"));
        Assert.Empty(await host.DeliveriesAsync("off"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(429)]
    public async Task What_is_not_taken_is_tried_again_and_a_person_may_replay_it(int status)
    {
        await using var host = await WebhookHost.StartAsync();
        host.Receiver.Script = _ => Reply.StatusWithRetryAfter(status, "600");
        var secret = (await host.CreateAsync()).Text("secret");
        await host.Gateway.EndOfAsync(await host.Gateway.SubmitAsync("a"));

        var failed = await host.SettledAsync();

        Assert.Equal(("waiting", 1), (failed.Text("state"), failed.Whole("attempts")));
        var pause = failed.GetProperty("next_attempt_at").GetDateTimeOffset() - failed.GetProperty("attempted_at").GetDateTimeOffset();
        if (status == 302) Assert.Contains("redirects", failed.Text("error"), StringComparison.Ordinal);
        else Assert.InRange(pause.TotalSeconds, 590, 620);

        host.Receiver.Script = _ => Reply.Json("{}");
        await host.SendAsync(HttpMethod.Post, $"/api/webhooks/ci/deliveries/{failed.Text("id")}/replay", null, 202);
        await host.SettledAsync(state: "delivered");

        var calls = host.Receiver.Ledger.Calls.Select(entry => entry.Call!).ToList();
        Assert.Equal(2, calls.Count);
        Assert.All(calls, call => WebhookHost.Verify(call, secret));
        Assert.Equal(calls[0].Header("webhook-id"), calls[1].Header("webhook-id"));
        Assert.Equal(calls[0].Text, calls[1].Text);
    }

    [Fact]
    public async Task A_receiver_that_answers_410_is_called_no_more()
    {
        await using var host = await WebhookHost.StartAsync();
        host.Receiver.Script = _ => Reply.Json("{}", 410);
        await host.CreateAsync();
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/test", null, 202);

        var given = await host.SettledAsync(state: "given_up");

        Assert.Equal(410, given.Whole("status"));
        var webhook = await host.Gateway.GetAsync("/api/webhooks/ci");
        Assert.False(webhook.GetProperty("is_enabled").GetBoolean());
        Assert.Contains("410", webhook.Text("disabled_reason"), StringComparison.Ordinal);
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/test", null, 409);
        var enabled = await host.SendAsync(HttpMethod.Patch, "/api/webhooks/ci", """{"is_enabled":true}""", 200);
        Assert.True(enabled.IsNull("disabled_reason"));
    }

    [Fact]
    public async Task A_receiver_that_is_down_or_breaks_off_is_tried_again()
    {
        await using var host = await WebhookHost.StartAsync();
        host.Receiver.Script = _ => Reply.Reset();
        await host.CreateAsync();
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/test", null, 202);

        var failed = await host.SettledAsync();

        Assert.Equal("waiting", failed.Text("state"));
        Assert.True(failed.IsNull("status") && !failed.IsNull("error"));
    }

    [Fact]
    public async Task An_address_that_is_not_allowed_any_more_is_not_called()
    {
        await using var host = await WebhookHost.StartAsync();
        await host.CreateAsync();
        await using var strict = await GatewayHost.StartAsync(beside: host.Gateway);
        await host.Gateway.StopAsync();
        using var response = await strict.SendAsync(HttpMethod.Post, "/api/webhooks/ci/test");
        Assert.Equal(202, (int)response.StatusCode);

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        JsonElement newest;
        do
        {
            await timer.WaitForNextTickAsync(Cancellation);
            newest = (await strict.GetAsync("/api/webhooks/ci/deliveries")).GetProperty("data")[0];
        }
        while (newest.IsNull("error"));

        Assert.Equal("waiting", newest.Text("state"));
        Assert.Contains("ALLOWED_UPSTREAMS", newest.Text("error"), StringComparison.Ordinal);
        Assert.Empty(host.Receiver.Ledger.Calls);
    }

    [Fact]
    public async Task A_webhook_whose_address_was_changed_during_the_call_is_not_disabled_by_the_old_one()
    {
        await using var host = await WebhookHost.StartAsync();
        using var gate = new Gate();
        host.Receiver.Script = call => call.Path == "/old" ? Reply.Hold(gate, Reply.Json("{}", 410)) : Reply.Json("{}");
        await host.CreateAsync(path: "/old");
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/test", null, 202);
        await host.Receiver.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        await host.SendAsync(HttpMethod.Patch, "/api/webhooks/ci", $$"""{"url":"{{host.Receiver.Url}}/new"}""", 200);
        gate.Open();

        await host.SettledAsync(state: "delivered");

        Assert.True((await host.Gateway.GetAsync("/api/webhooks/ci")).GetProperty("is_enabled").GetBoolean());
        Assert.Equal(["/old", "/new"], host.Receiver.Ledger.Calls.Select(entry => entry.Call!.Path));
    }

    [Fact]
    public async Task The_log_comes_in_pages_and_by_state()
    {
        await using var host = await WebhookHost.StartAsync();
        await host.CreateAsync();
        for (var i = 0; i < 3; i++) await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/test", null, 202);
        await host.Receiver.Ledger.WaitForEndedAsync(3, Cancellation);

        var first = await host.Gateway.GetAsync("/api/webhooks/ci/deliveries?limit=2");
        var rest = await host.DeliveriesAsync(query: $"?limit=2&cursor={first.Text("next")}");

        Assert.Equal(3, first.GetProperty("data").EnumerateArray().Concat(rest).Select(one => one.Text("id")).Distinct().Count());
        Assert.Empty(await host.DeliveriesAsync(query: "?state=given_up"));
        await host.Gateway.GetAsync("/api/webhooks/ci/deliveries?state=nonsense", 422);
        await host.SendAsync(HttpMethod.Post, $"/api/webhooks/ci/deliveries/{Guid.NewGuid()}/replay", null, 404);
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/deliveries/x/replay", null, 404);
    }
}
