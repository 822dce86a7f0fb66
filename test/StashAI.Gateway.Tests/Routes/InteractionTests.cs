
using System.Net.Http.Json;
using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Interactions and sessions: durable when accepted, counted right, found by their ids (C-15).</summary>
public sealed class InteractionTests
{
    private const string Click =
        """{"session_id":"s1","user_id":"u1","action_type":"click","page_path":"/scenes","element_type":"button","element_id":"b1","metadata":{"x":1}}""";

    [Fact]
    public async Task An_interaction_is_recorded_and_its_id_has_a_status()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync("/api/interactions", Click, 202);
        var listed = (await gateway.GetAsync("/api/interactions?session_id=s1")).GetProperty("interactions")[0];
        var status = await gateway.GetAsync($"/api/queue/status/{answer.Text("task_id")}");
        var cancel = await gateway.PostAsync($"/api/queue/cancel/{answer.Text("task_id")}", "", 200);

        Assert.Equal(("queued", GatewayHost.IsDirect ? "direct" : "queue"), (answer.Text("status"), answer.Text("mode")));
        Assert.Equal(answer.Text("task_id"), listed.Text("task_id"));
        Assert.Equal(
            ("click", "/scenes", "button", "b1"),
            (listed.Text("action_type"), listed.Text("page_path"), listed.Text("element_type"), listed.Text("element_id")));
        Assert.Equal(1, listed.GetProperty("metadata").Whole("x"));
        Assert.Equal(("interaction", "completed"), (status.Text("kind"), status.Text("status")));
        Assert.Equal("finished", (await gateway.GetAsync($"/api/queue/status/{answer.Text("task_id")}?dialect=plugin")).Text("status"));
        Assert.False(cancel.GetProperty("cancelled").GetBoolean());
    }

    [Fact]
    public async Task Actions_are_counted_by_the_server_over_a_time()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.PostAsync(
            "/api/interactions",
            """
            [{"session_id":"s1","user_id":"u1","action_type":"click"},{"session_id":"s1","user_id":"u1","action_type":"click"},
            {"session_id":"s2","action_type":"view"}]
            """, 202);

        var all = await gateway.GetAsync("/api/interactions/actions?steps=4");
        var one = await gateway.GetAsync("/api/interactions/actions?session_id=s1&user_id=u1&limit=1");
        var none = await gateway.GetAsync("/api/interactions/actions?to=2020-01-02T00:00:00Z");

        Assert.Equal((3, 2, true), (all.Whole("total"), all.Whole("actions_total"), all.GetProperty("is_complete").GetBoolean()));
        Assert.Equal(21_600, all.GetProperty("step_seconds").GetDouble());
        var actions = all.GetProperty("actions");
        Assert.Equal(("click", 2, "view", 1), (actions[0].Text("action_type"), actions[0].Whole("count"),
            actions[1].Text("action_type"), actions[1].Whole("count")));
        Assert.Equal([0, 0, 0, 2], actions[0].GetProperty("counts").EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal((2, 1, 48), (one.Whole("total"), one.GetProperty("actions").GetArrayLength(),
            one.GetProperty("actions")[0].GetProperty("counts").GetArrayLength()));
        Assert.Equal((0, "2020-01-01T00:00:00.000Z"), (none.Whole("total"), none.Text("from")));
        foreach (var (query, field) in new[] { ("from=2030-01-01", "from"), ("steps=0", "steps"), ("from=2040-01-01T00:00:00Z", "from") })
            Assert.Equal(field, (await gateway.GetAsync($"/api/interactions/actions?{query}", 422)).FirstError().Text("field"));
    }

    /// <summary>An emoji is one character and two units of UTF-16.</summary>
    [Theory]
    [InlineData("session_id", 500)]
    [InlineData("user_id", 500)]
    [InlineData("action_type", 500)]
    [InlineData("element_type", 500)]
    [InlineData("element_id", 500)]
    [InlineData("page_path", 8000)]
    public async Task Limits_count_characters(string field, int most)
    {
        await using var gateway = await GatewayHost.StartAsync();
        string With(int count)
        {
            var interaction = new Dictionary<string, string> { ["session_id"] = "s", ["action_type"] = "a" };
            interaction[field] = string.Concat(Enumerable.Repeat("\U0001F600", count));
            return JsonSerializer.Serialize(interaction);
        }

        await gateway.PostAsync("/api/interactions", With(most), 202);
        var problem = await gateway.PostAsync("/api/interactions", With(most + 1), 422);

        Assert.Equal(field, problem.FirstError().Text("field"));
        Assert.Contains($"{most} characters", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(1, (await gateway.GetAsync("/api/interactions")).Whole("total"));
    }

    [Fact]
    public async Task Sessions_count_right_while_many_write_at_once()
    {
        await using var gateway = await GatewayHost.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i % 4 == 0
            ? gateway.PostAsync("/api/sessions", """{"session_id":"s1","user_id":"u1","page_views":7,"total_interactions":0}""", 202)
            : gateway.PostAsync("/api/interactions", Click, 202)));
        var session = await gateway.GetAsync("/api/sessions/s1");

        Assert.Equal(
            (7, 30, 30), (session.Whole("page_views"), session.Whole("total_interactions"), session.Whole("recorded_interactions")));
        Assert.Equal("u1", session.Text("user_id"));
    }

    [Fact]
    public async Task A_session_keeps_what_is_not_said_again()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var first = await gateway.PostAsync(
            "/api/sessions", """{"session_id":"a/b c","page_views":3,"total_interactions":7,"metadata":{"ua":"x"}}""", 202);
        await gateway.PostAsync("/api/sessions", """{"session_id":"a/b c","end_time":"2024-01-01T01:00:00+01:00","page_views":1}""", 202);

        var session = await gateway.GetAsync("/api/sessions/a%2Fb%20c");
        var status = await gateway.GetAsync($"/api/queue/status/{first.Text("task_id")}");

        Assert.Equal((3, 7), (session.Whole("page_views"), session.Whole("total_interactions")));
        Assert.Equal("2024-01-01T00:00:00.000Z", session.Text("end_time"));
        Assert.Equal("x", session.GetProperty("metadata").Text("ua"));
        Assert.Equal("session", status.Text("kind"));
        Assert.Equal("a/b c", (await gateway.GetAsync("/api/sessions")).GetProperty("sessions")[0].Text("session_id"));
        await gateway.GetAsync("/api/sessions/nobody", 404);
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged_newest_first()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var items = Enumerable.Range(0, 10).Select(i => $$"""{"session_id":"s{{i % 2}}","user_id":"u{{i % 5}}","action_type":"a{{i}}"}""");
        var answer = await gateway.PostAsync("/api/interactions", $"[{string.Join(',', items)}]", 202);

        var first = await gateway.GetAsync("/api/interactions?session_id=s1&limit=2");
        var rest = await gateway.GetAsync($"/api/interactions?session_id=s1&limit=10&before_id={first.Whole("next_before_id")}");
        var ofUser = await gateway.GetAsync("/api/interactions?user_id=u3");
        var both = await gateway.GetAsync("/api/interactions?user_id=u3&session_id=s0");

        Assert.Equal((10, 10), (answer.Whole("accepted"), answer.GetProperty("task_ids").GetArrayLength()));
        Assert.Equal(["a9", "a7"], Actions(first));
        Assert.Equal((5, true), (first.Whole("total_count"), first.GetProperty("has_more").GetBoolean()));
        Assert.Equal(["a5", "a3", "a1"], Actions(rest));
        Assert.Equal(["a8", "a3"], Actions(ofUser));
        Assert.Equal(["a8"], Actions(both));
        Assert.Equal(["a1", "a0"], Actions(await gateway.GetAsync("/api/interactions?limit=2&offset=8")));
    }

    [Fact]
    public async Task What_cannot_be_used_is_named()
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal("session_id", (await gateway.PostAsync("/api/interactions", "{}", 422)).GetProperty("errors")[0].Text("field"));
        var item = (await gateway.PostAsync("/api/interactions", $$"""[{{Click}},{"session_id":"s"}]""", 422)).GetProperty("errors")[0];
        Assert.Equal(("[1].action_type", 1), (item.Text("field"), item.Whole("item")));
        await gateway.PostAsync("/api/interactions", "[]", 400);
        await gateway.PostAsync("/api/interactions", "\"x\"", 400);
        await gateway.PostAsync("/api/interactions", "", 400);
        await gateway.PostAsync("/api/sessions", """{"session_id":"s","page_views":-1}""", 422);
        await gateway.PostAsync("/api/sessions", """{"session_id":"s","end_time":"x"}""", 422);
        Assert.Equal(0, (await gateway.GetAsync("/api/interactions")).Whole("total"));
    }

    [Fact]
    public async Task The_same_key_records_once()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var list = $"[{Click},{Click}]";
        var statuses = new List<int>();
        foreach (var (body, key) in ((string, string)[])[(list, "k"), (list, "k"), ($"[{Click}]", "k"), ($"[{Click},{Click},{Click}]", "k"),
            (Click, "other")])
        {
            using var response = await gateway.SendAsync(HttpMethod.Post, "/api/interactions", body, ("Idempotency-Key", key));
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([202, 202, 422, 422, 202], statuses);
        Assert.Equal(3, (await gateway.GetAsync("/api/sessions/s1")).Whole("recorded_interactions"));
    }

    [Fact]
    public async Task A_batch_of_thousands_is_a_job_whose_tasks_record_once_each()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        var items = Enumerable.Range(0, 2000).Select(i => $$"""{"id":{{i}},"session_id":"s","action_type":"click"}""");

        var answer = await gateway.PostAsync(
            "/api/batch",
            $$"""{"type":"interactions","items":[{{string.Join(',', items)}}],"config":{"batch_size":4,"job_name":"Clicks"} }""");
        using var end = await gateway.SendAsync(
            HttpMethod.Get, $"/api/queue/status/{answer.Text("job_id")}?limit=0", null, ("Prefer", "wait=60"));
        var job = await end.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var results = await gateway.GetAsync($"/api/queue/status/{answer.Text("task_id")}?limit=2&offset=1998");

        Assert.Equal(("completed", 2000, "Clicks"), (job.Text("status"), job.Whole("completed_tasks"), job.Text("job_name")));
        Assert.Equal(2000, (await gateway.GetAsync("/api/sessions/s")).Whole("recorded_interactions"));
        Assert.Equal([1998, 1999], results.GetProperty("results").EnumerateArray().Select(one => one.Whole("item_id")));
        Assert.Equal("click", results.GetProperty("results")[0].GetProperty("output_json").Text("action_type"));
    }

    [Fact]
    public async Task Batches_of_sessions_and_of_photos_are_jobs_too()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var sessions = await gateway.PostAsync(
            "/api/batch", """{"type":"sessions","items":[{"session_id":"bs","page_views":3,"id":"one"}]}""");
        var photos = await gateway.PostAsync(
            "/api/batch",
            $$"""{"type":"visage.identify","items":[{"id":"p1","image":"{{GatewayHost.Base64("a")}}"},"{{GatewayHost.Base64("b")}}"],"config":{"threshold":0.9} }""");
        await gateway.EndOfAsync(sessions.Text("job_id"));
        await gateway.EndOfAsync(photos.Text("job_id"));

        var results = (await gateway.GetAsync($"/api/queue/status/{photos.Text("job_id")}")).GetProperty("results");

        Assert.Equal(3, (await gateway.GetAsync("/api/sessions/bs")).Whole("page_views"));
        Assert.Equal("p1", results[0].Text("item_id"));
        Assert.Equal(["a", "b"], gateway.Visage.Ledger.Calls.Select(call => call.Item).Order());
        Assert.Equal(
            "visage_batch_face_identification", (await gateway.GetAsync($"/api/queue/job/{photos.Text("job_id")}")).Text("job_type"));
    }

    [Fact]
    public async Task A_batch_that_cannot_be_used_leaves_nothing()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var item = (await gateway.PostAsync(
            "/api/batch", """{"type":"interactions","items":[{"session_id":"s","action_type":"a"},{}]}""", 422)).GetProperty("errors")[0];
        Assert.Equal(("items[1].session_id", 1), (item.Text("field"), item.Whole("item")));
        Assert.Contains(
            "visage.identify",
            (await gateway.PostAsync("/api/batch", """{"type":"custom","items":[1]}""", 422)).Text("detail"),
            StringComparison.Ordinal);
        Assert.Equal(
            1,
            (await gateway.PostAsync("/api/batch", """{"type":"visage.identify","items":["eA==","!"]}""", 422)).GetProperty("errors")[0]
                .Whole("item"));
        await gateway.PostAsync("/api/batch", "{}", 400);
        await gateway.PostAsync("/api/batch", """{"type":"sessions","items":[]}""", 400);
        await gateway.PostAsync("/api/batch", "{bad", 400);
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_a_404_that_says_how_to_add_one()
    {
        await using var gateway = await GatewayHost.StartAsync();

        foreach (var route in (string[])["/api/content/task", "/api/scene/task", "/api/general/task", "/api/nothing/batch",
            "/api/nothing/batch/translate"])
        {
            Assert.Contains(
                "/api/services", (await gateway.PostAsync(route, """{"items":[1]}""", 404)).Text("detail"), StringComparison.Ordinal);
        }

        Assert.Contains(
            "/api/visage/batch/identify",
            (await gateway.PostAsync("/api/visage/batch/paint", "{}", 404)).Text("detail"),
            StringComparison.Ordinal);
        await gateway.PostAsync("/api/interactions/task", Click);
    }

    private static string[] Actions(JsonElement page) =>
        [.. page.GetProperty("interactions").EnumerateArray().Select(one => one.Text("action_type"))];
}
