using System.Net;
using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary><c>POST /api/jobs/{id}/rerun</c>.</summary>
public sealed class RerunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_items_run_again_with_another_config_and_what_is_left_out_is_as_before()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("{}");
        var first = await SubmitAsync(gateway, """{"job_name":"Summer","tags":["a"],"priority":7,"threshold":0.5}""", "one", "two");
        await gateway.EndOfAsync(first);

        var answer = await RerunAsync(gateway, first, """{"config":{"threshold":0.9},"tags":["b"]}""");

        var second = answer.Text("job_id");
        Assert.Equal((first, 2), (answer.Text("source_job"), answer.Whole("total_tasks")));
        await gateway.EndOfAsync(second);
        var job = await gateway.GetAsync($"/api/jobs/{second}");
        Assert.Equal((first, "Summer", 7, "completed"),
            (job.Text("source_job"), job.Text("name"), job.Whole("priority"), job.Text("state")));
        Assert.Equal("b", Assert.Single(job.GetProperty("tags").EnumerateArray()).GetString());
        Assert.Equal(0.9, job.GetProperty("config").GetProperty("threshold").GetDouble());
        Assert.Equal(0.5, (await gateway.GetAsync($"/api/jobs/{first}")).GetProperty("config").GetProperty("threshold").GetDouble());
        Assert.Equal(["one", "one", "two", "two"], gateway.Visage.Ledger.Calls.Select(call => call.Item).Order());
    }

    [Fact]
    public async Task Only_failed_items_run_again_under_their_own_ids()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400, "no") : Reply.Json("{}");
        var first = (await gateway.PostAsync(
            "/api/visage/job",
            $$"""{"images":[{"image":"{{GatewayHost.Base64("one")}}","id":"A"},{"image":"{{GatewayHost.Base64("bad")}}","id":"B"}]}""",
            (int)GatewayHost.Taken)).Text("job_id");
        await gateway.EndOfAsync(first);
        gateway.Visage.Script = _ => Reply.Json("{}");

        var second = (await RerunAsync(gateway, first, """{"only":"failed"}""")).Text("job_id");

        await gateway.EndOfAsync(second);
        var page = await gateway.GetAsync($"/api/jobs/{second}/results?format=json");
        var result = Assert.Single(page.GetProperty("data").EnumerateArray());
        Assert.Equal((0, "B", "completed"), (result.Whole("index"), result.Text("item_id"), result.Text("state")));
        await RerunAsync(gateway, second, """{"only":"failed"}""", 409);
    }

    [Fact]
    public async Task The_same_key_makes_one_job()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var first = await SubmitAsync(gateway, "{}", "one");
        await gateway.EndOfAsync(first);
        (string, string) key = ("Idempotency-Key", "again");
        var jobs = new HashSet<string>();

        for (var i = 0; i < 2; i++)
        {
            using var answer = await gateway.SendAsync(HttpMethod.Post, $"/api/jobs/{first}/rerun", "{}", key);
            Assert.Equal(GatewayHost.Taken, answer.StatusCode);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
            jobs.Add(document.RootElement.Text("job_id"));
        }

        Assert.Single(jobs);
        using var other = await gateway.SendAsync(HttpMethod.Post, $"/api/jobs/{first}/rerun", """{"name":"x"}""", key);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(2, (await gateway.GetAsync("/api/jobs")).Whole("total"));
    }

    [Theory]
    [InlineData("""{"only":"changed"}""", "only")]
    [InlineData("""{"only":"some"}""", "only")]
    [InlineData("""{"config":{"treshold":0.5}}""", "config.treshold")]
    [InlineData("""{"config":{"threshold":2}}""", "config.threshold")]
    [InlineData("""{"config":{"threshold":null}}""", "config.threshold")]
    [InlineData("""{"config":{"visage_api_url":"http://10.0.0.1"}}""", "config.visage_api_url")]
    [InlineData("""{"items":[]}""", "items")]
    public async Task What_cannot_be_used_is_refused_by_name_and_makes_no_job(string body, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var first = await SubmitAsync(gateway, "{}", "one");

        Assert.Equal(field, (await RerunAsync(gateway, first, body, 422)).FirstError().Text("field"));
        Assert.Equal(1, (await gateway.GetAsync("/api/jobs")).Whole("total"));
    }

    [Fact]
    public async Task An_address_that_may_not_be_called_any_more_is_refused_as_at_a_submit()
    {
        GatewayHost.SkipInDirectMode();
        await using var other = await ScriptedService.StartAsync(new ScriptedServiceOptions { Item = _ => "x" }, Cancellation);
        var authority = new Uri(other.Url).Authority;
        var body = $$"""{"images":["{{GatewayHost.Base64("one")}}"],"visage_api_url":"{{other.Url}}/api/predict_1"}""";
        await using var open = await GatewayHost.StartAsync(new() { ["ALLOWED_UPSTREAMS"] = authority });
        var first = (await open.PostAsync("/api/visage/job", body, (int)GatewayHost.Taken)).Text("job_id");
        await open.EndOfAsync(first);
        await RerunAsync(open, first, "{}");
        await using var closed = await GatewayHost.StartAsync(new() { ["TRUST_LAN"] = "false" }, beside: open);

        var submit = await closed.PostAsync("/api/visage/job", body, 422);
        var rerun = await RerunAsync(closed, first, "{}", 422);

        Assert.Equal((submit.Text("type"), submit.Text("setting")), (rerun.Text("type"), rerun.Text("setting")));
        Assert.Equal(2, (await closed.GetAsync("/api/jobs")).Whole("total"));
    }

    [Fact]
    public async Task A_service_that_has_no_address_any_more_is_not_called_again()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        var first = await SubmitAsync(gateway, "{}", "one");
        await gateway.EndOfAsync(first);
        await using var without = await GatewayHost.StartAsync(hasVisage: false, beside: gateway);

        await RerunAsync(without, first, "{}", 409);
    }

    [Fact]
    public async Task An_unknown_job_cannot_run_again()
    {
        await using var gateway = await GatewayHost.StartAsync();

        await RerunAsync(gateway, Guid.CreateVersion7().ToString(), "{}", 404);
    }

    private static Task<JsonElement> RerunAsync(GatewayHost gateway, string id, string body, int? status = null) =>
        gateway.PostAsync($"/api/jobs/{id}/rerun", body, status ?? (int)GatewayHost.Taken);

    private static async Task<string> SubmitAsync(GatewayHost gateway, string config, params string[] photos) =>
        (await gateway.PostAsync(
            "/api/visage/job",
            $$"""{"images":[{{string.Join(',', photos.Select(photo => $"\"{GatewayHost.Base64(photo)}\""))}}],"config":{{config}}}""",
            (int)GatewayHost.Taken)).Text("job_id");
}
