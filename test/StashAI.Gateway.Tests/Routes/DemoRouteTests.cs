using SkiaSharp;
using StashAI.Gateway.Live.Messages;
using StashAI.Gateway.Routes.Demo;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>The demo routes: real jobs with pictures that need no network.</summary>
public sealed class DemoRouteTests
{
    [Fact]
    public async Task A_demo_job_needs_no_body_and_runs_to_its_end()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync("/api/demo/visage/job", "");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.True(answer.GetProperty("drawings").GetBoolean());
        // Direct mode answers with the results instead of a message.
        if (!GatewayHost.IsDirect) Assert.Contains("no faces will be found", answer.Text("message"), StringComparison.Ordinal);
        Assert.Equal((5, 5), (answer.Whole("expected_tasks"), answer.GetProperty("task_ids").GetArrayLength()));
        Assert.Equal("subscribe_job", answer.GetProperty("websocket_subscription").Text("type"));
        Assert.Equal(("completed", "Demo"), (job.Text("status"), job.Text("job_name")));
        foreach (var task in job.GetProperty("tasks").EnumerateArray())
        {
            using var codec = SKCodec.Create(new MemoryStream(Convert.FromBase64String(task.GetProperty("input_data").Text("image"))));
            Assert.True(codec.Info.Width > 0);
        }
    }

    [Fact]
    public async Task A_demo_task_is_one_picture()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync("/api/demo/visage/task", "");
        await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal("subscribe_task", answer.GetProperty("websocket_subscription").Text("type"));
        Assert.Equal("completed", (await gateway.GetAsync($"/api/queue/status/{answer.Text("task_id")}")).Text("status"));
    }

    [Fact]
    public async Task The_instructions_come_from_the_catalog_of_messages()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var instructions = await gateway.GetAsync("/api/demo/websocket/instructions");

        Assert.StartsWith("ws://127.0.0.1:", instructions.Text("connection_example"), StringComparison.Ordinal);
        var job = instructions.GetProperty("supported_subscriptions").GetProperty("job_progress");
        Assert.Equal(
            ("subscribe_job", "job_progress"),
            (job.GetProperty("subscribe_message").Text("type"), job.GetProperty("update_format").Text("type")));
        Assert.Equal("unsubscribe_task", instructions.GetProperty("unsubscribe_examples").GetProperty("task_updates").Text("type"));
        Assert.Equal(
            LiveCatalog.FromServer.Select(type => type.Name),
            instructions.GetProperty("messages_of_the_server").EnumerateArray().Select(type => type.Text("type")));
    }

    /// <summary>Also with <c>--data ./data</c> and the user's own photos beside it, and in a run of <c>stashai demo</c>.</summary>
    [Theory]
    [InlineData("data", "photos", "holiday.jpg", false)]
    [InlineData("data", "photos", "sample1.jpg", false)]
    [InlineData("run-1", "photos", "sample1.jpg", false)]
    [InlineData("demo/data", "demo/photos", "sample1.jpg", false)]
    [InlineData("data", "data/demo/photos", "holiday.jpg", false)]
    [InlineData("data", "data/demo/photos", "sample1.jpg", true)]
    [InlineData("demo/run-1", "demo/photos", "sample1.jpg", true)]
    [InlineData("demo/run-1/", "demo/photos", "holiday.jpg", false)]
    public async Task Only_the_sample_photos_are_taken(string data, string photos, string file, bool isTaken)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File(data));
        Directory.CreateDirectory(folder.File(photos));
        byte[] own = [1, 2, 3];
        await File.WriteAllBytesAsync(Path.Combine(folder.File(photos), file), own, TestContext.Current.CancellationToken);

        var pictures = await new DemoPictures(folder.File(data)).ReadAsync(3, TestContext.Current.CancellationToken);

        Assert.Equal(3, pictures.Count);
        Assert.All(pictures, picture => Assert.Equal(!isTaken, DemoPictures.IsDrawn(picture.Name)));
        Assert.All(pictures, picture => Assert.Equal(isTaken, picture.Bytes.AsSpan().SequenceEqual(own)));
    }

    [Fact]
    public async Task A_body_may_say_how_many()
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal(3, (await gateway.PostAsync("/api/demo/visage/job", """{"demo_task_count":3}""")).Whole("total_tasks"));
        await gateway.PostAsync("/api/demo/visage/job", """{"demo_task_count":0}""", 422);
        await gateway.PostAsync("/api/demo/visage/job", """{"visage_api_url":"http://169.254.169.254/"}""", 422);
    }
}
