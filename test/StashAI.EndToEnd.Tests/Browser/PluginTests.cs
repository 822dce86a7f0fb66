using System.Text.Json;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>
/// What the Stash plugin asks for, from a page of another origin in a real browser, with its own deadlines and a thousand jobs in the
/// database. The page's script gives up where the plugin would.
/// </summary>
public sealed class PluginTests(Chromium chromium)
{
    private const string Visage = "http://localhost:9997/api/predict_1";
    private const string Answer =
        """{"data":[[{"image":"/9j/","confidence":0.99,"performers":[{"id":"1","name":"Ann","confidence":87,"image":"","country":"","hits":1,"distance":87.0,"performer_url":""}]}]]}""";

    private static readonly string[] Pictures = [.. Enumerable.Range(0, 5).Select(number => Picture($"{number}"))];

    [Fact]
    public async Task It_works_from_a_page_of_another_origin_within_its_deadlines()
    {
        await using var browser = await chromium.OpenAsync();
        await using var gateway = await ServedGateway.StartAsync(prepare: PluginHistory.MakeAsync, settings: ("LOG_LEVEL", "debug"));
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Item.Contains("held", StringComparison.Ordinal)
            ? Reply.Hold(gate, Reply.Json(Answer))
            : Reply.Json(Answer);
        await using var site = await ForeignSite.StartAsync("127.0.0.2", Repository.Read("test/StashAI.EndToEnd.Tests/Browser/plugin.js"));
        var plugin = new PluginPage(browser.Page, gateway.Process.Url);
        await browser.Page.GotoAsync(site.Url);

        Assert.Equal("healthy", (await plugin.AskAsync("discover")).GetProperty("status").GetString());
        AssertHealth(await plugin.AskAsync("test"));
        AssertSuite(await plugin.AskAsync("suite"));
        AssertHistory(await plugin.AskAsync("history"), ["completed", "partial"]);
        AssertHistory(await plugin.AskAsync("history", "completed"), ["completed"]);
        AssertHistory(await plugin.AskAsync("history", "partial"), ["partial"]);
        Assert.Empty((await plugin.AskAsync("history", "failed")).EnumerateArray());

        var task = (await plugin.AskAsync("image", Visage, Pictures[0])).GetProperty("task_id").GetString()!;
        Assert.True((await plugin.AskAsync("imageOfEndpoints", Visage, Pictures[1])).TryGetProperty("task_id", out _));
        var job = (await plugin.AskAsync("images", Visage, Pictures)).GetProperty("job_id").GetString()!;
        AssertTracked(await plugin.AskAsync("track", job, task), job, task);
        AssertTracked(await plugin.AskAsync("track", job, task), job, task); // once it is over the present state comes at once
        AssertJob(await plugin.AskAsync("job", job));
        AssertTask(await plugin.AskAsync("task", task));
        var newest = (await plugin.AskAsync("suite")).GetProperty("jobs").EnumerateArray()
            .Select(one => one.GetProperty("job_name").GetString()!);
        Assert.Equal(["Multi-Select Batch: 5 images", "Face Analysis: Image | 42", "Face Analysis: Image | 42"], newest);
        var scene = await plugin.AskAsync("scene", Visage);
        Assert.Equal(422, scene.GetProperty("status").GetInt32());
        Assert.Contains("picture", scene.GetProperty("body").GetProperty("detail").GetString(), StringComparison.Ordinal);

        var held = (await plugin.AskAsync("images", Visage, Enumerable.Repeat(Picture("held"), 6))).GetProperty("job_id").GetString()!;
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(4, TestContext.Current.CancellationToken);
        Assert.Equal(6, (await plugin.AskAsync("cancel", held)).GetArrayLength());
        Assert.Equal("cancelled", (await gateway.EndOfAsync(held)).GetProperty("status").GetString());

        Assert.Equal(20, (await plugin.AskAsync("tasks")).GetProperty("tasks").GetArrayLength());
        Assert.True((await plugin.AskAsync("stats")).GetProperty("total_tasks").GetInt64() >= PluginHistory.Jobs * PluginHistory.Pictures);
        foreach (var preflight in (string[])["OPTIONS /health", "OPTIONS /api/visage/job", "OPTIONS /api/queue/cancel/"])
            Assert.Contains(gateway.Process.StandardError, line => line.Contains(preflight, StringComparison.Ordinal));
        // the scene without a picture
        Assert.All(browser.Complaints, complaint => Assert.Contains("422", complaint, StringComparison.Ordinal));
    }

