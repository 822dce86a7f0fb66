using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Live;

/// <summary>`GET /api/events`.</summary>
public sealed class EventStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_and_its_task_are_followed_to_their_end()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{\n\"data\":\r\n[1]}"));
        var job = await gateway.SubmitAsync("x");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        var task = (await gateway.GetAsync($"/api/queue/job/{job}")).GetProperty("task_ids")[0].GetString()!;
        using var events = await EventReader.OpenAsync(gateway.Http, $"/api/events?job_id={job}&task_id={task}&queue_stats=1");

        var running = await events.UntilAsync("job_progress", data => data.Text("status") == "running");
        await events.UntilAsync("queue_stats", data => data.GetProperty("data").Whole("running") == 1);
        gate.Open();
        var ended = new Dictionary<string, JsonElement>();
        while (ended.Count < 2)
        {
            var (name, data) = await events.NextAsync();
            if (data.Has("status") && data.Text("status") == "completed") ended[name] = data;
        }

        Assert.Equal(job, running.Text("job_id"));
        Assert.Equal("text/event-stream", events.ContentType);
        Assert.Equal("3000", events.Retry);
        Assert.Equal(1, ended["task_status"].GetProperty("output_json").GetProperty("data")[0].GetInt32());
    }

    [Fact]
    public async Task A_stream_that_is_opened_late_begins_with_the_end_in_the_dialect_that_it_asks_for()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));
        var task = job.GetProperty("tasks")[0].Text("task_id");
        using var events = await EventReader.OpenAsync(gateway.Http, $"/api/events?dialect=plugin&task_id={task},{task}");

        var (name, data) = await events.NextAsync();

        Assert.Equal("task_status", name);
        Assert.Equal("finished", data.Text("status"));
    }

    [Theory]
    [InlineData("/api/events", 400)]
    [InlineData("/api/events?job_id=", 400)]
    [InlineData("/api/events?queue_stats=0", 400)]
    [InlineData("/api/events?queue_stats=perhaps", 422)]
    [InlineData("/api/events?job_id=nonsense", 404)]
    [InlineData("/api/events?task_id=0190b7a8-0000-7000-8000-000000000001", 404)]
    [InlineData("/api/events?queue_stats=1&dialect=latin", 422)]
    public async Task What_cannot_be_followed_is_a_problem(string path, int status)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var problem = await gateway.GetAsync(path, status);

        Assert.NotEmpty(problem.Text("detail"));
    }

    [Fact]
    public async Task Interactions_come_to_those_who_ask_for_them()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var events = await EventReader.OpenAsync(gateway.Http, "/api/events?interactions=1&queue_stats=1");
        await events.UntilAsync("queue_stats", _ => true); // it has begun

        gateway.Services.GetRequiredService<LiveHub>().Publish("any", """{"a":1}"""u8.ToArray());

        Assert.Equal(1, (await events.UntilAsync("new_interaction", _ => true)).GetProperty("data").Whole("a"));
    }

    [Fact]
    public async Task A_quiet_stream_gets_comments()
    {
        await using var gateway = await GatewayHost.StartAsync(
            configure: builder => builder.Services.AddSingleton(new LiveLimits { Heartbeat = TimeSpan.FromMilliseconds(20) }));
        using var events = await EventReader.OpenAsync(gateway.Http, "/api/events?interactions=1");

        Assert.Equal(": alive", await events.CommentAsync());
    }

    [Fact]
    public async Task A_stopping_server_ends_its_streams()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var events = await EventReader.OpenAsync(gateway.Http, "/api/events?interactions=1");

        await gateway.StopAsync();

        Assert.True(await events.IsOverAsync());
        Assert.Empty(gateway.Errors.Lines);
    }

    [Fact]
    public async Task A_stream_that_is_not_read_holds_nobody_up_and_its_end_is_noticed()
    {
        const int Tasks = 100;
        await using var gateway = await GatewayHost.StartAsync(workers: 8);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json($"\"{new string('x', 100_000)}\""));
        var job = await gateway.SubmitAsync([.. Enumerable.Range(0, Tasks).Select(i => $"{i}")]);
        var ids = string.Join(
            ',',
            (await gateway.GetAsync($"/api/queue/job/{job}?inputs=none")).GetProperty("task_ids").EnumerateArray()
                .Select(id => id.GetString()));
        using var slow = await EventReader.OpenAsync(gateway.Http, $"/api/events?job_id={job}&task_id={ids}");
        using var quick = await EventReader.OpenAsync(gateway.Http, $"/api/events?job_id={job}&task_id={ids}");

        gate.Open();
        foreach (var reader in (EventReader[])[quick, slow])
        {
            var ended = new HashSet<string>();
            while (ended.Count < Tasks + 1)
            {
                var (name, data) = await reader.NextAsync();
                if (data.Text("status") == "completed") ended.Add(data.Text(name == "task_status" ? "task_id" : "job_id"));
            }
        }
    }
}
