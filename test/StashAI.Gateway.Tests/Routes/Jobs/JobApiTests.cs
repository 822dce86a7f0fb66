using System.Net;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary><c>/api/jobs</c> and <c>/api/tasks</c>: find, look, change, delete.</summary>
public sealed class JobApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_are_found_by_every_filter_and_by_all_together()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400, "no face in IMG_1.jpg") : Reply.Json("{}");
        var good = await SubmitAsync(gateway, "Summer", """["holiday","2030"]""", "good");
        var bad = await SubmitAsync(gateway, "Winter", """["2030"]""", "good", "bad");
        await gateway.EndOfAsync(good);
        await gateway.EndOfAsync(bad);
        var failures = (await gateway.GetAsync($"/api/jobs/{bad}/failures")).GetProperty("data");
        var fingerprint = failures[0].Text("fingerprint");
        var created = (await gateway.GetAsync($"/api/jobs/{bad}")).Text("created_at");

        await ExpectAsync("", bad, good);
        await ExpectAsync("state=completed", good);
        await ExpectAsync("state=partial,failed", bad);
        await ExpectAsync("service=visage&operation=identify", bad, good);
        await ExpectAsync("operation=none");
        await ExpectAsync("name=SUMM", good);
        await ExpectAsync("tag=2030", bad, good);
        await ExpectAsync("tag=holiday", good);
        await ExpectAsync("owner=laptop");
        await ExpectAsync($"error={fingerprint}", bad);
        await ExpectAsync("error=rejected", bad);
        await ExpectAsync("error=NO%20FACE", bad);
        await ExpectAsync("error=timeout");
        await ExpectAsync($"created_before={created}", good);
        await ExpectAsync("created_after=2020-01-01T00:00:00Z", bad, good);
        await ExpectAsync($"id={bad}", bad);
        await ExpectAsync($"id={good[..8]}", bad, good);
        await ExpectAsync("paused=true");
        await ExpectAsync("sort=-failed", bad);
        await ExpectAsync("sort=priority");
        await ExpectAsync("sort=created", good, bad);
        await ExpectAsync("sort=name", good, bad);
        await ExpectAsync("sort=-progress");
        await ExpectAsync(
            $"state=partial&service=visage&name=w&tag=2030&error=rejected&created_after=2020-01-01T00:00:00Z&id={bad[..4]}&sort=-failed",
            bad);

        async Task ExpectAsync(string filter, params string[] jobs)
        {
            var page = await gateway.GetAsync($"/api/jobs?{filter}");
            Assert.Equal(jobs, Ids(page));
            Assert.Equal((jobs.Length, true, true), (page.Whole("total"), page.GetProperty("total_is_exact").GetBoolean(),
                page.IsNull("next")));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&tag=x")]
    [InlineData("&name=job")]
    [InlineData("&state=pending,running,completed,failed")]
    [InlineData("&created_after=2020-01-01T00:00:00Z")]
    public async Task A_page_goes_on_behind_the_one_before_whatever_comes_in_between(string filter)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var jobs = new List<string>();
        for (var i = 0; i < 5; i++) jobs.Insert(0, await SubmitAsync(gateway, $"job {i}", """["x"]""", "a"));

        var first = await gateway.GetAsync($"/api/jobs?limit=2{filter}");
        await SubmitAsync(gateway, "job that came later", """["x"]""", "a");
        var second = await gateway.GetAsync($"/api/jobs?limit=2{filter}&cursor={first.Text("next")}");
        var third = await gateway.GetAsync($"/api/jobs?limit=2{filter}&cursor={second.Text("next")}");

        Assert.Equal(jobs, [.. Ids(first), .. Ids(second), .. Ids(third)]);
        Assert.True(third.IsNull("next"));
    }

    [Theory]
    [InlineData("created", 0, 1, 2, 3, 4)]
    [InlineData("-created", 4, 3, 2, 1, 0)]
    [InlineData("name", 3, 4, 0, 2, 1)]
    public async Task A_sorted_list_goes_on_with_its_own_cursor_and_with_no_other(string sort, params int[] order)
    {
        await using var gateway = await GatewayHost.StartAsync();
        string[] names = ["Beta", "\u00c5lesund \ud83d\ude00", "beta", "ALPHA", "anna"];
        var jobs = new List<string>();
        foreach (var name in names) jobs.Add(await SubmitAsync(gateway, name, "[]", "a"));

        var found = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await gateway.GetAsync($"/api/jobs?sort={sort}&limit=2{cursor}");
            found.AddRange(Ids(page));
            cursor = page.IsNull("next") ? null : $"&cursor={page.Text("next")}";
            if (cursor is not null) await gateway.GetAsync($"/api/jobs?sort=-failed&limit=2{cursor}", 422);
        }

        Assert.Equal(order.Select(index => jobs[index]), found);
    }

    [Fact]
    public async Task A_list_has_the_speed_and_the_end_of_its_jobs_as_each_job_has_them()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Item == "slow" ? Reply.Drip("{}", gate) : Reply.Json("{}");
        var over = await SubmitAsync(gateway, "over", "[]", "a", "b");
        await gateway.EndOfAsync(over);
        await gateway.MeasuredAsync();

        var open = await SubmitAsync(gateway, "open", "[]", "slow", "slow", "slow");
        var listed = Data(await gateway.GetAsync("/api/jobs")).ToDictionary(job => job.Text("id"));
        var shown = await gateway.GetAsync($"/api/jobs/{open}");

        Assert.Equal(3, shown.GetProperty("tasks").Whole("total"));
        Assert.True(listed[over].GetProperty("tasks_per_second").GetDouble() > 0 && listed[over].IsNull("eta_at"));
        Assert.Equal(shown.IsNull("eta_at"), listed[open].IsNull("eta_at"));
        Assert.False(listed[open].IsNull("eta_at"));
        gate.Open();
        await gateway.EndOfAsync(open);
    }

    [Theory]
    [InlineData("/api/jobs?state=done", "state")]
    [InlineData("/api/jobs?sort=names", "sort")]
    [InlineData("/api/jobs?id=zz", "id")]
    [InlineData("/api/jobs?created_after=yesterday", "created_after")]
    [InlineData("/api/jobs?cursor=AAAA", "cursor")]
    [InlineData("/api/jobs?paused=maybe", "paused")]
    [InlineData("/api/jobs?status=failed", "status")]
    [InlineData("/api/tasks?state=waiting", "state")]
    [InlineData("/api/tasks?fingerprint=12", "fingerprint")]
    [InlineData("/api/tasks?attempts_min=-1", "attempts_min")]
    public async Task What_cannot_be_used_is_refused_by_name(string path, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal(field, (await gateway.GetAsync(path, 422)).FirstError().Text("field"));
    }

    [Fact]
    public async Task A_job_is_shown_without_its_tasks_and_its_tasks_page_by_page()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400, "no") : Reply.Json("""{"n":1}""");
        var id = await SubmitAsync(gateway, "Summer", """["b","a","b"]""", "one", "bad", "three");
        await gateway.EndOfAsync(id);

        var job = await gateway.GetAsync($"/api/jobs/{id}");
        Assert.Equal(("partial", "visage", "identify", 3), (job.Text("state"), job.Text("service"), job.Text("operation"),
            job.GetProperty("tasks").Whole("total")));
        Assert.Equal(["a", "b"], job.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.True(job.IsNull("owner") && job.IsNull("waiting") && job.IsNull("tasks_ahead") && job.IsNull("batch_id"));

        var first = await gateway.GetAsync($"/api/jobs/{id}/tasks?limit=2");
        var second = await gateway.GetAsync($"/api/jobs/{id}/tasks?limit=2&cursor={first.Text("next")}");
        Assert.Equal([0, 1, 2], Data(first).Concat(Data(second)).Select(one => one.Whole("index")));
        Assert.Equal(3, first.Whole("total"));
        var failed = Assert.Single(Data(await gateway.GetAsync($"/api/jobs/{id}/tasks?state=failed&attempts_min=1&text=NO")));
        Assert.Equal(failed.Text("id"), Assert.Single(Data(await gateway.GetAsync("/api/tasks?state=failed&service=visage"))).Text("id"));

        var task = await gateway.GetAsync($"/api/tasks/{failed.Text("id")}");
        Assert.Equal(("rejected", 1), (task.Text("error_kind"), task.GetProperty("attempts").GetArrayLength()));
        Assert.True(task.Has("input_data") && task.IsNull("result"));
        await gateway.GetAsync($"/api/tasks/{id}", 404);
        await gateway.GetAsync($"/api/jobs/{failed.Text("id")}", 404);
    }

    [Fact]
    public async Task A_group_of_failures_is_retried_or_skipped_at_once()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item[0] switch
        {
            'a' => Reply.Status(400, $"item {call.Item[1..]} is bad"),
            'b' => Reply.Status(422, "too dark"),
            _ => Reply.Json("{}"),
        };
        var id = await SubmitAsync(gateway, "", "[]", "a1", "a22", "b", "c");
        await gateway.EndOfAsync(id);
        var groups = Data(await gateway.GetAsync($"/api/jobs/{id}/failures")).ToList();
        Assert.Equal([2, 1], groups.Select(group => group.Whole("count")));
        Assert.Equal(("The service answered #: item # is bad", 400), (groups[0].Text("pattern"), groups[0].Whole("http_status")));
        Assert.Equal(2, groups[0].GetProperty("examples").GetArrayLength());
        Assert.Equal(2, Data(await gateway.GetAsync($"/api/jobs/{id}/tasks?fingerprint={groups[0].Text("fingerprint")}")).Count());
        gateway.Visage.Script = _ => Reply.Json("{}");

        var retried = await gateway.PostAsync($"/api/jobs/{id}/failures/{groups[0].Text("fingerprint")}/retry", "", 200);
        await gateway.EndOfAsync(id);
        var skipped = await gateway.PostAsync($"/api/jobs/{id}/failures/{groups[1].Text("fingerprint")}/skip", "", 200);

        Assert.Equal((2, 1, "partial"), (retried.Whole("tasks"), skipped.Whole("tasks"), skipped.Text("state")));
        Assert.Empty(Data(await gateway.GetAsync($"/api/jobs/{id}/failures")));
        var counts = (await gateway.GetAsync($"/api/jobs/{id}")).GetProperty("tasks");
        Assert.Equal((3, 0, 1), (counts.Whole("completed"), counts.Whole("failed"), counts.Whole("cancelled")));
        await gateway.PostAsync($"/api/jobs/{id}/failures/{groups[1].Text("fingerprint")}/skip", "", 404);
        await gateway.PostAsync($"/api/jobs/{id}/failures/none/skip", "", 422);
    }

    [Fact]
    public async Task A_job_is_changed_while_it_runs()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var id = await SubmitAsync(gateway, "old", """["a"]""", "one", "two");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        var changed = await PatchAsync(gateway, id,
            """{"name":"new","tags":["b","c"],"priority":"high","max_parallel":1,"deadline":"2999-01-01T00:00:00Z"}""");
        Assert.Equal(("new", 9, 1, "2999-01-01T00:00:00.000Z"),
            (changed.Text("name"), changed.Whole("priority"), changed.Whole("max_parallel"), changed.Text("deadline_at")));
        Assert.Equal([id], Ids(await gateway.GetAsync("/api/jobs?tag=c")));
        Assert.Empty(Ids(await gateway.GetAsync("/api/jobs?tag=a")));
        var back = await PatchAsync(gateway, id, """{"max_parallel":null,"deadline":null,"tags":[]}""");
        Assert.True(back.IsNull("max_parallel") && back.IsNull("deadline_at"));
        Assert.Equal(("new", 9, 0), (back.Text("name"), back.Whole("priority"), back.GetProperty("tags").GetArrayLength()));
        await PatchAsync(gateway, id, """{"priorty":1}""", 422);
        await PatchAsync(gateway, id, "{}", 400);
        foreach (var field in (string[])["name", "tags", "priority"])
            Assert.Equal(field, (await PatchAsync(gateway, id, $$"""{"{{field}}":null}""", 422)).FirstError().Text("field"));
        await PatchAsync(gateway, id, """{"deadline":"2000-01-01T00:00:00Z"}""", 422);
        await PatchAsync(gateway, Guid.CreateVersion7().ToString(), """{"name":"x"}""", 404);
        gate.Open();
        Assert.Equal("completed", (await gateway.EndOfAsync(id)).Text("status"));
    }

    [Fact]
    public async Task A_deleted_job_is_gone_from_lists_at_once_also_while_it_runs()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        using var gate = new Gate();
        var over = await SubmitAsync(gateway, "over", """["t"]""", "x");
        await gateway.EndOfAsync(over);
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var running = await SubmitAsync(gateway, "running", """["t"]""", "one", "two");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        foreach (var id in new[] { running, over })
        {
            using var answer = await gateway.SendAsync(HttpMethod.Delete, $"/api/jobs/{id}");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            await gateway.GetAsync($"/api/jobs/{id}", 404);
        }

        Assert.Equal(0, (await gateway.GetAsync("/api/jobs")).Whole("total"));
        Assert.Empty(Ids(await gateway.GetAsync("/api/jobs?tag=t")));
        using var again = await gateway.SendAsync(HttpMethod.Delete, $"/api/jobs/{over}");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task A_job_keeps_the_name_of_the_key_that_submitted_it_as_its_owner()
    {
        ApiKey? submitter = null;
        var text = "";
        await using var gateway = await GatewayHost.StartAsync(prepare: async store =>
        {
            text = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Submit);
            submitter = Assert.Single(await store.ApiKeys.ListApiKeysAsync(Cancellation));
        });
        (string, string) key = ("X-API-Key", text);
        using var submitted = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", """{"images":["eA=="]}""", key);
        Assert.Equal(GatewayHost.Taken, submitted.StatusCode);

        using var answer = await gateway.SendAsync(HttpMethod.Get, $"/api/jobs?owner={Uri.EscapeDataString(submitter!.Name)}", null, key);
        using var none = await gateway.SendAsync(HttpMethod.Get, "/api/jobs?owner=somebody", null, key);

        using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(submitter.Name, Data(page.RootElement).First().Text("owner"));
        using var empty = JsonDocument.Parse(await none.Content.ReadAsStringAsync(Cancellation));
        Assert.Empty(Data(empty.RootElement));
    }

    [Theory]
    [InlineData("""["a,b"]""")]
    [InlineData("""[""]""")]
    [InlineData("""[1]""")]
    [InlineData("""{"a":1}""")]
    [InlineData("""["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]""")]
    public async Task Tags_that_are_not_valid_are_refused(string tags)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var problem = await gateway.PostAsync("/api/visage/job", $$$"""{"images":["eA=="],"config":{"tags":{{{tags}}}} }""", 422);
        Assert.Equal("config.tags", problem.FirstError().Text("field"));
    }

    private static async Task<JsonElement> PatchAsync(GatewayHost gateway, string id, string body, int status = 200)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Patch, $"/api/jobs/{id}", body);
        Assert.Equal(status, (int)answer.StatusCode);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return document.RootElement.Clone();
    }

    private static async Task<string> SubmitAsync(GatewayHost gateway, string name, string tags, params string[] photos) =>
        (await gateway.PostAsync(
            "/api/visage/job",
            $$$"""{"images":[{{{string.Join(',', photos.Select(photo => $"\"{GatewayHost.Base64(photo)}\""))}}}],"config":{"job_name":"{{{name}}}","tags":{{{tags}}}} }""",
            (int)GatewayHost.Taken)).Text("job_id");

    private static JsonElement.ArrayEnumerator Data(JsonElement page) => page.GetProperty("data").EnumerateArray();

    private static IEnumerable<string> Ids(JsonElement page) => Data(page).Select(job => job.Text("id"));
}
