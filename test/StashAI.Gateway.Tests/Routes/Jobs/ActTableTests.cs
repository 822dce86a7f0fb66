using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary>
/// The dashboard offers what <c>web/dashboard/src/api/acts.json</c> says of a state. Each of its entries does something on the server, and
/// what is not in it is refused there, or changes nothing. Judging again has tests of its own, because it needs real results.
/// </summary>
public sealed class ActTableTests
{
    private static readonly Lazy<JsonElement> Table = new(Read);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pending")]
    [InlineData("running")]
    [InlineData("completed")]
    [InlineData("partial")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task A_job_in_a_state_takes_what_the_table_says_and_nothing_else(string state)
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var offered = Acts(Table.Value.GetProperty("job").GetProperty(state));

        foreach (var act in (string[])["pause", "cancel", "priority", "retry", "skip", "rerun", "delete", "rematch"])
        {
            var job = await MakeAsync(gateway, state);
            if (act == "rematch" && offered.Contains(act)) continue;
            Assert.True(
                offered.Contains(act) == await DoesAsync(gateway, job, act),
                $"{act} of a {state} job is in the table: {offered.Contains(act)}");
        }
    }

    [Theory]
    [InlineData("scheduled", "pending")]
    [InlineData("running", "running")]
    [InlineData("completed", "completed")]
    [InlineData("failed", "failed")]
    [InlineData("cancelled", "cancelled")]
    public async Task A_task_in_a_state_takes_what_the_table_says_and_nothing_else(string state, string ofJob)
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var offered = Acts(Table.Value.GetProperty("task").GetProperty(state));

        foreach (var (act, path) in ((string, string)[])[("retry", "tasks/{0}/retry"), ("cancel", "queue/cancel/{0}")])
        {
            var job = await MakeAsync(gateway, ofJob);
            var tasks = (await gateway.GetAsync($"/api/jobs/{job}/tasks?state={state}")).GetProperty("data");
            using var answer = await gateway.SendAsync(
                HttpMethod.Post, "/api/" + path.Replace("{0}", tasks[0].Text("id"), StringComparison.Ordinal), "");
            var isDone = answer.IsSuccessStatusCode && (act == "retry" || (await BodyAsync(answer)).GetProperty("cancelled").GetBoolean());
            Assert.True(offered.Contains(act) == isDone, $"{act} of a {state} task is in the table: {offered.Contains(act)}");
        }
    }

    [Fact]
    public void Every_state_that_the_api_has_is_in_the_table()
    {
        var types = File.ReadAllText(Path.Combine(Root(), "web", "client", "src", "generated", "api.ts"));
        foreach (var (name, word) in ((string, string)[])[("job", "JobStatusWord"), ("task", "TaskState")])
        {
            var line = types.Split('\n').First(one => one.TrimStart().StartsWith($"{word}: \"", StringComparison.Ordinal));
            var states = line.Split('"').Where((_, i) => i % 2 == 1);
            Assert.Equal(states.Order(), Table.Value.GetProperty(name).EnumerateObject().Select(state => state.Name).Order());
        }
    }

    private static async Task<GatewayHost> StartAsync()
    {
        var gateway = await GatewayHost.StartAsync(workers: 64);
        gateway.Visage.Script = call => call.Item switch
        {
            "bad" => Reply.Status(400),
            "hold" => Reply.Hang(),
            _ => Reply.Json("""{"data":[[]]}"""),
        };
        return gateway;
    }

    private static async Task<string> MakeAsync(GatewayHost gateway, string state)
    {
        var photos = state switch
        {
            "running" or "cancelled" => "bad hold",
            "partial" => "good bad",
            "failed" => "bad",
            _ => "good",
        };
        var images = string.Join(',', photos.Split(' ').Select(photo => $"\"{GatewayHost.Base64(photo)}\""));
        var config = state == "pending" ? $$"""{"start_at":"{{TimeProvider.System.GetUtcNow().AddDays(1):yyyy-MM-ddTHH:mm:ssZ}}"}""" : "{}";
        var job = (await gateway.PostAsync("/api/visage/job", $$"""{"images":[{{images}}],"config":{{config}} }""", 202)).Text("job_id");
        if (state is "running" or "cancelled")
        {
            using var watch = new FeedWatch(gateway.Feed);
            while (true)
            {
                var changed = watch.Next;
                var tasks = (await gateway.GetAsync($"/api/jobs/{job}")).GetProperty("tasks");
                if (tasks.Whole("failed") == 1 && tasks.Whole("running") == 1) break;
                await changed.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            }
        }

        if (state == "cancelled") await gateway.PostAsync($"/api/queue/cancel/{job}", "", 200);
        if (state is not ("pending" or "running")) await gateway.EndOfAsync(job);
        Assert.Equal(state, (await gateway.GetAsync($"/api/jobs/{job}")).Text("state"));
        return job;
    }

    /// <summary>Whether the act changes something.</summary>
    private static async Task<bool> DoesAsync(GatewayHost gateway, string job, string act)
    {
        var (method, path, body) = act switch
        {
            "pause" => (HttpMethod.Post, $"queue/jobs/{job}/pause", ""),
            "cancel" => (HttpMethod.Post, $"queue/cancel/{job}", ""),
            "priority" => (HttpMethod.Patch, $"jobs/{job}", """{"priority":7}"""),
            "retry" => (HttpMethod.Post, $"queue/retry/{job}", """{"only":"failed"}"""),
            "skip" => (HttpMethod.Post, $"jobs/{job}/failures/{await FingerprintAsync(gateway, job)}/skip", ""),
            "rerun" => (HttpMethod.Post, $"jobs/{job}/rerun", "{}"),
            "rematch" => (HttpMethod.Post, $"jobs/{job}/rematch", ""),
            _ => (HttpMethod.Delete, $"jobs/{job}", (string?)null),
        };
        using var answer = await gateway.SendAsync(method, "/api/" + path, body);
        Assert.True((int)answer.StatusCode is >= 200 and < 300 or 404 or 409, $"{act}: {answer.StatusCode}");
        if (!answer.IsSuccessStatusCode) return false;
        return act switch
        {
            "pause" => (await BodyAsync(answer)).GetProperty("paused").GetBoolean(),
            "cancel" => (await BodyAsync(answer)).GetProperty("cancelled").GetBoolean(),
            "retry" => (await BodyAsync(answer)).GetProperty("retried").GetBoolean(),
            // A job that is over may be given another priority, which says nothing until it is retried.
            "priority" => (await gateway.GetAsync($"/api/jobs/{job}")).Text("state") is "pending" or "running",
            _ => true,
        };
    }

    private static async Task<string> FingerprintAsync(GatewayHost gateway, string job)
    {
        var groups = (await gateway.GetAsync($"/api/jobs/{job}/failures")).GetProperty("data");
        return groups.GetArrayLength() > 0 ? groups[0].Text("fingerprint") : "0123456789abcdef";
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) =>
        JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancellation));

    private static HashSet<string> Acts(JsonElement list) => [.. list.EnumerateArray().Select(act => act.GetString()!)];

    private static JsonElement Read() => JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Path.Combine(Root(), "web", "dashboard", "src", "api", "acts.json")));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "StashAI.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
