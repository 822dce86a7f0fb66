using System.Text.Json;
using StashAI.Gateway.Tests.Live;

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
    public async Task A_pause_with_an_end_shows_it_everywhere_and_goes_on_by_itself()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);
        await client.SendAsync("""{"type":"subscribe_services"}""");
        await client.UntilAsync(message => message.Text("type") == "services");
        const string night = """{"until":"2099-01-31T07:00:00+01:00"}""";
        const string end = "2099-01-31T06:00:00.000Z";

        var all = await gateway.PostAsync("/api/queue/pause", night, 200);
        var service = await gateway.PostAsync("/api/services/visage/pause", night, 200);
        var id = await gateway.SubmitAsync("x");
        var job = await gateway.PostAsync($"/api/queue/jobs/{id}/pause", night, 200);

        Assert.All([all, service, job], answer => Assert.Equal(end, answer.Text("paused_until")));
        Assert.All(
            [all, service, job], answer => Assert.Contains("until 2099-01-31T06:00:00Z", answer.Text("message"), StringComparison.Ordinal));
        var told = await client.UntilAsync(
            message => message.Text("type") == "services_changed" && !message.IsNull("everything_paused_until"));
        Assert.Equal(end, told.Text("everything_paused_until"));
        var shown = await gateway.GetAsync($"/api/jobs/{id}");
        Assert.Equal((end, end), (shown.Text("paused_until"), shown.GetProperty("waiting").Text("next_try_at")));
        Assert.Equal(end, (await gateway.GetAsync("/api/services")).Text("everything_paused_until"));
        Assert.Equal(end, (await gateway.GetAsync("/api/services/visage")).Text("paused_until"));

        var soon = $$"""{"until":"{{TimeProvider.System.GetUtcNow().AddSeconds(1):O}}"}""";
        await gateway.PostAsync("/api/queue/pause", soon, 200);
        await gateway.PostAsync("/api/services/visage/pause", soon, 200);
        await gateway.PostAsync($"/api/queue/jobs/{id}/pause", soon, 200);
        await client.UntilAsync(message =>
            message.Text("type") == "services_changed" && !message.GetProperty("everything_paused").GetBoolean());
        Assert.Equal("completed", (await gateway.EndOfAsync(id)).Text("status"));
        var audit = await gateway.GetAsync("/api/audit");
        Assert.Contains(
            audit.GetProperty("data").EnumerateArray(),
            entry => entry.Text("action") == "pause"
                && entry.GetProperty("details").GetRawText().Contains("until", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"until":"2020-01-31T07:00:00Z"}""", "until", "must be later than now")]
    [InlineData("""{"until":"07:00"}""", "until", "with its offset")]
    [InlineData("""{"service":"visage"}""", "service", "is not known")]
    [InlineData("[]", "body", "must be a JSON object")]
    public async Task An_end_that_is_none_is_refused_and_nothing_is_paused(string body, string field, string reason)
    {
        await using var gateway = await GatewayHost.StartAsync();
        foreach (var path in (string[])["/api/queue/pause", "/api/services/visage/pause"])
        {
            using var response = await gateway.SendAsync(HttpMethod.Post, path, body);

            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            var problem = document.RootElement;
            Assert.True((int)response.StatusCode is 400 or 422, $"{(int)response.StatusCode}");
            Assert.Equal(field, problem.FirstError().Text("field"));
            Assert.Contains(reason, problem.Text("detail"), StringComparison.Ordinal);
        }

        Assert.False((await gateway.GetAsync("/api/services/visage")).GetProperty("paused").GetBoolean());
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
