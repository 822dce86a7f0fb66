using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Direct;

/// <summary>Direct mode (C-17): submits are answered with their results, and everything is recorded as usual.</summary>
public sealed class DirectModeTests
{
    private static readonly Dictionary<string, string?> Direct = new() { ["QUEUE_ENABLED"] = "true", ["DIRECT_MODE"] = "true" };

    [Theory]
    [InlineData("false", "false")]
    [InlineData("true", "true")]
    public async Task A_submit_is_answered_with_its_results_and_found_later(string queueEnabled, string directMode)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["QUEUE_ENABLED"] = queueEnabled, ["DIRECT_MODE"] = directMode });
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(422, "no picture") : Reply.Json($$"""{"is":"{{call.Item}}"}""");

        var answer = await gateway.PostAsync("/api/visage/job", Photos("one", "bad", "two"), 200);

        Assert.Equal(("direct", "partial"), (answer.Text("mode"), answer.Text("status")));
        Assert.True(answer.GetProperty("durable").GetBoolean());
        Assert.Equal(
            ["completed", "failed", "completed"], answer.GetProperty("results").EnumerateArray().Select(result => result.Text("status")));
        Assert.Equal("one", answer.GetProperty("results")[0].GetProperty("output_json").Text("is"));
        Assert.Equal(3, answer.GetProperty("task_ids").GetArrayLength());
        Assert.Equal("partial", (await gateway.GetAsync($"/api/queue/job/{answer.Text("job_id")}")).Text("status"));
        Assert.Equal(2, (await gateway.GetAsync("/api/queue/stats")).Whole("completed_tasks"));
        var queue = (await gateway.GetAsync("/health")).GetProperty("queue");
        Assert.Equal(
            (false, true, true),
            (
                queue.GetProperty("queue_enabled").GetBoolean(),
                queue.GetProperty("direct_mode").GetBoolean(),
                queue.GetProperty("queue_healthy").GetBoolean()));
    }

    [Fact]
    public async Task One_photo_is_answered_with_its_task()
    {
        await using var gateway = await GatewayHost.StartAsync(Direct);

        var answer = await gateway.PostAsync("/api/visage/task", $$"""{"image":"{{GatewayHost.Base64("one")}}"}""", 200);

        Assert.Equal("completed", (await gateway.GetAsync($"/api/queue/status/{answer.Text("task_id")}")).Text("status"));
        Assert.Equal("completed", answer.GetProperty("results")[0].Text("status"));
    }

    [Fact]
    public async Task More_items_than_direct_mode_takes_are_refused_with_the_way_out_and_nothing_is_recorded()
    {
        await using var gateway = await GatewayHost.StartAsync(new(Direct) { ["DIRECT_MAX_ITEMS"] = "3" });

        foreach (var (path, body) in new[]
        {
            ("/api/visage/job", Photos("a", "b", "c", "d")),
            (
                "/api/batch",
                $$"""{"type":"sessions","items":[{{string.Join(',', Enumerable.Range(0, 4).Select(i => $$"""{"session_id":"s{{i}}"}"""))}}]}"""),
        })
        {
            var problem = await gateway.PostAsync(path, body, 413);
            Assert.Equal("DIRECT_MAX_ITEMS", problem.Text("setting"));
            Assert.Contains("QUEUE_ENABLED=true", problem.Text("detail"), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await gateway.GetAsync("/api/queue/stats")).Whole("total_tasks"));
        Assert.Equal(3, (await gateway.PostAsync("/api/visage/job", Photos("a", "b", "c"), 200)).Whole("completed_tasks"));
    }

    [Fact]
    public async Task All_results_of_the_largest_job_come_at_once()
    {
        await using var gateway = await GatewayHost.StartAsync(new(Direct) { ["DIRECT_MAX_ITEMS"] = "150" });

        var answer = await gateway.PostAsync("/api/visage/job", Photos([.. Enumerable.Range(0, 150).Select(i => $"photo {i}")]), 200);

        Assert.Equal(150, answer.GetProperty("results").GetArrayLength());
        Assert.True(answer.IsNull("results_next_offset"));
        Assert.InRange(gateway.Visage.Ledger.MaxInFlight, 1, 4);
    }

    [Fact]
    public async Task Interactions_sessions_and_batches_answer_at_once()
    {
        await using var gateway = await GatewayHost.StartAsync(Direct);

        var interaction = await gateway.PostAsync(
            "/api/interactions", """{"session_id":"s1","action_type":"click","page_path":"/"}""", 202);
        var session = await gateway.PostAsync("/api/sessions", """{"session_id":"s2"}""", 202);
        var batch = await gateway.PostAsync(
            "/api/batch", """{"type":"interactions","items":[{"session_id":"s1","action_type":"click","page_path":"/"}]}""", 200);

        Assert.Equal(("direct", "direct", "direct"), (interaction.Text("mode"), session.Text("mode"), batch.Text("mode")));
        Assert.Equal(("completed", "completed", "completed"), (interaction.Text("state"), session.Text("state"), batch.Text("status")));
        Assert.Equal(2, (await gateway.GetAsync("/api/interactions?session_id=s1")).GetProperty("interactions").GetArrayLength());
    }

    [Fact]
    public async Task A_client_that_does_not_want_to_wait_gets_the_usual_acknowledgement()
    {
        await using var gateway = await GatewayHost.StartAsync(Direct);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));

        using var answer = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Photos("one"), ("Prefer", "wait=0"));
        var later = await gateway.PostAsync(
            "/api/visage/job", Photos("two").Insert(1, "\"config\":{\"start_at\":\"2030-01-01T00:00:00Z\"},"));

        Assert.Equal(202, (int)answer.StatusCode);
        Assert.Equal(("queued", "scheduled", "direct"), (later.Text("status"), later.Text("state"), later.Text("mode")));
        gate.Open();
    }

    [Fact]
    public async Task A_cancel_ends_the_wait_and_a_retry_runs_again()
    {
        await using var gateway = await GatewayHost.StartAsync(Direct);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var submit = gateway.PostAsync("/api/visage/job", Photos("one", "two"), 200);
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(2, TestContext.Current.CancellationToken);
        var jobId = (await gateway.GetAsync("/api/queue/jobs")).GetProperty("jobs")[0].Text("job_id");

        await gateway.PostAsync($"/api/queue/cancel/{jobId}", "", 200);

        Assert.Equal(("cancelled", jobId), ((await submit).Text("status"), (await submit).Text("job_id")));
        gate.Open();
        await gateway.PostAsync($"/api/queue/retry/{jobId}", "", 200);
        Assert.Equal("completed", (await gateway.EndOfAsync(jobId)).Text("status"));
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_results_of_the_first_again()
    {
        await using var gateway = await GatewayHost.StartAsync(Direct);

        using var first = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Photos("one"), ("Idempotency-Key", "k"));
        using var second = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Photos("one"), ("Idempotency-Key", "k"));

        Assert.Equal((200, 200), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal(await IdOfAsync(first), await IdOfAsync(second));
        Assert.Equal(1, gateway.Visage.Ledger.Count);
    }

    private static string Photos(params IEnumerable<string> photos) =>
        $$"""{"images":[{{string.Join(',', photos.Select(photo => $"\"{GatewayHost.Base64(photo)}\""))}}]}""";

    private static async Task<string> IdOfAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.Text("job_id");
    }
}
