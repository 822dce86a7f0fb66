using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What belongs to a job is shown with the job, not with each of its tasks: answers grow with what they say.</summary>
public sealed class ExplodingAnswerTests
{
    private const int Photos = 60;

    [Theory]
    [InlineData("/api/queue/job/{0}")]
    [InlineData("/api/queue/job/{0}?inputs=ref")]
    [InlineData("/api/queue/tasks?job_id={0}&limit=1000")]
    [InlineData("/api/queue/tasks?limit=1000&inputs=full")]
    [InlineData("/api/queue/job/{0}/results")]
    [InlineData("/api/queue/job/{0}/results?format=ndjson")]
    [InlineData("/api/visage/job/{0}/results")]
    public async Task Each_task_shows_its_own_id_and_nothing_of_the_others(string route)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("{}");
        var job = await SubmitAsync(gateway);

        var text = await gateway.Http.GetStringAsync(string.Format(null, route, job), TestContext.Current.CancellationToken);

        // Twice in the job's configuration, which stands once, and once with the task itself.
        Assert.InRange(text.Split("entity-007").Length - 1, 0, 3);
        Assert.InRange(text.Split("a long note").Length - 1, 0, 1);
        if (!text.StartsWith("{\"tasks\"", StringComparison.Ordinal) && !route.EndsWith('}')) return;
        foreach (var task in JsonDocument.Parse(text).RootElement.GetProperty("tasks").EnumerateArray())
        {
            var input = task.GetProperty("input_data");
            Assert.Equal($"entity-{task.Whole("batch_index"):000}", input.Text("entity_id"));
            Assert.Equal("image", input.Text("entity_type"));
            Assert.Equal("button", input.GetProperty("additional_params").Text("source"));
        }
    }

    [Fact]
    public async Task A_list_of_jobs_shortens_large_configurations_and_the_job_itself_has_all()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("{}");
        var job = await SubmitAsync(gateway);

        var listed = (await gateway.GetAsync("/api/queue/jobs")).GetProperty("jobs")[0];
        var config = listed.GetProperty("job_config");

        Assert.True(listed.GetProperty("job_config_shortened").GetBoolean());
        Assert.Equal(("image", "button"), (config.Text("entity_type"), config.GetProperty("additional_params").Text("source")));
        Assert.InRange(listed.GetRawText().Length, 1, 8000);
        Assert.Equal(
            Photos, (await gateway.GetAsync($"/api/queue/job/{job}")).GetProperty("job_config").GetProperty("entity_ids").GetArrayLength());
    }

    private static async Task<string> SubmitAsync(GatewayHost gateway)
    {
        var photos = string.Join(',', Enumerable.Range(0, Photos).Select(i => $"\"{GatewayHost.Base64($"photo {i}")}\""));
        var ids = string.Join(',', Enumerable.Range(0, Photos).Select(i => $"\"entity-{i:000}\""));
        var note = "a long note " + new string('x', 8000);
        var answer = await gateway.PostAsync("/api/visage/job", $$"""
            {"images":[{{photos}}],"config":{"additional_params":{"source":"button","entity_type":"image","entity_ids":[{{ids}}],"note":"{{note}}"} } }
            """);
        await gateway.EndOfAsync(answer.Text("job_id"));
        return answer.Text("job_id");
    }
}
