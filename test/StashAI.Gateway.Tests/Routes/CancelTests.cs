using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>`POST /api/queue/cancel/{id}`, for waiting, running and finished work (C-13).</summary>
public sealed class CancelTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_task_loses_its_connection_and_ends_cancelled()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Hang();
        var jobId = await gateway.SubmitAsync("x");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        var taskId = (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("tasks")[0].Text("task_id");

        var answer = await gateway.PostAsync($"/api/queue/cancel/{taskId}", "", 200);
        await gateway.Visage.Ledger.WaitForDisconnectAsync(Cancellation);
        var job = await gateway.EndOfAsync(jobId);

        Assert.True(answer.GetProperty("cancelled").GetBoolean());
        Assert.Equal(taskId, answer.Text("task_id"));
        Assert.NotEmpty(answer.Text("message"));
        Assert.EndsWith("Z", answer.Text("timestamp"), StringComparison.Ordinal);
        Assert.Equal("cancelled", job.Text("status"));
        Assert.Equal("cancelled", job.GetProperty("tasks")[0].Text("status"));
        Assert.Equal(1, gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task A_waiting_task_is_cancelled_at_once_and_the_others_go_on()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var jobId = await gateway.SubmitAsync("a", "b", "c");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        var ids = (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("task_ids");

        var answer = await gateway.PostAsync($"/api/queue/cancel/{ids[2]}", "", 200);
        gate.Open();
        var job = await gateway.EndOfAsync(jobId);

        Assert.Equal("cancelled", answer.Text("status"));
        Assert.Equal("partial", job.Text("status"));
        Assert.Equal(["a", "b"], gateway.Visage.Ledger.Calls.Select(call => call.Item));
    }

    [Fact]
    public async Task A_job_is_cancelled_whole()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 2);
        gateway.Visage.Script = _ => Reply.Hang();
        var jobId = await gateway.SubmitAsync([.. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(2, Cancellation);

        var answer = await gateway.PostAsync($"/api/queue/cancel/{jobId}", "", 200);
        var job = await gateway.EndOfAsync(jobId);

        Assert.True(answer.GetProperty("cancelled").GetBoolean());
        Assert.Equal(jobId, answer.Text("job_id"));
        Assert.Equal("cancelled", job.Text("status"));
        Assert.Equal(50, job.Whole("cancelled_tasks"));
        Assert.Equal(0.0, job.Number("progress_percentage"));
        Assert.Equal(100.0, job.Number("processed_percentage"));
        Assert.Equal(2, gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task A_cancelled_job_with_a_result_is_partial()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        gateway.Visage.Script = call => call.Item == "good" ? Reply.Json("{}") : Reply.Hang();
        var jobId = await gateway.SubmitAsync("good", "hangs");
        await gateway.Visage.Ledger.WaitForCallsAsync(2, Cancellation);

        await gateway.PostAsync($"/api/queue/cancel/{jobId}", "", 200);

        Assert.Equal("partial", (await gateway.EndOfAsync(jobId)).Text("status"));
    }

    [Fact]
    public async Task What_is_over_stays_as_it_is()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));

        foreach (var id in (string[])[job.Text("job_id"), job.GetProperty("tasks")[0].Text("task_id")])
        {
            var answer = await gateway.PostAsync($"/api/queue/cancel/{id}", "", 200);
            Assert.False(answer.GetProperty("cancelled").GetBoolean());
            Assert.Equal("completed", answer.Text("status"));
            Assert.Contains("completed", answer.Text("message"), StringComparison.Ordinal);
        }

        Assert.Equal(
            "finished",
            (await gateway.PostAsync($"/api/queue/cancel/{job.GetProperty("tasks")[0].Text("task_id")}?dialect=plugin", "", 200))
                .Text("status"));
    }

    [Fact]
    public async Task An_unknown_id_cannot_be_cancelled()
    {
        await using var gateway = await GatewayHost.StartAsync();

        await gateway.PostAsync($"/api/queue/cancel/{Guid.CreateVersion7()}", "", 404);
        await gateway.PostAsync("/api/queue/cancel/x", "", 404);
    }
}
