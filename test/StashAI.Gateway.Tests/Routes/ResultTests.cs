using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Consolidated results: pages, NDJSON, Visage's own records, statistics and estimates.</summary>
public sealed class ResultTests
{
    private const string TwoFaces =
        """{"data":[[{"confidence":0.9,"performers":[{"id":"p1","name":"Ann","confidence":91},{"id":"p2","name":"Bea","confidence":40}]},{"performers":[]}]]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_come_in_pages_in_the_order_of_the_items()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "3" ? Reply.Status(400) : Reply.Json($$"""{"n":{{call.Item}}}""");
        var jobId = await gateway.SubmitAsync("0", "1", "2", "3", "4");
        await gateway.EndOfAsync(jobId);

        var first = await gateway.GetAsync($"/api/queue/status/{jobId}?limit=2");
        var rest = await gateway.GetAsync($"/api/queue/job/{jobId}/results?offset={first.Whole("results_next_offset")}");

        Assert.Equal([0, 1], first.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("output_json").Whole("n")));
        Assert.Equal([2, 3, 4], rest.GetProperty("results").EnumerateArray().Select(one => one.Whole("batch_index")));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("results_next_offset").ValueKind);
        Assert.Equal("rejected", rest.GetProperty("error_summary")[0].Text("error_kind"));
        Assert.Equal(1, rest.GetProperty("error_summary")[0].Whole("count"));
        Assert.Equal(80.0, rest.Number("progress"));
        Assert.Equal(100.0, rest.Number("processed_percentage"));
    }

    [Fact]
    public async Task A_job_of_any_size_streams_as_lines()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("{\n\"a\": 1}");
        var jobId = await gateway.SubmitAsync([.. Enumerable.Range(0, 700).Select(i => $"{i}")]);
        await gateway.EndOfAsync(jobId);

        foreach (var path in (string[])[$"/api/queue/status/{jobId}", $"/api/queue/job/{jobId}/results"])
        {
            using var response = await gateway.SendAsync(HttpMethod.Get, path, null, ("Accept", "application/x-ndjson"));
            var lines = (await response.Content.ReadAsStringAsync(Cancellation)).TrimEnd('\n').Split('\n');
            Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(Enumerable.Range(0, 700), lines.Select(line => JsonDocument.Parse(line).RootElement.Whole("batch_index")));
        }
    }

    [Fact]
    public async Task Visages_results_are_records_of_their_own()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400) : Reply.Json(TwoFaces);
        var jobId = await gateway.SubmitAsync("x", "bad");
        await gateway.EndOfAsync(jobId);

        var answer = await gateway.GetAsync($"/api/visage/job/{jobId}/results");
        var (good, bad) = (answer.GetProperty("visage_results")[0], answer.GetProperty("visage_results")[1]);
        var task = await gateway.GetAsync($"/api/visage/task/{good.Text("task_id")}/result");

        Assert.Equal(2, answer.Whole("total_results"));
        Assert.Equal("partial", answer.GetProperty("job_info").Text("status"));
        Assert.Equal((2, 2), (good.Whole("faces_detected"), good.Whole("total_matches")));
        Assert.Equal((91.0, 40.0), (good.Number("max_confidence"), good.Number("min_confidence")));
        Assert.Equal(0.5, good.Number("threshold_used"));
        Assert.Equal(TwoFaces, good.GetProperty("raw_visage_output").GetRawText());
        Assert.Equal(("true", "false"), (good.Text("processing_successful"), bad.Text("processing_successful")));
        Assert.NotEmpty(bad.Text("error_details"));
        Assert.Equal("finished", task.GetProperty("task_info").Text("status"));
        Assert.Equal(GatewayHost.Base64("x"), task.GetProperty("task_info").GetProperty("input_data").Text("image"));
        Assert.Equal(2, task.GetProperty("visage_result").Whole("faces_detected"));
        await gateway.GetAsync($"/api/visage/job/{good.Text("task_id")}/results", 404);
        await gateway.GetAsync($"/api/visage/task/{jobId}/result", 404);
    }

    [Fact]
    public async Task The_statistics_speak_every_vocabulary()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        using var gate = new Gate();
        await gateway.EndOfAsync(await gateway.SubmitAsync("done"));
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        await gateway.SubmitAsync("a", "b", "c");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        var stats = await gateway.GetAsync("/api/queue/stats");
        var health = await gateway.GetAsync("/api/queue/health");
        gate.Open();

        Assert.Equal(
            (4, 3, 1), (stats.Whole("total_tasks"), stats.Whole("pending") + stats.Whole("running"), stats.Whole("completed_tasks")));
        Assert.Equal(stats.Whole("pending"), stats.Whole("pending_tasks"));
        Assert.Equal(stats.Whole("running"), stats.Whole("active") + stats.Whole("reserved"));
        Assert.Equal((0, 0, 0), (stats.Whole("failed_tasks"), stats.Whole("cancelled_tasks"), stats.Whole("scheduled")));
        Assert.Equal(1, stats.GetProperty("tasks").Whole("finished"));
        Assert.Equal((2, 1), (stats.GetProperty("jobs").Whole("total"), stats.GetProperty("jobs").Whole("active")));
        Assert.Equal(4, stats.GetProperty("adapters").GetProperty("visage").Whole("total"));
        Assert.Equal(1, stats.Whole("workers"));
        Assert.True(health.GetProperty("queue_healthy").GetBoolean());
    }

    [Fact]
    public async Task An_estimate_comes_once_the_lane_was_measured()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Item == "first" ? Reply.Json("{}") : Reply.Hold(gate, Reply.Json("{}"));
        await gateway.PostAsync("/api/queue/pause", "", 200);
        var unknown = await gateway.GetAsync($"/api/queue/status/{await gateway.SubmitAsync("first")}");
        Assert.Equal(JsonValueKind.Null, unknown.GetProperty("estimated_completion").ValueKind);
        await gateway.PostAsync("/api/queue/resume", "", 200);
        await gateway.EndOfAsync(unknown.Text("job_id"));
        await gateway.MeasuredAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        var jobId = await gateway.SubmitAsync("a", "b", "c");
        var job = await gateway.GetAsync($"/api/queue/status/{jobId}");
        gate.Open();
        await gateway.EndOfAsync(jobId);

        Assert.True(job.Number("eta_seconds") > 0);
        Assert.True(job.Number("eta_p90_seconds") >= job.Number("eta_seconds"));
        Assert.EndsWith("s", job.Text("estimated_completion"), StringComparison.Ordinal);
        Assert.EndsWith("Z", job.Text("eta_at"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await gateway.GetAsync($"/api/queue/status/{jobId}")).GetProperty("eta_seconds").ValueKind);
    }

    [Fact]
    public async Task Tasks_are_listed_over_all_jobs_and_filtered_by_any_synonym()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400) : Reply.Json("{}");
        var first = await gateway.SubmitAsync("a", "bad", "c");
        var second = await gateway.SubmitAsync("d");
        await gateway.EndOfAsync(first);
        await gateway.EndOfAsync(second);

        var all = await gateway.GetAsync("/api/queue/tasks?limit=3");
        var failed = await gateway.GetAsync("/api/queue/tasks?status=error&adapter_name=visage");
        var ofJob = await gateway.GetAsync($"/api/queue/tasks?job_id={first}&status=completed&inputs=full&dialect=default");

        Assert.Equal((4, true), (all.Whole("total_count"), all.GetProperty("has_more").GetBoolean()));
        Assert.Equal([0, 2, 1], all.GetProperty("tasks").EnumerateArray().Select(task => task.Whole("batch_index")));
        Assert.Equal("finished", all.GetProperty("tasks")[0].Text("status"));
        Assert.False(all.GetProperty("tasks")[0].GetProperty("input_data").TryGetProperty("image", out _));
        Assert.Equal([1], failed.GetProperty("tasks").EnumerateArray().Select(task => task.Whole("batch_index")));
        Assert.Equal(1, failed.Whole("total_count"));
        Assert.Equal([0, 2], ofJob.GetProperty("tasks").EnumerateArray().Select(task => task.Whole("batch_index")));
        Assert.Equal("completed", ofJob.GetProperty("tasks")[0].Text("status"));
        Assert.Equal(GatewayHost.Base64("a"), ofJob.GetProperty("tasks")[0].GetProperty("input_data").Text("image"));
        await gateway.GetAsync("/api/queue/tasks?status=nonsense", 422);
        await gateway.GetAsync($"/api/queue/tasks?job_id={Guid.CreateVersion7()}", 404);
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/tasks?adapter_name=nobody")).Whole("total_count"));
    }

    [Fact]
    public async Task Lists_leave_out_what_a_client_does_not_want_included()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.EndOfAsync(await gateway.SubmitAsync("a"));

        Assert.Equal(
            1,
            (await gateway.GetAsync("/api/queue/jobs?limit=3&include_completed=true&include_partial=true")).GetProperty("jobs")
                .GetArrayLength());
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/jobs?limit=3&include_completed=false")).GetProperty("jobs").GetArrayLength());
        Assert.Equal(
            0, (await gateway.GetAsync("/api/queue/jobs?status=completed&include_completed=false")).GetProperty("jobs").GetArrayLength());
        Assert.Equal(1, (await gateway.GetAsync("/api/queue/jobs?status=finished")).GetProperty("jobs").GetArrayLength());
        await gateway.GetAsync("/api/queue/jobs?include_partial=maybe", 422);
    }
}
