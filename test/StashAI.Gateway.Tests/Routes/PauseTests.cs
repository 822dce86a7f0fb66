namespace StashAI.Gateway.Tests.Routes;

/// <summary>Pausing a job, a service and everything, and what `GET /api/services` says of it.</summary>
public sealed class PauseTests
{
    [Fact]
    public async Task A_paused_job_waits_until_it_is_resumed()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.PostAsync("/api/queue/pause", "", 200);
        var paused = await gateway.SubmitAsync("paused");
        var other = await gateway.SubmitAsync("other");

        var answer = await gateway.PostAsync($"/api/queue/jobs/{paused}/pause", "", 200);
        await gateway.PostAsync("/api/queue/resume", "", 200);
        await gateway.EndOfAsync(other);
        var job = await gateway.GetAsync($"/api/queue/job/{paused}");

        Assert.True(answer.GetProperty("paused").GetBoolean());
        Assert.True(job.GetProperty("paused").GetBoolean());
        Assert.Equal("pending", job.Text("status"));
        Assert.False((await gateway.PostAsync($"/api/queue/jobs/{paused}/resume", "", 200)).GetProperty("paused").GetBoolean());
        Assert.Equal("completed", (await gateway.EndOfAsync(paused)).Text("status"));
        Assert.False((await gateway.PostAsync($"/api/queue/jobs/{paused}/pause", "", 200)).GetProperty("paused").GetBoolean());
    }

    [Fact]
    public async Task A_paused_service_shows_so_and_goes_on_when_it_is_resumed()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.PostAsync("/api/services/visage/pause", "", 200);
        var jobId = await gateway.SubmitAsync("x");

        var service = await gateway.GetAsync("/api/services/visage");
        Assert.True(service.GetProperty("paused").GetBoolean());
        Assert.Equal("closed", service.GetProperty("lanes")[0].Text("circuit"));
        Assert.Equal("identify", service.GetProperty("operations")[0].Text("name"));
        Assert.Equal(0, gateway.Visage.Ledger.Count);

        await gateway.PostAsync("/api/services/visage/resume", "", 200);
        Assert.Equal("completed", (await gateway.EndOfAsync(jobId)).Text("status"));
        var all = await gateway.GetAsync("/api/services");
        Assert.Contains(
            all.GetProperty("services").EnumerateArray(), one => one.Text("name") == "visage" && !one.GetProperty("paused").GetBoolean());
    }

    [Fact]
    public async Task A_service_stays_paused_by_itself_when_everything_goes_on()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.PostAsync("/api/services/visage/pause", "", 200);
        Assert.True((await gateway.PostAsync("/api/queue/pause", "", 200)).GetProperty("paused").GetBoolean());

        var answer = await gateway.PostAsync("/api/services/visage/resume", "", 200);

        Assert.True(answer.GetProperty("paused").GetBoolean());
        Assert.Contains("/api/queue/resume", answer.Text("message"), StringComparison.Ordinal);
        Assert.False((await gateway.PostAsync("/api/queue/resume", "", 200)).GetProperty("paused").GetBoolean());
    }

    [Fact]
    public async Task Nothing_unknown_can_be_paused()
    {
        await using var gateway = await GatewayHost.StartAsync();

        await gateway.PostAsync("/api/services/nobody/pause", "", 404);
        await gateway.PostAsync("/api/services/*/pause", "", 404);
        await gateway.PostAsync($"/api/queue/jobs/{Guid.CreateVersion7()}/pause", "", 404);
        await gateway.GetAsync("/api/services/nobody", 404);
    }
}
