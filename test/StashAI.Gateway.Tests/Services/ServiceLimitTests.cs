using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Limits and allowed hours of a service, from its declaration and by <c>PATCH /api/services/{name}</c>.</summary>
public sealed class ServiceLimitTests
{
    private const string Echo = """
        name: echo
        url: ${ECHO_URL}
        max_parallel: 2
        rate: {per_second: 1000, burst: 50}
        operations:
          shout: {item: string, request: {path: /shout, json: {text: "{{ item }}"}}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_change_while_calls_run_and_null_takes_the_declaration_again()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Echo);

        var changed = await PatchAsync(host, """{"max_parallel":7,"rate":12.5,"paused":true}""");
        Assert.Equal("""{"max_parallel":7,"rate":12.5,"burst":null,"allowed_hours":null}""", changed.GetProperty("set").GetRawText());
        Assert.Equal("""{"max_parallel":2,"rate":1000,"burst":50,"allowed_hours":null}""", changed.GetProperty("declared").GetRawText());
        Assert.Equal(7, changed.GetProperty("limits").GetProperty("max_running").GetInt32());
        Assert.Equal(12.5, changed.GetProperty("limits").GetProperty("rate_per_second").GetDouble());
        Assert.Equal(50, changed.GetProperty("limits").GetProperty("rate_burst").GetInt32());
        Assert.True(changed.GetProperty("paused").GetBoolean());

        var back = await PatchAsync(host, """{"max_parallel":null,"rate":null,"paused":false}""");
        Assert.Equal(2, back.GetProperty("limits").GetProperty("max_running").GetInt32());
        Assert.False(back.GetProperty("paused").GetBoolean());
        Assert.Equal("""{"max_parallel":null,"rate":null,"burst":null,"allowed_hours":null}""", back.GetProperty("set").GetRawText());
    }

    [Fact]
    public async Task Outside_its_allowed_hours_a_job_waits_and_says_when_they_open()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = _ => Reply.Json("{}");
        var opens = TimeProvider.System.GetUtcNow().AddHours(2);
        var closed = await PatchAsync(host, $$"""{"allowed_hours":"{{opens:HH}}:00-{{opens.AddHours(3):HH}}:00"}""");
        Assert.False(closed.GetProperty("allowed_hours").GetProperty("open").GetBoolean());

        var id = (await host.Gateway.PostAsync("/api/echo/job", """{"items":["a","b"]}""")).Text("job_id");
        var waiting = (await host.Gateway.GetAsync($"/api/jobs/{id}")).GetProperty("waiting");
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("error_kind").ValueKind);
        Assert.Equal("allowed_hours", waiting.Text("cause"));
        Assert.Equal(
            $"echo may be called only in its allowed hours ({closed.GetProperty("allowed_hours").Text("hours")}).",
            waiting.Text("error_message"));
        Assert.Equal(
            closed.GetProperty("allowed_hours").GetProperty("opens_at").GetDateTimeOffset(),
            waiting.GetProperty("next_try_at").GetDateTimeOffset());
        var lane = (await host.Gateway.GetAsync("/api/services/echo")).GetProperty("lanes")[0];
        Assert.Equal(waiting.GetRawText(), lane.GetProperty("waiting").GetRawText());
        // The lane has the service's name, and says what is called.
        Assert.Equal(("echo", waiting.Text("address")), (lane.Text("authority"), lane.Text("address")));
        Assert.Empty(host.Calls);

        await PatchAsync(host, """{"allowed_hours":null}""");
        var job = await host.Gateway.EndOfAsync(id);
        Assert.Equal("completed", job.Text("status"));
        Assert.All(job.GetProperty("tasks").EnumerateArray(), task => Assert.Equal(0, task.GetProperty("retry_count").GetInt32()));
    }

    [Fact]
    public async Task A_declaration_states_hours_and_a_change_overrides_them()
    {
        await using var host = await ServiceHost.StartAsync(
            Echo + "\nallowed_hours: Mon-Fri 22:00-07:00, Sat-Sun 00:00-24:00 Europe/Berlin\n");

        var service = await host.Gateway.GetAsync("/api/services/echo");
        Assert.Equal(
            "Mon-Fri 22:00-07:00, Sat-Sun 00:00-24:00 Europe/Berlin", service.GetProperty("allowed_hours").Text("hours"));
        var always = await PatchAsync(host, """{"allowed_hours":"00:00-24:00"}""");
        Assert.Equal(
            """{"hours":"00:00-24:00 UTC","open":true,"opens_at":null,"closes_at":null}""",
            always.GetProperty("allowed_hours").GetRawText());
    }

    [Theory]
    [InlineData("""{"max_paralel":1}""", "max_paralel", 422)]
    [InlineData("""{"max_parallel":0}""", "max_parallel", 422)]
    [InlineData("""{"max_parallel":"many"}""", "max_parallel", 422)]
    [InlineData("""{"rate":0}""", "rate", 422)]
    [InlineData("""{"rate":true}""", "rate", 422)]
    [InlineData("""{"burst":0.5}""", "burst", 422)]
    [InlineData("""{"paused":null}""", "paused", 422)]
    [InlineData("""{"paused":"perhaps"}""", "paused", 422)]
    [InlineData("""{"allowed_hours":"at night"}""", "allowed_hours", 422)]
    [InlineData("""{"allowed_hours":"22:00-07:00 Europe/Atlantis"}""", "allowed_hours", 422)]
    [InlineData("""{"allowed_hours":{"from":"22:00"}}""", "allowed_hours", 422)]
    [InlineData("{}", "body", 400)]
    [InlineData("[]", "body", 400)]
    public async Task What_is_wrong_is_refused_by_its_field(string body, string field, int status)
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        Assert.Equal(field, (await PatchAsync(host, body, status)).FirstError().Text("field"));
        var set = (await host.Gateway.GetAsync("/api/services/echo")).GetProperty("set");
        Assert.Equal(JsonValueKind.Null, set.GetProperty("rate").ValueKind);
    }

    [Fact]
    public async Task A_burst_needs_a_rate_and_a_service_must_exist()
    {
        await using var host = await ServiceHost.StartAsync(
            Echo.Replace("rate: {per_second: 1000, burst: 50}", "", StringComparison.Ordinal));
        Assert.Equal("burst", (await PatchAsync(host, """{"burst":5}""", 422)).FirstError().Text("field"));
        await PatchAsync(host, """{"rate":1,"burst":5}""");
        await PatchAsync(host, """{"burst":7}""");
        await PatchAsync(host, """{"max_parallel":1}""", 404, "nobody");
    }

    private static async Task<JsonElement> PatchAsync(ServiceHost host, string body, int status = 200, string name = "echo")
    {
        using var answer = await host.Gateway.SendAsync(HttpMethod.Patch, $"/api/services/{name}", body);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
