using System.Net;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary><c>/api/jobs/{id}/rematch</c>: what it asks of the face service, what it changes, and whom it refuses.</summary>
public sealed class RematchTests
{
    private const string Ann = """{"id":"a","name":"Ann","confidence":97,"cosine":0.6}""";

    private const string Answer =
        """{"data":[[{"image":"eA==","confidence":0.99,"performers":[],"box":{"x":1.0},"quality":3.50,"ambiguous":false}]]"""
        + ""","image_width":9,"threshold_cosine":0.45,"gallery_version":3,"kept_faces":"AQID"}""";

    private const string Judgement =
        $$"""{"gallery_version":4,"photos":[{"threshold_cosine":0.5,"faces":[{"performers":[{{Ann}}],"ambiguous":true}]}]}""";

    [Fact]
    public async Task It_sends_the_stored_faces_once_and_changes_only_who_they_are()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        Script(gateway);
        var job = await gateway.SubmitAsync("a photo");
        var before = await ResultAsync(gateway, job);
        Assert.Equal(Answer.Replace(""","kept_faces":"AQID"}""", "}", StringComparison.Ordinal), before.GetRawText());
        Assert.Equal("faces", gateway.Visage.Ledger.Calls[0].Call!.Header("X-StashAI-Keep"));

        var begun = await gateway.PostAsync($"/api/jobs/{job}/rematch", """{"threshold":0.75}""", 202);
        var over = await OverAsync(gateway, job);

        Assert.Equal((job, 1, 0.75), (begun.Text("job_id"), begun.Whole("total"), begun.GetProperty("threshold").GetDouble()));
        Assert.Equal(
            ("completed", 1, 1, 1, 4),
            (over.Text("state"), over.Whole("done"), over.Whole("judged"), over.Whole("changed"), over.Whole("gallery_version")));
        var calls = gateway.Visage.Ledger.Calls.Select(call => call.Call!).ToList();
        Assert.Equal(["/api/predict_1", "/api/rematch"], calls.Select(call => call.Path));
        Assert.Equal("""{"photos":[{"threshold":0.75,"kept_faces":"AQID"}]}""", calls[1].Text);
        var expected = before.GetRawText().Replace("\"performers\":[]", $"\"performers\":[{Ann}]", StringComparison.Ordinal)
            .Replace("\"ambiguous\":false", "\"ambiguous\":true", StringComparison.Ordinal)
            .Replace("0.45", "0.5", StringComparison.Ordinal)
            .Replace("\"gallery_version\":3", "\"gallery_version\":4", StringComparison.Ordinal);
        Assert.Equal(expected, (await ResultAsync(gateway, job)).GetRawText());
        var status = await gateway.GetAsync($"/api/queue/status/{job}");
        Assert.Equal("Ann", status.GetProperty("aggregate_results").GetProperty("people")[0].Text("name"));
        var audit = (await gateway.GetAsync("/api/audit")).GetProperty("data")[0];
        Assert.Equal(("rematch", "job", job), (audit.Text("action"), audit.Text("target_kind"), audit.Text("target_id")));
    }

    [Fact]
    public async Task All_jobs_of_a_tag_are_judged_again()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        Script(gateway);
        var tagged = await SubmitAsync(gateway, "holiday");
        var other = await SubmitAsync(gateway, "work");

        var bulk = await gateway.PostAsync("/api/bulk", """{"action":"rematch","filter":{"tag":"holiday"},"threshold":0.6}""", 202);
        while (bulk.Text("state") == "running") bulk = await gateway.GetAsync($"/api/bulk/{bulk.Text("id")}");

        Assert.Equal((1, 0, 0.6), (bulk.Whole("done"), bulk.Whole("failed"), bulk.GetProperty("threshold").GetDouble()));
        Assert.Equal(4, (await ResultAsync(gateway, tagged)).Whole("gallery_version"));
        Assert.Equal(3, (await ResultAsync(gateway, other)).Whole("gallery_version"));
        var never = await gateway.GetAsync($"/api/jobs/{other}/rematch");
        Assert.Equal(("none", 0, JsonValueKind.Null), (never.Text("state"), never.Whole("done"), never.GetProperty("bulk").ValueKind));
        await gateway.PostAsync("/api/bulk", """{"action":"retry","all":true,"threshold":0.6}""", 422);
    }

    [Fact]
    public async Task What_cannot_be_judged_again_is_said()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");
        var old = await gateway.SubmitAsync("a photo");
        await gateway.EndOfAsync(old);

        var refusal = await gateway.PostAsync($"/api/jobs/{old}/rematch", "", 409);

        Assert.Contains($"/api/jobs/{old}/rerun", refusal.Text("detail"), StringComparison.Ordinal);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json(Answer));
        var open = await gateway.SubmitAsync("another");
        Assert.Contains(
            "has not ended", (await gateway.PostAsync($"/api/jobs/{open}/rematch", "", 409)).Text("detail"), StringComparison.Ordinal);
        gate.Open();
        await gateway.EndOfAsync(open);
        await gateway.PostAsync($"/api/jobs/{open}/rematch", """{"threshold":1.5}""", 422);
        await gateway.PostAsync($"/api/jobs/{open}/rematch", """{"treshold":0.5}""", 422);
        await gateway.PostAsync($"/api/jobs/{Guid.CreateVersion7()}/rematch", "", 404);
    }

    [Fact]
    public async Task The_scope_submit_judges_its_own_jobs_only()
    {
        GatewayHost.SkipInDirectMode();
        Dictionary<ApiScope, string> keys = [];
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" },
            prepare: async store =>
            {
                foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });
        Script(gateway);
        var job = await gateway.SubmitAsync("a photo");
        await gateway.EndOfAsync(job);

        Assert.Equal(HttpStatusCode.Forbidden, await RematchAsync(keys[ApiScope.Submit]));
        Assert.Equal(HttpStatusCode.Accepted, await RematchAsync(keys[ApiScope.Operate]));

        async Task<HttpStatusCode> RematchAsync(string key)
        {
            using var response = await gateway.SendAsync(HttpMethod.Post, $"/api/jobs/{job}/rematch", null, ("X-API-Key", key));
            return response.StatusCode;
        }
    }

    private static void Script(GatewayHost gateway) =>
        gateway.Visage.Script = call => Reply.Json(call.Path == "/api/rematch" ? Judgement : Answer);

    private static async Task<string> SubmitAsync(GatewayHost gateway, string tag)
    {
        var job = (await gateway.PostAsync("/api/visage/job", $$"""{"images":["eA=="],"config":{"tags":["{{tag}}"]} }""")).Text("job_id");
        await gateway.EndOfAsync(job);
        return job;
    }

    private static async Task<JsonElement> OverAsync(GatewayHost gateway, string job)
    {
        var progress = await gateway.GetAsync($"/api/jobs/{job}/rematch");
        while (progress.Text("state") == "running") progress = await gateway.GetAsync($"/api/jobs/{job}/rematch");
        return progress;
    }

    private static async Task<JsonElement> ResultAsync(GatewayHost gateway, string job)
    {
        await gateway.EndOfAsync(job);
        return (await gateway.GetAsync($"/api/queue/status/{job}")).GetProperty("results")[0].GetProperty("output_json");
    }
}
