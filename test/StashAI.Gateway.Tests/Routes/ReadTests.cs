using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What clients read about jobs and tasks.</summary>
public sealed partial class ReadTests
{
    /// <summary>A filter, and the states that it lets through.</summary>
    private static readonly (string Filter, string Expected)[] Filters =
    [
        ("completed", "completed"), ("finished", "completed"), ("FINISHED", "completed"), ("partial", "partial"), ("failed", "failed"),
        ("error", "failed"), ("cancelled", "cancelled"), ("canceled", "cancelled"), ("running", "running"), ("processing", "running"),
        ("pending", "pending"), ("queued", "pending"), ("failed,cancelled", "cancelled,failed"),
        ("failed&status=cancelled", "cancelled,failed"),
        ("completed&adapter_name=visage", "completed"),
        ("completed&adapter_name=other", ""),
        ("", "cancelled,completed,failed,partial,pending,running"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("limit=2", new[] { 0, 1 }, true)]
    [InlineData("limit=2&offset=3", new[] { 3, 4 }, false)]
    [InlineData("offset=4", new[] { 4 }, false)]
    [InlineData("limit=0", new int[0], true)]
    [InlineData("offset=9", new int[0], false)]
    [InlineData("", new[] { 0, 1, 2, 3, 4 }, null)]
    public async Task A_job_shows_a_page_of_its_tasks_where_one_is_asked_for(string query, int[] places, bool? hasMore)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var jobId = await gateway.SubmitAsync("a", "b", "c", "d", "e");
        await gateway.EndOfAsync(jobId);

        var job = await gateway.GetAsync($"/api/queue/job/{jobId}?{query}");

        Assert.Equal(places, job.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("input_data").Whole("batch_index")));
        Assert.Equal(5, job.Whole("total_tasks"));
        if (hasMore is { } more) Assert.Equal(more, job.GetProperty("has_more").GetBoolean());
        else Assert.False(job.Has("has_more"));
    }

    [Fact]
    public async Task A_running_job_shows_its_numbers()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Item switch
        {
            "bad" => Reply.Status(400),
            "held" => Reply.Hold(gate, Reply.Json("{}")),
            _ => Reply.Json("""{"data":[]}"""),
        };

        var jobId = await gateway.SubmitAsync("good", "bad", "good", "held", "held");
        await gateway.Visage.Ledger.WaitForCallsAsync(4, Cancellation);
        var job = await UntilAsync(gateway, jobId, job => job.Whole("completed_tasks") == 2 && job.Whole("failed_tasks") == 1);

        Assert.Equal("job", job.Text("kind"));
        Assert.Equal("running", job.Text("status"));
        Assert.Equal("running", job.Text("state"));
        Assert.Equal(40.0, job.Number("progress"));
        Assert.Equal(40.0, job.Number("progress_percentage"));
        Assert.Equal(60.0, job.Number("processed_percentage"));
        Assert.Equal(["completed", "failed", "completed"], job.GetProperty("results").EnumerateArray().Select(task => task.Text("status")));
        gate.Open();
        var end = await gateway.EndOfAsync(jobId);
        Assert.Equal("partial", end.Text("status"));
        Assert.Equal(80.0, end.Number("progress_percentage"));
        Assert.Equal(100.0, end.Number("processed_percentage"));
        Assert.True(end.Number("version") > job.Number("version"));
    }

    [Fact]
    public async Task The_end_of_a_job_is_named_after_what_became_of_its_tasks()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400) : Reply.Json("{}");

        Assert.Equal("completed", (await gateway.EndOfAsync(await gateway.SubmitAsync("a", "b"))).Text("status"));
        Assert.Equal("partial", (await gateway.EndOfAsync(await gateway.SubmitAsync("a", "bad"))).Text("status"));
        Assert.Equal("failed", (await gateway.EndOfAsync(await gateway.SubmitAsync("bad", "bad"))).Text("status"));
    }

    [Fact]
    public async Task The_dialect_follows_the_route_the_query_and_the_header()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));
        var taskId = job.GetProperty("tasks")[0].Text("task_id");

        Assert.Equal("finished", job.GetProperty("tasks")[0].Text("status"));
        Assert.Equal("completed", job.GetProperty("tasks")[0].Text("state"));
        Assert.Equal("completed", job.Text("status"));
        Assert.Equal("finished", (await gateway.GetAsync($"/api/queue/task/{taskId}")).Text("status"));
        Assert.Equal("completed", (await gateway.GetAsync($"/api/queue/task/{taskId}?dialect=default")).Text("status"));
        Assert.Equal("completed", (await gateway.GetAsync($"/api/queue/status/{taskId}")).Text("status"));
        Assert.Equal("finished", (await gateway.GetAsync($"/api/queue/status/{taskId}?dialect=plugin")).Text("status"));
        using var request =
            new HttpRequestMessage(HttpMethod.Get, $"/api/queue/status/{taskId}") { Headers = { { "StashAI-Dialect", "plugin" } } };
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        Assert.Contains("\"status\":\"finished\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("dialect", (await gateway.GetAsync($"/api/queue/status/{taskId}?dialect=klingon", 422)).FirstError().Text("field"));
    }

    [Fact]
    public async Task A_task_shows_its_progress_and_names()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var task = await gateway.RunOneAsync();

        var status = await gateway.GetAsync($"/api/queue/status/{task.Text("task_id")}");

        Assert.Equal("task", status.Text("kind"));
        Assert.Equal("visage", status.Text("adapter_name"));
        Assert.Equal("face_identify", status.Text("task_type"));
        Assert.Equal(100, status.GetProperty("progress").Number("percent"));
        Assert.Equal(1, status.GetProperty("progress").Whole("attempt"));
        Assert.Equal(4, status.GetProperty("progress").Whole("max_attempts"));
        Assert.Equal("done", status.GetProperty("progress").Text("stage"));
        Assert.True(status.Number("processing_time_ms") >= 0);
        Assert.True(status.IsNull("error_message"));
    }

    [Fact]
    public async Task Times_are_utc_with_a_z()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));
        var task = job.GetProperty("tasks")[0];

        foreach (var name in (string[])["created_at", "started_at", "completed_at", "updated_at"]) Assert.Matches(Time(), job.Text(name));
        foreach (var name in (string[])["created_at", "started_at", "finished_at"]) Assert.Matches(Time(), task.Text(name));
        Assert.True(string.CompareOrdinal(job.Text("created_at"), job.Text("started_at")) <= 0);
        Assert.True(string.CompareOrdinal(job.Text("started_at"), job.Text("completed_at")) <= 0);
    }

    [Fact]
    public async Task A_waiting_job_is_pending()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        gateway.Visage.Script = _ => Reply.Hang();
        await gateway.SubmitAsync("blocks the only worker");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        var jobId = await gateway.SubmitAsync("waits");
        var job = await gateway.GetAsync($"/api/queue/status/{jobId}");

        Assert.Equal("pending", job.Text("status"));
        Assert.Equal(0.0, job.Number("progress"));
        Assert.True(job.IsNull("started_at"));
        Assert.Empty(job.GetProperty("results").EnumerateArray());
    }

    [Theory]
    [InlineData("status/%")]
    [InlineData("job/%")]
    [InlineData("task/%")]
    [InlineData("task/%/input/image")]
    public async Task An_unknown_or_malformed_id_is_not_found(string route)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var jobId = await gateway.SubmitAsync("x");
        var beyond = (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("task_ids")[0].GetString()![..^1] + "9";

        foreach (var id in (string[])[
            beyond, Guid.CreateVersion7().ToString(), Guid.Empty.ToString(), "x", "1", "-1", "00000000", "%F0%9F%98%80", "..%2f..",
            new string('a', 2000)])
        {
            var problem = await gateway.GetAsync($"/api/queue/{route.Replace("%", id, StringComparison.Ordinal)}", 404);
            Assert.Equal("urn:stashai:problem:not-found", problem.Text("type"));
        }
    }

    [Fact]
    public async Task An_id_of_the_other_kind_is_not_found()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));

        await gateway.GetAsync($"/api/queue/task/{job.Text("job_id")}", 404);
        await gateway.GetAsync($"/api/queue/job/{job.GetProperty("tasks")[0].Text("task_id")}", 404);
        await gateway.GetAsync($"/api/queue/task/{job.GetProperty("tasks")[0].Text("task_id")}/input/other", 404);
    }

    [Fact]
    public async Task A_jobs_tasks_come_in_the_order_of_the_photos()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync(workers: 16);
        var photos = Enumerable.Range(0, 1203).Select(i => $"photo {i}").ToArray();

        var job = await gateway.EndOfAsync(await gateway.SubmitAsync(photos));

        Assert.True(job.IsNull("task_ids"));
        Assert.Equal(Enumerable.Range(0, 1203), job.GetProperty("tasks").EnumerateArray().Select(task => task.Whole("batch_index")));
        Assert.Equal(
            photos,
            job.GetProperty("tasks").EnumerateArray()
                .Select(task => Encoding.UTF8.GetString(Convert.FromBase64String(task.GetProperty("input_data").Text("image")))));
        Assert.Equal(1203, gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task Results_come_page_by_page()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 16);
        gateway.Visage.Script = call => Reply.Json($"\"{call.Item}\"");
        var jobId = await gateway.SubmitAsync([.. Enumerable.Range(0, 250).Select(i => $"{i}")]);
        await gateway.EndOfAsync(jobId);

        var seen = new List<string>();
        int? offset = 0;
        while (offset is { } from)
        {
            var page = await gateway.GetAsync($"/api/queue/status/{jobId}?offset={from}&limit=99");
            seen.AddRange(page.GetProperty("results").EnumerateArray().Select(task => task.Text("output_json")));
            offset = page.IsNull("results_next_offset") ? null : page.Whole("results_next_offset");
        }

        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"{i}"), seen);
        Assert.Equal(0, (await gateway.GetAsync($"/api/queue/status/{jobId}?limit=0")).GetProperty("results").GetArrayLength());
        Assert.Equal(0, (await gateway.GetAsync($"/api/queue/status/{jobId}?offset=2000000000")).GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Inputs_come_in_full_as_references_or_not_at_all()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var jobId = await gateway.SubmitAsync("the photo");
        await gateway.EndOfAsync(jobId);

        var full = (await gateway.GetAsync($"/api/queue/job/{jobId}?inputs=full")).GetProperty("tasks")[0].GetProperty("input_data");
        var reference = (await gateway.GetAsync($"/api/queue/job/{jobId}?inputs=ref")).GetProperty("tasks")[0].GetProperty("input_data");
        var none = (await gateway.GetAsync($"/api/queue/job/{jobId}?inputs=none")).GetProperty("tasks")[0];

        Assert.Equal(GatewayHost.Base64("the photo"), full.Text("image"));
        Assert.False(reference.Has("image"));
        Assert.False(none.Has("input_data"));
        Assert.Equal("inputs", (await gateway.GetAsync($"/api/queue/job/{jobId}?inputs=some", 422)).FirstError().Text("field"));
        using var download = await gateway.Http.GetAsync(reference.Text("input_url"), Cancellation);
        Assert.Equal("the photo", await download.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/octet-stream", download.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["nosniff"], download.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Large_inputs_are_references_unless_asked_for()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var photo = new byte[17 << 20];
        Random.Shared.NextBytes(photo);
        using var body = new StringContent($$"""{"images":["{{Convert.ToBase64String(photo)}}","{{Convert.ToBase64String(photo)}}"]}""");
        using var submitted = await gateway.Http.PostAsync("/api/visage/job", body, Cancellation);
        using var json = JsonDocument.Parse(await submitted.Content.ReadAsStringAsync(Cancellation));
        var jobId = json.RootElement.Text("job_id");

        var job = await gateway.GetAsync($"/api/queue/job/{jobId}");
        var full = await gateway.GetAsync($"/api/queue/job/{jobId}?inputs=full");

        Assert.False(job.GetProperty("tasks")[0].GetProperty("input_data").Has("image"));
        Assert.Equal(photo, full.GetProperty("tasks")[1].GetProperty("input_data").GetProperty("image").GetBytesFromBase64());
        Assert.Equal(
            photo,
            await gateway.Http.GetByteArrayAsync(job.GetProperty("tasks")[0].GetProperty("input_data").Text("input_url"), Cancellation));
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_in_pages()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await gateway.SubmitAsync("x"));
        ids.Reverse();

        var first = await gateway.GetAsync("/api/queue/jobs?limit=3&include_completed=true&include_partial=true");
        var second = await gateway.GetAsync("/api/queue/jobs?limit=3&offset=3");

        Assert.Equal(ids[..3], first.GetProperty("jobs").EnumerateArray().Select(job => job.Text("job_id")));
        Assert.Equal(ids[3..], second.GetProperty("jobs").EnumerateArray().Select(job => job.Text("job_id")));
        Assert.True(first.GetProperty("has_more").GetBoolean());
        Assert.False(second.GetProperty("has_more").GetBoolean());
        Assert.Equal(5, first.Whole("total_count"));
        Assert.Equal(3, first.Whole("limit"));
        Assert.Equal(3, second.Whole("offset"));
    }

    [Fact]
    public async Task Jobs_are_filtered_by_every_word_for_a_state()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync(new() { ["TRUST_LAN"] = "true" });
        await using var busy = await ScriptedService.StartAsync(Cancellation);
        busy.Script = _ => Reply.Status(429, retryAfter: TimeSpan.FromHours(1));
        gateway.Visage.Script = call => call.Item switch
        {
            "bad" => Reply.Status(400),
            "held" => Reply.Hang(),
            _ => Reply.Json("{}"),
        };
        await gateway.EndOfAsync(await gateway.SubmitAsync("good"));
        await gateway.EndOfAsync(await gateway.SubmitAsync("good", "bad"));
        await gateway.EndOfAsync(await gateway.SubmitAsync("bad"));
        await gateway.SubmitAsync("held");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        // The service that asks to wait blocks its lane, so the second job for it is not begun.
        var body = $$"""{"images":["{{GatewayHost.Base64("x")}}"],"visage_api_url":"{{busy.Url}}/api/predict_1"}""";
        var blocked = (await gateway.PostAsync("/api/visage/job", body)).Text("job_id");
        await busy.Ledger.WaitForEndedAsync(1, Cancellation);
        await UntilAsync(gateway, blocked, job => job.Whole("running_tasks") == 0);
        await gateway.PostAsync($"/api/queue/cancel/{blocked}", "", 200);
        await gateway.PostAsync("/api/visage/job", body);

        foreach (var (filter, expected) in Filters)
        {
            var page = await gateway.GetAsync($"/api/queue/jobs?status={filter}");
            var states = page.GetProperty("jobs").EnumerateArray().Select(job => job.Text("status")).Order(StringComparer.Ordinal);
            Assert.Equal($"{filter}: {expected}", $"{filter}: {string.Join(',', states)}");
            Assert.Equal(page.GetProperty("jobs").GetArrayLength(), page.Whole("total_count"));
        }
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=abc", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("status=finnished", "status")]
    public async Task A_bad_filter_is_refused_with_its_name(string query, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal(field, (await gateway.GetAsync($"/api/queue/jobs?{query}", 422)).FirstError().Text("field"));
    }

    private static async Task<JsonElement> UntilAsync(GatewayHost gateway, string jobId, Func<JsonElement, bool> condition)
    {
        using var watch = new FeedWatch(gateway.Feed);
        while (true)
        {
            var changed = watch.Next;
            var job = await gateway.GetAsync($"/api/queue/status/{jobId}");
            if (condition(job)) return job;
            await changed.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
    private static partial Regex Time();
}
