using System.Text.Json;
using StashAI.Gateway.Tests.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary><c>POST /api/tasks/{id}/retry</c>.</summary>
public sealed class TaskRetryTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        operations:
          go:
            item: {type: object, properties: {text: {type: string, required: true, min_length: 2}}}
            request: {path: /x, json: {q: "{{ item.text }}"}}
        """;

    [Fact]
    public async Task A_failed_task_runs_again_with_an_edited_input_and_the_first_one_is_shown()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => call.Text.Contains("bad", StringComparison.Ordinal) ? Reply.Status(400, "no") : Reply.Json("{}");
        var job = (await host.Gateway.PostAsync("/api/echo/job", """{"items":[{"text":"bad"},{"text":"good"}]}""", (int)GatewayHost.Taken))
            .Text("job_id");
        await host.Gateway.EndOfAsync(job);
        var tasks = (await host.Gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data").EnumerateArray()
            .Select(task => task.Text("id")).ToList();

        await host.Gateway.PostAsync($"/api/tasks/{tasks[0]}/retry", """{"input":{"text":"x"}}""", 422);
        await host.Gateway.PostAsync($"/api/tasks/{tasks[0]}/retry", """{"inputs":{"text":"mended"}}""", 422);
        Assert.False((await host.Gateway.GetAsync($"/api/tasks/{tasks[0]}")).Has("first_input"));
        var answer = await host.Gateway.PostAsync($"/api/tasks/{tasks[0]}/retry", """{"input":{"text":"mended"}}""", 200);
        await host.Gateway.EndOfAsync(job);

        Assert.Equal(tasks[0], answer.Text("id"));
        var task = await host.Gateway.GetAsync($"/api/tasks/{tasks[0]}");
        Assert.Equal("completed", task.Text("state"));
        Assert.Equal(
            ("mended", "bad"),
            (task.GetProperty("input_data").GetProperty("item").Text("text"), task.GetProperty("first_input").Text("text")));
        Assert.Equal("mended", JsonDocument.Parse(host.Calls[^1].Text).RootElement.Text("q"));
        await host.Gateway.PostAsync($"/api/tasks/{tasks[1]}/retry", "", 409);
        await host.Gateway.PostAsync($"/api/tasks/{Guid.CreateVersion7()}/retry", "", 404);
    }

    [Fact]
    public async Task A_photo_runs_again_as_it_is_and_cannot_be_edited()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Status(400, "no");
        var job = (await gateway.PostAsync(
            "/api/visage/job", $$"""{"images":["{{GatewayHost.Base64("a")}}"]}""", (int)GatewayHost.Taken)).Text("job_id");
        await gateway.EndOfAsync(job);
        var task = (await gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data")[0].Text("id");
        gateway.Visage.Script = _ => Reply.Json("{}");

        Assert.Equal("input", (await gateway.PostAsync($"/api/tasks/{task}/retry", """{"input":{}}""", 422)).FirstError().Text("field"));
        await gateway.PostAsync($"/api/tasks/{task}/retry", "", 200);

        Assert.Equal("completed", (await gateway.EndOfAsync(job)).Text("status"));
    }
}
