using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>
/// A route for one item makes a job of one task, which lists show like any other: the Stash plugin finds its results there alone.
/// </summary>
public sealed class SingleTaskTests
{
    public static TheoryData<string, string> NamedBodies => new()
    {
        { """{"image_data":{"stash_image_id":"42","image_base64":"@","stash_image_title":"Beach"}}""", "Face Analysis: Image | 42" },
        { """{"image":"@","config":{"additional_params":{"stash_image_id":"77"}}}""", "Face Analysis: Image | 77" },
        { """{"image":"@","scene_id":"9"}""", "Face Analysis: Scene | 9" },
        { """{"image":"@","image_id":"5","additional_params":{"entity_type":"gallery","gallery_id":"4"}}""", "Face Analysis: Gallery | 4" },
        { """{"image":"@","additional_params":{"entity_type":"performer","entity_id":"3"}}""", "Face Analysis: Performer | 3" },
        { """{"image":"@"}""", "Face Analysis: Single Analysis" },
        { """{"image_data":{"stash_image_id":"42","image_base64":"@"},"config":{"job_name":"Mine"}}""", "Mine" },
    };

    [Theory]
    [MemberData(nameof(NamedBodies))]
    public async Task A_photo_of_its_own_is_listed_as_a_job_and_read_as_the_plugin_reads_it(string body, string name)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");

        var answer = await gateway.PostAsync(
            "/api/visage/task", body.Replace("@", GatewayHost.Base64("a photo"), StringComparison.Ordinal));
        await gateway.EndOfAsync(answer.Text("job_id"));

        var listed = Assert.Single((await gateway.GetAsync("/api/queue/jobs?limit=3&include_completed=true&include_partial=true"))
            .GetProperty("jobs").EnumerateArray());
        Assert.Equal((answer.Text("job_id"), name, "visage", "completed", 1, 1, 0), (
            listed.Text("job_id"), listed.Text("job_name"), listed.Text("adapter_name"), listed.Text("status"),
            listed.Whole("total_tasks"), listed.Whole("completed_tasks"), listed.Whole("failed_tasks")));
        var job = await gateway.GetAsync($"/api/queue/job/{listed.Text("job_id")}");
        var task = Assert.Single(job.GetProperty("tasks").EnumerateArray());
        Assert.Equal((answer.Text("task_id"), "finished", name), (task.Text("task_id"), task.Text("status"), job.Text("job_name")));
        Assert.Equal("""{"data":[[]]}""", task.GetProperty("output_json").GetRawText());
        Assert.Equal(GatewayHost.Base64("a photo"), task.GetProperty("input_data").Text("image"));
    }

    [Theory]
    [InlineData("/api/interactions/task", """{"session_id":"s1","action_type":"click","page_path":"/"}""", "interactions")]
    [InlineData("/api/sessions/task", """{"session_id":"s1"}""", "sessions")]
    public async Task So_is_a_task_of_another_service(string path, string body, string service)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(path, body);

        var listed = Assert.Single((await gateway.GetAsync("/api/queue/jobs")).GetProperty("jobs").EnumerateArray());
        Assert.Equal((answer.Text("job_id"), $"{service}: single task"), (listed.Text("job_id"), listed.Text("job_name")));
    }

    [Fact]
    public async Task Filters_and_counts_know_them_and_one_filter_leaves_them_out()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(422, "no picture") : Reply.Json("{}");
        foreach (var photo in (string[])["good", "bad", "good"])
        {
            await gateway.EndOfAsync(
                (await gateway.PostAsync("/api/visage/task", $$"""{"image":"{{GatewayHost.Base64(photo)}}"}""")).Text("job_id"));
            await gateway.EndOfAsync(await gateway.SubmitAsync(photo));
        }

        foreach (var (query, expected) in new[]
        {
            ("", 6), ("status=failed", 2), ("status=completed&adapter_name=visage", 4), ("adapter_name=sessions", 0),
            ("include_single=false", 3),
            ("include_single=false&status=completed", 2),
            ("include_single=false&adapter_name=visage&status=failed,completed", 3),
        })
        {
            var page = await gateway.GetAsync($"/api/queue/jobs?{query}");
            Assert.Equal((query, expected, expected), (query, page.GetProperty("jobs").GetArrayLength(), page.Whole("total_count")));
        }

        Assert.Equal(6, (await gateway.GetAsync("/api/queue/stats")).GetProperty("jobs").Whole("total"));
    }

    [Fact]
    public async Task Direct_mode_lists_it_too()
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["QUEUE_ENABLED"] = "false" });

        var answer = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image_id":"8","image_data":"{{GatewayHost.Base64("one")}}"}""", 200);

        Assert.Equal("Face Analysis: Image | 8", answer.Text("job_name"));
        Assert.Equal(
            [answer.Text("job_id")],
            (await gateway.GetAsync("/api/queue/jobs")).GetProperty("jobs").EnumerateArray().Select(job => job.Text("job_id")));
    }
}
