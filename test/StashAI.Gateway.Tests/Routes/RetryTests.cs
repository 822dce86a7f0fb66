using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>`POST /api/queue/retry/{id}` (C-14).</summary>
public sealed class RetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_task_runs_again_and_its_job_completes()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400) : Reply.Json("{}");
        var jobId = await gateway.SubmitAsync("good", "bad");
        var failed = (await gateway.EndOfAsync(jobId)).GetProperty("tasks")[1];
        Assert.Equal("failed", failed.Text("status"));
        gateway.Visage.Script = _ => Reply.Json("{}");

        var answer = await gateway.PostAsync($"/api/queue/retry/{failed.Text("task_id")}", "", 200);

        Assert.True(answer.GetProperty("retried").GetBoolean());
        Assert.Equal(1, answer.Whole("attempt"));
        Assert.Equal("task", answer.Text("kind"));
        Assert.Equal("completed", (await gateway.EndOfAsync(jobId)).Text("status"));
        Assert.Equal(3, gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task A_job_runs_what_failed_again_and_leaves_what_was_cancelled_when_asked_so()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Status(400));
        var jobId = await gateway.SubmitAsync("a", "b");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        var ids = (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("task_ids");
        await gateway.PostAsync($"/api/queue/cancel/{ids[1]}", "", 200);
        gate.Open();
        await gateway.EndOfAsync(jobId);
        gateway.Visage.Script = _ => Reply.Json("{}");

        var first = await gateway.PostAsync($"/api/queue/retry/{jobId}", """{"only":"failed"}""", 200);
        Assert.Equal("partial", (await gateway.EndOfAsync(jobId)).Text("status"));
        var second = await gateway.PostAsync($"/api/queue/retry/{jobId}", "", 200);
        Assert.Equal("completed", (await gateway.EndOfAsync(jobId)).Text("status"));
        var third = await gateway.PostAsync($"/api/queue/retry/{jobId}", "{}", 200);

        Assert.Equal((1, 1, 0), (first.Whole("retried_tasks"), second.Whole("retried_tasks"), third.Whole("retried_tasks")));
        Assert.False(third.GetProperty("retried").GetBoolean());
    }

    [Fact]
    public async Task What_cannot_be_retried_is_said()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var task = await gateway.RunOneAsync();

        Assert.False((await gateway.PostAsync($"/api/queue/retry/{task.Text("task_id")}", "", 200)).GetProperty("retried").GetBoolean());
        await gateway.PostAsync($"/api/queue/retry/{Guid.CreateVersion7()}", "", 404);
        await gateway.PostAsync($"/api/queue/retry/{task.Text("task_id")}", """{"only":"some"}""", 422);
        await gateway.PostAsync($"/api/queue/retry/{task.Text("task_id")}", """{"onyl":"failed"}""", 422);
        await gateway.PostAsync($"/api/queue/retry/{task.Text("task_id")}", "[]", 400);
    }
}
