using System.Text.Json;
using StashAI.Gateway.Tests.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary><c>GET /api/jobs/{id}/timeline</c>.</summary>
public sealed class TimelineTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        operations:
          go: {item: string, request: {path: /x, json: {q: "{{ item }}"}}}
        """;

    [Fact]
    public async Task Steps_add_up_to_the_counters_and_events_are_in_order()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => call.Text.Contains("bad", StringComparison.Ordinal) ? Reply.Status(400, "no") : Reply.Json("{}");
        await host.Gateway.PostAsync("/api/services/echo/pause", "", 200);
        var job = (await host.Gateway.PostAsync("/api/echo/job", """{"items":["a","bad","c","bad","e"]}""", 202)).Text("job_id");
        await host.Gateway.PostAsync($"/api/queue/jobs/{job}/pause", "", 200);
        await host.Gateway.PostAsync($"/api/queue/jobs/{job}/resume", "", 200);
        await host.Gateway.PostAsync("/api/services/echo/resume", "", 200);
        await host.Gateway.EndOfAsync(job);

        var timeline = await host.Gateway.GetAsync($"/api/jobs/{job}/timeline");

        var steps = timeline.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(
            (3, 2),
            (steps.Sum(step => step.GetProperty("completed").GetInt32()), steps.Sum(step => step.GetProperty("failed").GetInt32())));
        var events = timeline.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(
            ["created", "paused", "resumed", "service_resumed", "started", "ended"], events.Select(one => one.Text("event")));
        Assert.Equal(events.Select(one => one.GetProperty("at").GetDateTimeOffset()).Order(), events.Select(
            one => one.GetProperty("at").GetDateTimeOffset()));
        await host.Gateway.GetAsync($"/api/jobs/{Guid.CreateVersion7()}/timeline", 404);
    }

    [Fact]
    public async Task A_single_task_has_one_step()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = _ => Reply.Json("{}");
        var job = (await host.Gateway.PostAsync("/api/echo/task", """{"item":"a"}""", 202)).Text("job_id");
        await host.Gateway.EndOfAsync(job);

        var step = Assert.Single((await host.Gateway.GetAsync($"/api/jobs/{job}/timeline")).GetProperty("steps").EnumerateArray());
        Assert.Equal((1, 0), (step.GetProperty("completed").GetInt32(), step.GetProperty("failed").GetInt32()));
    }
}
