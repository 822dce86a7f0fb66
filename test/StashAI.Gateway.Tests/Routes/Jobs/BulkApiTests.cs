using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary><c>/api/bulk</c>: counts first, then acts on all that match.</summary>
public sealed class BulkApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bulk_retry_is_counted_first_and_then_runs_every_failure_again()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Status(400, "no face");
        var jobs = new List<string>();
        for (var i = 0; i < 3; i++) jobs.Add((await gateway.EndOfAsync(await gateway.SubmitAsync($"photo {i}"))).Text("job_id"));
        gateway.Visage.Script = _ => Reply.Json("{}");

        var filter = $$"""{"state":["failed"],"service":"visage","ids":["{{jobs[0]}}","{{jobs[1]}}"]}""";
        var (status, count) = await PostAsync(gateway, $$"""{"action":"retry","filter":{{filter}},"dry_run":true}""");
        Assert.Equal((HttpStatusCode.OK, 2, true), (status, count.Whole("total"), count.GetProperty("total_is_exact").GetBoolean()));
        Assert.Empty((await gateway.GetAsync("/api/bulk")).GetProperty("data").EnumerateArray());

        (status, var started) = await PostAsync(gateway, $$"""{"action":"retry","filter":{{filter}}}""");
        Assert.Equal((HttpStatusCode.Accepted, "retry", "running", 2),
            (status, started.Text("action"), started.Text("state"), started.Whole("matched")));
        await gateway.Visage.Ledger.WaitForEndedAsync(5, Cancellation);
        foreach (var job in jobs.Take(2)) Assert.Equal("completed", (await gateway.EndOfAsync(job)).Text("status"));
        Assert.Equal("failed", (await gateway.GetAsync($"/api/jobs/{jobs[2]}")).Text("state"));
        var listed = Assert.Single((await gateway.GetAsync("/api/bulk")).GetProperty("data").EnumerateArray());
        Assert.Equal(filter, listed.GetProperty("filter").GetRawText());
        Assert.Equal(started.Text("id"), (await gateway.GetAsync($"/api/bulk/{started.Text("id")}")).Text("id"));
    }

    [Theory]
    [InlineData("""{"action":"retry"}""", "filter")]
    [InlineData("""{"action":"retry","filter":{}}""", "filter")]
    [InlineData("""{"action":"retry","filter":{"name":""}}""", "filter")]
    [InlineData("""{"action":"retry","filter":{"name":"x"},"all":true}""", "all")]
    [InlineData("""{"filter":{"name":"x"}}""", "action")]
    [InlineData("""{"action":"burn","all":true}""", "action")]
    [InlineData("""{"action":"priority","all":true}""", "priority")]
    [InlineData("""{"action":"priority","all":true,"priority":10}""", "priority")]
    [InlineData("""{"action":"retry","all":true,"priority":1}""", "priority")]
    [InlineData("""{"action":"retry","filter":{"stat":"failed"}}""", "filter.stat")]
    [InlineData("""{"action":"retry","filter":{"sort":"priority"}}""", "filter.sort")]
    [InlineData("""{"action":"retry","filter":{"state":"fail"}}""", "state")]
    [InlineData("""{"action":"retry","filter":{"state":[1]}}""", "filter.state")]
    [InlineData("""{"action":"retry","filter":{"paused":"x"}}""", "paused")]
    [InlineData("""{"action":"retry","filter":{"name":["x"]}}""", "filter.name")]
    [InlineData("""{"action":"retry","filter":{"created_after":"today"}}""", "created_after")]
    [InlineData("""{"action":"retry","filter":{"id":"xyz"}}""", "id")]
    [InlineData("""{"action":"retry","filter":{"ids":["xyz"]}}""", "filter.ids")]
    [InlineData("""{"action":"retry","filter":[]}""", "filter")]
    public async Task A_request_that_is_not_clear_is_refused_by_its_field(string body, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var (status, problem) = await PostAsync(gateway, body);

        Assert.True((int)status is 400 or 422, $"{(int)status}");
        Assert.Equal(field, problem.FirstError().Text("field"));
    }

    [Fact]
    public async Task An_operation_is_stopped_and_an_unknown_one_is_not_found()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var (_, started) = await PostAsync(gateway, """{"action":"delete","all":true}""");

        using var stopped = await gateway.Http.PostAsync($"/api/bulk/{started.Text("id")}/stop", null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        using var unknown = await gateway.Http.PostAsync($"/api/bulk/{Guid.NewGuid()}/stop", null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    internal static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(GatewayHost gateway, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await gateway.Http.PostAsync("/api/bulk", content, Cancellation);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return (response.StatusCode, json.RootElement.Clone());
    }
}
