using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary><c>POST /v1/batches/{id}/retry</c>: the lines that failed become a new batch.</summary>
public sealed class BatchRetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_lines_run_again_with_their_ids_and_bodies_without_their_file()
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = call => OpenAiHost.LastMessage(call).Contains("bad", StringComparison.Ordinal)
            ? Reply.Json("""{"error":{"message":"No."}}""", 400) : OpenAiHost.Answer(call);
        var file = (await host.UploadAsync(string.Join(
            '\n', Enumerable.Range(0, 9).Select(i => OpenAiHost.Line($"id {i}", i % 3 == 1 ? $"bad {i}" : $"good {i}"))))).Text("id");
        var first = await host.UntilAsync(
            (await host.CreateAsync(file, ""","metadata":{"customer":"c"},"priority":7,"concurrency":2""")).Text("id"), "completed");
        await OpenAiHost.ReadAsync(await host.Http.DeleteAsync($"/v1/files/{file}", Cancellation), 200);
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "bad 4"
            ? Reply.Json("""{"error":{"message":"Still no."}}""", 400) : OpenAiHost.Answer(call);

        var created = await host.PostAsync($"/v1/batches/{first.Text("id")}/retry");

        Assert.Equal(
            ("validating", first.Text("id"), file, "c", "24h"),
            (created.Text("status"), created.Text("source_batch_id"), created.Text("input_file_id"),
                created.GetProperty("metadata").Text("customer"), created.Text("completion_window")));
        var second = await host.UntilAsync(created.Text("id"), "completed");
        Assert.Equal("""{"total":3,"completed":2,"failed":1}""", second.GetProperty("request_counts").GetRawText());
        Assert.Equal("small", second.Text("model"));
        var lines = await host.LinesAsync(second.Text("output_file_id"));
        Assert.Equal(["id 1", "id 7"], lines.Select(line => line.Text("custom_id")));
        Assert.Equal(
            "bad 1",
            lines[0].GetProperty("response").GetProperty("body").GetProperty("choices")[0].GetProperty("message").Text("content"));
        var job = await host.Gateway.GetAsync($"/api/jobs/{second.Text("job_id")}");
        Assert.Equal((7, first.Text("job_id")), (job.Whole("priority"), job.Text("source_job")));
        // Its own failed line can be retried too; the first batch is as it was.
        var third = await host.PostAsync(
            $"/v1/batches/{second.Text("id")}/retry",
            """{"completion_window":"2h","metadata":{"try":"3"},"priority":"low","cache":"use"}""");
        Assert.Equal(
            (7200, "3"), (third.Whole("expires_at") - third.Whole("created_at"), third.GetProperty("metadata").Text("try")));
        var last = await host.UntilAsync(third.Text("id"), "completed");
        Assert.Equal(1, last.GetProperty("request_counts").Whole("total"));
        Assert.Equal("use", (await host.Gateway.GetAsync($"/api/jobs/{last.Text("job_id")}")).Text("cache"));
        Assert.Equal(3, (await host.LinesAsync(first.Text("error_file_id"))).Count);
    }

    /// <summary>Clients have read the files, and were told of the end by a webhook.</summary>
    [Fact]
    public async Task The_job_of_a_batch_that_has_ended_is_not_changed_by_other_routes()
    {
        await using var host = await OpenAiHost.StartAsync();
        var batch = await host.SubmitAsync("", OpenAiHost.Line("a", "refused"), OpenAiHost.Line("b", "x"));
        var ended = await host.UntilAsync(batch.Text("id"), "completed");
        var job = ended.Text("job_id");
        var task = (await host.Gateway.GetAsync("/api/tasks?state=failed")).GetProperty("data")[0].Text("id");
        var failures = (await host.Gateway.GetAsync($"/api/jobs/{job}/failures")).GetProperty("data")[0].Text("fingerprint");

        foreach (var path in (string[])
            [$"queue/retry/{job}", $"queue/retry/{task}", $"tasks/{task}/retry", $"jobs/{job}/failures/{failures}/retry",
                $"jobs/{job}/failures/{failures}/skip"])
        {
            var refused = await host.Gateway.PostAsync($"/api/{path}", "", 409);
            Assert.Contains($"POST /v1/batches/{batch.Text("id")}/retry", refused.Text("detail"), StringComparison.Ordinal);
        }

        // By this name the dashboard knows to offer neither.
        Assert.Equal(batch.Text("id"), (await host.Gateway.GetAsync($"/api/jobs/{job}")).Text("batch_id"));
        foreach (var action in (string[])["retry", "skip"])
        {
            var preview = $$$"""{"filter":{"ids":["{{{job}}}"]},"action":"{{{action}}}","dry_run":true}""";
            Assert.Equal(0, (await host.Gateway.PostAsync("/api/bulk", preview, 200)).Whole("total"));
        }

        var bulk = await host.Gateway.PostAsync("/api/bulk", $$$"""{"filter":{"ids":["{{{job}}}"]},"action":"retry"}""", 202);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (bulk.Text("state") is not ("completed" or "stopped"))
        {
            await timer.WaitForNextTickAsync(Cancellation);
            bulk = await host.Gateway.GetAsync($"/api/bulk/{bulk.Text("id")}");
        }

        Assert.Equal((0, 0, 0), (bulk.Whole("matched"), bulk.Whole("done"), bulk.Whole("failed")));
        Assert.Equal(ended.ToString(), (await host.GetAsync($"/v1/batches/{batch.Text("id")}")).ToString());
        // What it offers instead works.
        Assert.Equal("validating", (await host.PostAsync($"/v1/batches/{batch.Text("id")}/retry")).Text("status"));
    }

    [Fact]
    public async Task Lines_that_were_cancelled_run_again_too()
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "hold" ? Reply.Hang() : OpenAiHost.Answer(call);
        var first = (await host.SubmitAsync("", OpenAiHost.Line("a", "x"), OpenAiHost.Line("b", "hold"), OpenAiHost.Line("c", "refused")))
            .Text("id");
        const string twoEnded = """{"total":3,"completed":1,"failed":1}""";
        await host.UntilAsync(first, batch => batch.GetProperty("request_counts").GetRawText() == twoEnded);
        var early = await host.PostAsync($"/v1/batches/{first}/retry", status: 409);
        Assert.Contains("no lines to retry", early.Text("message"), StringComparison.Ordinal);
        await host.PostAsync($"/v1/batches/{first}/cancel");
        await host.UntilAsync(first, "cancelled");
        host.Engine.Script = OpenAiHost.Answer;

        var second = await host.UntilAsync((await host.PostAsync($"/v1/batches/{first}/retry")).Text("id"), "completed");

        Assert.Equal(["b"], (await host.LinesAsync(second.Text("output_file_id"))).Select(line => line.Text("custom_id")));
        Assert.Equal(["c"], (await host.LinesAsync(second.Text("error_file_id"))).Select(line => line.Text("custom_id")));
    }

    [Fact]
    public async Task A_retry_with_nothing_to_do_or_a_wrong_field_is_refused()
    {
        await using var host = await OpenAiHost.StartAsync();
        var good = await host.UntilAsync((await host.SubmitAsync("", OpenAiHost.Line("a", "x"))).Text("id"), "completed");
        var bad = await host.UntilAsync((await host.SubmitAsync("", OpenAiHost.Line("a", "refused"))).Text("id"), "completed");
        var broken = await host.UntilAsync((await host.SubmitAsync("", "{")).Text("id"), "failed");
        var retry = $"/v1/batches/{bad.Text("id")}/retry";

        using (var answer = await host.Gateway.SendAsync(HttpMethod.Post, $"/v1/batches/{good.Text("id")}/retry"))
        {
            Assert.Equal("false", answer.Headers.GetValues("x-should-retry").Single());
            await OpenAiHost.ReadAsync(answer, 409);
        }

        await host.PostAsync($"/v1/batches/{broken.Text("id")}/retry", status: 409);
        await host.PostAsync("/v1/batches/batch_none/retry", status: 404);
        Assert.Equal("completion_window", (await host.PostAsync(retry, """{"completion_window":"1y"}""", 400)).Text("param"));
        Assert.Equal("metadata", (await host.PostAsync(retry, """{"metadata":{"a":1}}""", 400)).Text("param"));
        Assert.Equal("cache", (await host.PostAsync(retry, """{"cache":"maybe"}""", 400)).Text("param"));
        await host.PostAsync(retry, "[]", 400);
        await host.PostAsync(retry, "{", 400);
    }

    [Fact]
    public async Task A_retry_with_an_idempotency_key_is_made_once()
    {
        await using var host = await OpenAiHost.StartAsync();
        var bad = await host.UntilAsync((await host.SubmitAsync("", OpenAiHost.Line("a", "refused"))).Text("id"), "completed");
        var retry = $"/v1/batches/{bad.Text("id")}/retry";

        var first = await SendAsync("{}", 200);
        var second = await SendAsync("{}", 200);
        var other = await SendAsync("""{"priority":1}""", 400);

        Assert.Equal(first.Text("id"), second.Text("id"));
        Assert.Contains("Idempotency-Key", other.Text("message"), StringComparison.Ordinal);
        Assert.Equal(2, (await host.GetAsync("/v1/batches")).GetProperty("data").GetArrayLength());
        // What became of the first batch meanwhile does not matter.
        await host.UntilAsync(first.Text("id"), "completed");
        (await host.Gateway.SendAsync(HttpMethod.Delete, $"/api/jobs/{bad.Text("job_id")}")).Dispose();
        await host.GetAsync($"/v1/batches/{bad.Text("id")}", 404);
        Assert.Equal(first.Text("id"), (await SendAsync("{}", 200)).Text("id"));
        Assert.Equal("Idempotency-Key", (await SendAsync("""{"priority":1}""", 400)).Text("param"));
        Assert.Equal("Idempotency-Key", (await SendAsync("{}", 400, $"/v1/batches/{first.Text("id")}/retry")).Text("param"));

        async Task<System.Text.Json.JsonElement> SendAsync(string body, int status, string? path = null) => await OpenAiHost.ReadAsync(
            await host.Gateway.SendAsync(HttpMethod.Post, path ?? retry, body, ("Idempotency-Key", "again")), status);
    }
}
