using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Routes.Schedules;

/// <summary><c>/api/schedules</c>: create, change, pause, delete, history, and whose rights hold.</summary>
public sealed class ScheduleApiTests
{
    private const string Fixed = """{"type":"body","body":{"items":["eA=="]}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schedule_is_created_changed_paused_and_deleted_by_its_name_or_id()
    {
        await using var host = await ScheduleHost.StartAsync();
        var created = await host.CreateAsync(ScheduleHost.Body(Fixed, more: ""","time_zone":"Europe/Berlin","overlap":"queue" """));
        Assert.Equal(
            ("nightly", "0 3 * * *", "Europe/Berlin", "queue", "visage", false),
            (created.Text("name"), created.Text("cron"), created.Text("time_zone"), created.Text("overlap"), created.Text("service"),
                created.GetProperty("paused").GetBoolean()));
        Assert.True(created.IsNull("operation") && created.IsNull("owner") && created.IsNull("last_run"));
        Assert.True(created.GetProperty("next_run_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());

        var paused = await PatchAsync(host, "nightly", """{"paused":true}""");
        Assert.True(paused.GetProperty("paused").GetBoolean() && paused.IsNull("next_run_at"));
        Assert.Equal("submitted", (await host.RunAsync()).Text("state"));
        var changed = await PatchAsync(
            host, created.Text("id"), """{"paused":false,"cron":"@hourly","name":"often","operation":"identify","overlap":null}""");
        Assert.Equal(
            ("often", "@hourly", "identify", "skip", "submitted"),
            (changed.Text("name"), changed.Text("cron"), changed.Text("operation"), changed.Text("overlap"),
                changed.GetProperty("last_run").Text("state")));
        Assert.Equal(0, changed.GetProperty("next_run_at").GetDateTimeOffset().Minute);

        using var conflict = await host.Gateway.SendAsync(
            HttpMethod.Post, "/api/schedules", ScheduleHost.Body(Fixed).Replace("nightly", "often", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        using var deleted = await host.Gateway.SendAsync(HttpMethod.Delete, "/api/schedules/often");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await host.Gateway.GetAsync("/api/schedules/often", 404);
        await host.Gateway.GetAsync($"/api/schedules/{created.Text("id")}/runs", 404);

        var audit = (await host.Gateway.GetAsync("/api/audit")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["delete", "change", "run", "pause", "create"], audit.Select(entry => entry.Text("action")));
        Assert.All(audit, entry => Assert.Equal(("schedule", created.Text("id")), (entry.Text("target_kind"), entry.Text("target_id"))));
    }

    [Fact]
    public async Task Lists_come_in_pages_the_newest_first()
    {
        await using var host = await ScheduleHost.StartAsync();
        for (var i = 0; i < 3; i++)
            await host.CreateAsync(ScheduleHost.Body(Fixed).Replace("nightly", $"schedule {i}", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++) await host.RunAsync("schedule 1");

        var page = await host.Gateway.GetAsync("/api/schedules?limit=2");
        Assert.Equal(["schedule 2", "schedule 1"], page.GetProperty("data").EnumerateArray().Select(one => one.Text("name")));
        var rest = await host.Gateway.GetAsync($"/api/schedules?limit=2&cursor={page.Text("next")}");
        Assert.Equal(["schedule 0"], rest.GetProperty("data").EnumerateArray().Select(one => one.Text("name")));
        Assert.True(rest.IsNull("next"));
        var runs = await host.Gateway.GetAsync("/api/schedules/schedule%201/runs?limit=2");
        var last = await host.Gateway.GetAsync($"/api/schedules/schedule%201/runs?cursor={runs.Text("next")}");
        Assert.Equal((2, 1), (runs.GetProperty("data").GetArrayLength(), last.GetProperty("data").GetArrayLength()));
    }

    [Theory]
    [InlineData("""{"cron":"0 3 * * *","service":"visage","source":BODY}""", "name")]
    [InlineData("""{"name":"a/b","cron":"0 3 * * *","service":"visage","source":BODY}""", "name")]
    [InlineData("""{"name":"0199f0a2-7d1c-7c4e-9b1d-2a6f41000015","cron":"0 3 * * *","service":"visage","source":BODY}""", "name")]
    [InlineData("""{"name":"x","service":"visage","source":BODY}""", "cron")]
    [InlineData("""{"name":"x","cron":"61 3 * * *","service":"visage","source":BODY}""", "cron")]
    [InlineData("""{"name":"x","cron":"0 0 30 2 *","service":"visage","source":BODY}""", "cron")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","time_zone":"Berlin","service":"visage","source":BODY}""", "time_zone")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","overlap":"both","service":"visage","source":BODY}""", "overlap")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","source":BODY}""", "service")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visag","source":BODY}""", "service")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","operation":"identif","source":BODY}""", "operation")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage"}""", "source")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{}}""", "source.type")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"x"}}""", "source.type")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"body"}}""", "source.body")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"folder"}}""", "source.path")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"folder","path":"/"}}""", "source.path")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"folder","path":"a"}}""", "source.path")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"folder","path":"P","only":"x"}}""", "source.only")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"folder","path":"P","types":[]}}""", "source.types")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"folder","path":"P","typ":[]}}""", "source.typ")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"ndjson","path":"P"}}""", "source.path")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"interactions","source":{"type":"folder","path":"P"}}""", "source.type")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","config":{"priority":10},"source":BODY}""", "config.priority")]
    [InlineData(
        """{"name":"x","cron":"0 3 * * *","service":"visage","config":{"start_at":"2030-01-31T08:00:00Z"},"source":BODY}""",
        "config.start_at")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","deadline_seconds":0,"source":BODY}""", "deadline_seconds")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","deadline_seconds":1.5,"source":BODY}""", "deadline_seconds")]
    [InlineData(
        """{"name":"x","cron":"0 3 * * *","service":"visage","source":{"type":"body","body":{"config":{"deadline":"2030-01-31T08:00:00Z"}}}}""",
        "source.body.config.deadline")]
    [InlineData("""{"name":"x","cron":"0 3 * * *","service":"visage","source":BODY,"take_over":true}""", "take_over")]
    public async Task A_schedule_that_could_not_run_is_refused_by_its_field(string body, string field)
    {
        await using var host = await ScheduleHost.StartAsync();
        body = body.Replace("BODY", Fixed, StringComparison.Ordinal).Replace("\"P\"", $"\"{host.Photos}\"", StringComparison.Ordinal);

        using var response = await host.Gateway.SendAsync(HttpMethod.Post, "/api/schedules", body);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True((int)response.StatusCode is 400 or 422, $"{(int)response.StatusCode}: {problem}");
        ProblemForm.Check(problem);
        Assert.Equal(field, problem.FirstError().Text("field"));
        Assert.Empty((await host.Gateway.GetAsync("/api/schedules")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_run_has_the_rights_that_the_owners_key_has_then()
    {
        Dictionary<ApiScope, string> keys = [];
        IApiKeys ring = null!;
        await using var host = await ScheduleHost.StartAsync(prepare: async store =>
        {
            ring = store.ApiKeys;
            foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
        });
        var body = ScheduleHost.Body(Fixed);
        Assert.Equal(403, (int)(await SendAsync(host, HttpMethod.Post, "/api/schedules", body, keys[ApiScope.Submit])).Status);
        var (status, created) = await SendAsync(host, HttpMethod.Post, "/api/schedules", body, keys[ApiScope.Operate]);
        Assert.Equal((HttpStatusCode.Created, "Operate"), (status, created.Text("owner")));
        Assert.Equal(200, (int)(await SendAsync(host, HttpMethod.Get, "/api/schedules/nightly", null, keys[ApiScope.Read])).Status);
        Assert.Equal(403, (int)(await SendAsync(host, HttpMethod.Post, "/api/schedules/nightly/run", null, keys[ApiScope.Submit])).Status);

        var run = await RunAsync(host, keys[ApiScope.Admin]);
        Assert.Equal("submitted", run.Text("state"));
        var (_, job) = await SendAsync(host, HttpMethod.Get, $"/api/jobs/{run.Text("job_id")}", null, keys[ApiScope.Read]);
        Assert.Equal("Operate", job.Text("owner"));

        await ring.RevokeApiKeyAsync(keys[ApiScope.Operate][..16], Cancellation);
        // The gateway keeps keys for a moment.
        while ((await SendAsync(host, HttpMethod.Get, "/api/schedules", null, keys[ApiScope.Operate])).Status
            != HttpStatusCode.Unauthorized)
        {
        }

        run = await RunAsync(host, keys[ApiScope.Admin]);
        Assert.Equal("failed", run.Text("state"));
        Assert.Contains("The key 'Operate' of the schedule's owner was revoked", run.Text("reason"), StringComparison.Ordinal);
        (_, var taken) = await SendAsync(
            host, HttpMethod.Patch, "/api/schedules/nightly", """{"take_over":true}""", keys[ApiScope.Admin]);
        Assert.Equal("Admin", taken.Text("owner"));
        Assert.Equal("submitted", (await RunAsync(host, keys[ApiScope.Admin])).Text("state"));
    }

    [Fact]
    public async Task Only_who_may_change_a_schedule_sees_the_address_that_its_jobs_name()
    {
        Dictionary<ApiScope, string> keys = [];
        await using var host = await ScheduleHost.StartAsync(prepare: async store =>
        {
            foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
        });
        const string Source = """
            {"type":"body","body":{"items":["eA=="],"config":{"webhook":"https://b.example.org/secret"}}}
            """;
        var body = ScheduleHost.Body(Source, more: ""","config":{"webhook":"https://a.example.org/secret"}""");
        await SendAsync(host, HttpMethod.Post, "/api/schedules", body, keys[ApiScope.Operate]);

        foreach (var path in (string[])["/api/schedules", "/api/schedules/nightly"])
        {
            foreach (var scope in (ApiScope[])[ApiScope.Read, ApiScope.Submit])
            {
                var seen = (await SendAsync(host, HttpMethod.Get, path, null, keys[scope])).Answer.GetRawText();
                Assert.DoesNotContain("secret", seen, StringComparison.Ordinal);
                Assert.Contains("https://a.example.org/***", seen, StringComparison.Ordinal);
                Assert.Contains("https://b.example.org/***", seen, StringComparison.Ordinal);
            }

            var whole = (await SendAsync(host, HttpMethod.Get, path, null, keys[ApiScope.Operate])).Answer.GetRawText();
            Assert.Contains("https://a.example.org/secret", whole, StringComparison.Ordinal);
            Assert.Contains("https://b.example.org/secret", whole, StringComparison.Ordinal);
        }
    }

    private static async Task<JsonElement> RunAsync(ScheduleHost host, string key)
    {
        await SendAsync(host, HttpMethod.Post, "/api/schedules/nightly/run", null, key);
        await host.Loop.RunOnceAsync(Cancellation);
        await host.Loop.WhenIdleAsync();
        var (_, runs) = await SendAsync(host, HttpMethod.Get, "/api/schedules/nightly/runs", null, key);
        var run = runs.GetProperty("data")[0];
        if (!run.IsNull("job_id")) await SendAsync(host, HttpMethod.Post, $"/api/queue/cancel/{run.Text("job_id")}", null, key);
        return run;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(
        ScheduleHost host, HttpMethod method, string path, string? body, string key)
    {
        using var response = await host.Gateway.SendAsync(method, path, body, ("X-API-Key", key));
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    private static async Task<JsonElement> PatchAsync(ScheduleHost host, string schedule, string body)
    {
        using var response = await host.Gateway.SendAsync(HttpMethod.Patch, $"/api/schedules/{schedule}", body);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(response.IsSuccessStatusCode, answer.ToString());
        return answer;
    }
}
