using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Tests.Dialects.Anthropic;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>The moment in which a batch ends, and what changes its end.</summary>
public sealed class BatchEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_expires_at_the_deadline_of_its_job_and_stays_expired()
    {
        await using var host = await OpenAiHost.StartAsync(workers: 1);
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "hold" ? Reply.Hang() : OpenAiHost.Answer(call);
        var batch = (await host.SubmitAsync("", OpenAiHost.Line("a", "hold"), OpenAiHost.Line("b", "x"))).Text("id");
        var running = await host.UntilAsync(batch, "in_progress");
        await host.Engine.Ledger.WaitForCallsAsync(1, Cancellation);
        var job = running.Text("job_id");
        var later = TimeProvider.System.GetUtcNow().AddHours(3);
        await ChangeAsync(later, 200);
        Assert.Equal(later.ToUnixTimeSeconds(), (await host.GetAsync($"/v1/batches/{batch}")).Whole("expires_at"));

        await ChangeAsync(TimeProvider.System.GetUtcNow().AddSeconds(1), 200);
        var expired = await host.UntilAsync(batch, "expired");

        Assert.True(expired.Whole("expired_at") >= expired.Whole("expires_at"));
        var refused = await ChangeAsync(later, 409);
        Assert.Contains($"POST /v1/batches/{batch}/retry", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(expired.ToString(), (await host.GetAsync($"/v1/batches/{batch}")).ToString());

        async Task<JsonElement> ChangeAsync(DateTimeOffset deadline, int status)
        {
            using var answer = await host.Gateway.SendAsync(HttpMethod.Patch, $"/api/jobs/{job}", $$"""{"deadline":"{{deadline:O}}"}""");
            Assert.Equal(status, (int)answer.StatusCode);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
            return body.RootElement.Clone();
        }
    }

    /// <summary>The times of an end move by as much as the clock was wrong, and the deadline does not.</summary>
    [Fact]
    public async Task An_end_is_what_it_was_when_a_clock_that_was_wrong_is_set_right()
    {
        await using var host = await OpenAiHost.StartAsync(workers: 1);
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "hold" ? Reply.Hang() : OpenAiHost.Answer(call);
        var completed = await host.UntilAsync((await host.SubmitAsync("", OpenAiHost.Line("a", "refused"))).Text("id"), "completed");
        var expired = await host.SubmitAsync("", OpenAiHost.Line("a", "hold"));
        expired = await host.UntilAsync(expired.Text("id"), "in_progress");
        var soon = $$"""{"deadline":"{{TimeProvider.System.GetUtcNow().AddSeconds(1):O}}"}""";
        using (await host.Gateway.SendAsync(HttpMethod.Patch, $"/api/jobs/{expired.Text("job_id")}", soon))
        {
            expired = await host.UntilAsync(expired.Text("id"), "expired");
        }

        Assert.Equal(
            ["expired", "completed"],
            (await host.GetAsync("/v1/batches")).GetProperty("data").EnumerateArray().Select(one => one.Text("status")));
        // The clock was ahead when it expired, and behind when it completed.
        Assert.Equal("expired", await AfterAsync(expired, TimeSpan.FromDays(-2)));
        Assert.Equal("completed", await AfterAsync(completed, TimeSpan.FromDays(2000)));

        async Task<string> AfterAsync(JsonElement batch, TimeSpan shift)
        {
            var id = Guid.ParseExact(batch.Text("id")["batch_".Length..], "N");
            var found = await host.Gateway.Services.GetRequiredService<IFileBatches>().FindBatchAsync(id, Cancellation);
            var job = await host.Gateway.Services.GetRequiredService<IRead>().FindJobAsync(Guid.Parse(batch.Text("job_id")), Cancellation);
            return new BatchState(found!, job! with { FinishedAt = job!.FinishedAt + shift }).Status;
        }
    }

    [Fact]
    public async Task A_batch_whose_job_was_cancelled_says_when_its_cancel_began()
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = _ => Reply.Hang();
        var batch = (await host.SubmitAsync("", OpenAiHost.Line("a", "x"))).Text("id");
        var job = (await host.UntilAsync(batch, "in_progress")).Text("job_id");

        await host.Gateway.PostAsync($"/api/queue/cancel/{job}", "", 200);

        var cancelled = await host.UntilAsync(batch, "cancelled");
        Assert.Equal(cancelled.Whole("cancelled_at"), cancelled.Whole("cancelling_at"));
    }

    [Fact]
    public async Task A_message_batch_whose_job_was_cancelled_says_when_its_cancel_began()
    {
        await using var host = await AnthropicHost.StartAsync();
        host.Engine.Script = _ => Reply.Hang();
        var batch = await host.SubmitAsync(AnthropicHost.Request("a", "x"));

        await host.Gateway.PostAsync($"/api/queue/cancel/{batch.Text("job_id")}", "", 200);

        var ended = await host.EndAsync(batch);
        Assert.Equal(1, ended.GetProperty("request_counts").Whole("canceled"));
        Assert.Equal(ended.Text("ended_at"), ended.Text("cancel_initiated_at"));
    }

    /// <summary>A cancel that finds nothing to cancel must not be noted: the batch has completed.</summary>
    [Fact]
    public async Task A_cancel_in_the_moment_in_which_the_last_line_ends_is_refused()
    {
        JobView? before = null;
        var stale = 0;
        await using var host = await OpenAiHost.StartAsync(configure: builder => Intercepting.In<IRead>(builder, (method, _) =>
            method == nameof(IRead.FindJobAsync) && Interlocked.Exchange(ref stale, 0) == 1 ? Task.FromResult(before) : null));
        var gate = new Gate();
        host.Engine.Script = call => Reply.Hold(gate, OpenAiHost.Answer(call));
        var batch = (await host.SubmitAsync("", OpenAiHost.Line("a", "x"))).Text("id");
        var job = (await host.UntilAsync(batch, "in_progress")).Text("job_id");
        before = await host.Gateway.Services.GetRequiredService<IRead>().FindJobAsync(Guid.Parse(job), Cancellation);
        gate.Open();
        var completed = await host.UntilAsync(batch, "completed");
        Volatile.Write(ref stale, 1);

        var refused = await host.PostAsync($"/v1/batches/{batch}/cancel", status: 409);

        Assert.Contains("'completed'", refused.Text("message"), StringComparison.Ordinal);
        Assert.Equal(completed.ToString(), (await host.GetAsync($"/v1/batches/{batch}")).ToString());
    }
}