    private static void AssertHealth(JsonElement health)
    {
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal("connected", health.GetProperty("database").GetString());
        Assert.NotEmpty(health.GetProperty("version").GetString()!);
        Assert.EndsWith("Z", health.GetProperty("timestamp").GetString(), StringComparison.Ordinal);
        var queue = health.GetProperty("queue");
        Assert.True(queue.GetProperty("queue_healthy").GetBoolean());
        Assert.True(queue.GetProperty("manager_healthy").GetBoolean());
        Assert.True(queue.GetProperty("queue_enabled").GetBoolean());
        Assert.False(queue.GetProperty("direct_mode").GetBoolean());
    }

    private static void AssertSuite(JsonElement page)
    {
        var jobs = page.GetProperty("jobs").EnumerateArray().ToList();
        Assert.Equal(3, jobs.Count);
        Assert.All(jobs, job =>
        {
            Assert.Equal(JsonValueKind.String, job.GetProperty("job_id").ValueKind);
            Assert.Equal("visage", job.GetProperty("adapter_name").GetString());
            Assert.StartsWith("Gallery Batch", job.GetProperty("job_name").GetString(), StringComparison.Ordinal);
            Assert.Equal(
                PluginHistory.Pictures, job.GetProperty("completed_tasks").GetInt32() + job.GetProperty("failed_tasks").GetInt32());
        });
    }

    private static void AssertHistory(JsonElement jobs, string[] statuses)
    {
        Assert.Equal(50, jobs.GetArrayLength());
        Assert.Equal(statuses, jobs.EnumerateArray().Select(job => job.GetProperty("status").GetString()!).Distinct().Order());
        Assert.All(jobs.EnumerateArray(), job =>
        {
            Assert.Equal(PluginHistory.Pictures, job.GetProperty("tasks").GetInt32());
            Assert.Equal(PluginHistory.Pictures, job.GetProperty("pictures").GetInt32());
            Assert.True(job.GetProperty("inOrder").GetBoolean());
            Assert.Equal("gallery", job.GetProperty("entity").GetString());
            var failed = job.GetProperty("status").GetString() == "partial" ? 1 : 0;
            Assert.Equal(PluginHistory.Pictures - failed, job.GetProperty("names").GetInt32());
            Assert.Equal(
                failed == 1 ? ["failed", "finished"] : ["finished"],
                job.GetProperty("statuses").EnumerateArray().Select(status => status.GetString()!));
        });
    }

    private static void AssertTracked(JsonElement messages, string job, string task)
    {
        var known = messages.EnumerateArray().Select(message => message.GetProperty("type").GetString()!).Distinct();
        Assert.Subset(
            new HashSet<string>(["connection_established", "subscription_confirmed", "task_status", "job_progress"]), known.ToHashSet());
        var ended = messages.EnumerateArray().Last(message => message.GetProperty("type").GetString() == "task_status");
        Assert.Equal((task, "finished"), (ended.GetProperty("task_id").GetString(), ended.GetProperty("status").GetString()));
        Assert.Equal(JsonValueKind.Object, ended.GetProperty("output_json").ValueKind);
        var over = messages.EnumerateArray().Last(message => message.GetProperty("type").GetString() == "job_progress");
        Assert.Equal((job, "completed"), (over.GetProperty("job_id").GetString(), over.GetProperty("status").GetString()));
        Assert.Equal(100, over.GetProperty("progress_percentage").GetDouble());
        Assert.Equal(
            (5, 5, 0),
            (
                over.GetProperty("total_tasks").GetInt32(),
                over.GetProperty("completed_tasks").GetInt32(),
                over.GetProperty("failed_tasks").GetInt32()));
    }

    private static void AssertJob(JsonElement job)
    {
        Assert.Equal("Multi-Select Batch: 5 images", job.GetProperty("job_name").GetString());
        Assert.Equal("visage", job.GetProperty("adapter_name").GetString());
        Assert.Equal(
            Pictures,
            job.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("input_data").GetProperty("image").GetString()!));
    }

    private static void AssertTask(JsonElement task)
    {
        Assert.Equal("finished", task.GetProperty("status").GetString());
        Assert.Equal("42", task.GetProperty("input_data").GetProperty("image_id").GetString());
        var person = task.GetProperty("output_json").GetProperty("data")[0][0].GetProperty("performers")[0];
        Assert.Equal(("Ann", 87), (person.GetProperty("name").GetString(), person.GetProperty("confidence").GetDouble()));
    }

    /// <summary>Base64 of bytes that begin like a JPEG.</summary>
    private static string Picture(string text) =>
        Convert.ToBase64String([0xFF, 0xD8, 0xFF, 0xE0, .. System.Text.Encoding.UTF8.GetBytes(text)]);
}
