using System.IO.Compression;
using System.Text.Json;
using StashAI.Gateway.Tests.Live;

namespace StashAI.Gateway.Tests.Routes.Names;

/// <summary>Whatever form the items of a job come in, each answer about them says what the client calls them.</summary>
public sealed class ItemNameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The places of an answer that show items: the path and where the items stand in it.</summary>
    private static readonly (string Path, string List, string Index)[] Lists =
    [
        ("/api/jobs/{0}/tasks", "data", "index"),
        ("/api/jobs/{0}/results?format=json", "data", "index"),
        ("/api/tasks?limit=1000", "data", "index"),
        ("/api/queue/job/{0}", "tasks", "batch_index"),
        ("/api/queue/job/{0}/results", "results", "batch_index"),
        ("/api/queue/status/{0}", "results", "batch_index"),
        ("/api/queue/tasks?limit=1000&job_id={0}", "tasks", "batch_index"),
    ];

    [Fact]
    public void There_are_forms_of_every_kind() => Assert.InRange(NamedItems.Forms.Count, 40, 60);

    [Fact]
    public async Task Every_answer_about_an_item_has_its_name_whatever_form_it_came_in()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await NamedItems.StartAsync();
        await Parallel.ForEachAsync(
            NamedItems.Forms.Values, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (form, _) => await CheckAsync(host, form));
    }

    private static async Task CheckAsync(NamedItems host, NamedForm form)
    {
        var gateway = host.Gateway;
        var (path, body) = form.Request(host);
        using var content = body;
        using var response = await gateway.Http.PostAsync(path, content, Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{form.Title}: {answer}");
        using var submitted = JsonDocument.Parse(answer);
        var id = submitted.RootElement.Text("job_id");
        var job = await gateway.EndOfAsync(id);
        Assert.Equal((form.Title, 3, 1), (form.Title, job.Whole("total_tasks"), job.Whole("failed_tasks")));
        string[] tasks = [.. job.GetProperty("tasks").EnumerateArray().Select(task => task.Text("task_id"))];

        foreach (var (list, name, index) in Lists)
        {
            var page = await gateway.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, list, id));
            var items = page.GetProperty(name).EnumerateArray().Where(item => !item.Has("job_id") || item.Text("job_id") == id).ToList();
            Assert.Equal(3, items.Count);
            foreach (var item in items) Check(form, list, item.Whole(index), item);
        }

        for (var i = 0; i < 3; i++)
        {
            foreach (var one in (string[])["/api/tasks/{0}", "/api/queue/task/{0}", "/api/queue/status/{0}"])
            {
                var route = string.Format(System.Globalization.CultureInfo.InvariantCulture, one, tasks[i]);
                Check(form, one, i, await gateway.GetAsync(route));
            }
        }

        await CheckExportsAsync(gateway, form, id);
        var failures = (await gateway.GetAsync($"/api/jobs/{id}/failures")).GetProperty("data")[0];
        Assert.Equal([form.TextOf(1)], failures.GetProperty("example_names").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains(host.Log.Lines, line => line.Contains($"{tasks[1]} ({form.TextOf(1)})", StringComparison.Ordinal));
        await CheckLiveAsync(gateway, form, tasks);
        if (job.Text("adapter_name") == "visage") await CheckPeopleAsync(gateway, form, id, job);
        await CheckCopyAsync(gateway, form, id);
    }

    private static void Check(NamedForm form, string place, int index, JsonElement item)
    {
        var name = item.Has("item_name") ? item.Text("item_name") : null;
        var id = item.Has("item_id") ? item.GetProperty("item_id").GetRawText() : null;
        Assert.Equal(
            (form.Title, place, form.Names.Count > 0 ? form.Names[index] : null, form.Ids?[index]), (form.Title, place, name, id));
    }

    private static async Task CheckExportsAsync(GatewayHost gateway, NamedForm form, string id)
    {
        foreach (var lines in (string[])[$"/api/jobs/{id}/results", $"/api/queue/job/{id}/results?format=ndjson"])
        {
            var texts = (await gateway.Http.GetStringAsync(new Uri(gateway.Url + lines), Cancellation)).TrimEnd('\n').Split('\n');
            Assert.Equal(3, texts.Length);
            for (var i = 0; i < 3; i++) Check(form, lines, i, JsonDocument.Parse(texts[i]).RootElement);
        }

        var rows = (await gateway.Http.GetStringAsync(new Uri($"{gateway.Url}/api/jobs/{id}/results?format=csv"), Cancellation))
            .Split("\r\n");
        Assert.StartsWith("index,id,item_id,item_name,state,", rows[0], StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            var cells = rows[i + 1].Split(',');
            Assert.Equal((form.Ids?[i].Trim('"') ?? "", form.Names.Count > 0 ? form.Names[i] : ""), (cells[2], cells[3]));
        }

        await using var stream = await gateway.Http.GetStreamAsync(
            new Uri($"{gateway.Url}/api/jobs/{id}/results?format=zip"), Cancellation);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancellation);
        using var archive = new ZipArchive(copy);
        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => $"{i}-{form.TextOf(i).Replace('/', '_')}.json"),
            archive.Entries.Select(entry => entry.FullName));
    }

    private static async Task CheckLiveAsync(GatewayHost gateway, NamedForm form, string[] tasks)
    {
        using var client = await LiveClient.ConnectAsync(gateway);
        await client.FollowTaskAsync(tasks[1]);
        Check(form, "socket", 1, await client.UntilAsync(message => message.Text("type") == "task_status"));
        using var events = await EventReader.OpenAsync(gateway.Http, $"/api/events?task_id={tasks[2]}");
        Check(form, "event stream", 2, await events.UntilAsync("task_status", _ => true));
    }

    /// <summary>Who is on which photo, by name.</summary>
    private static async Task CheckPeopleAsync(GatewayHost gateway, NamedForm form, string id, JsonElement job)
    {
        string[] named = [form.TextOf(0), form.TextOf(2)];
        foreach (var view in (JsonElement[])[job, await gateway.GetAsync($"/api/jobs/{id}"),
            await gateway.GetAsync($"/api/queue/status/{id}")])
        {
            var ann = view.GetProperty("aggregate_results").GetProperty("people")[0];
            Assert.Equal("[0,2]", ann.GetProperty("items").GetRawText());
            Assert.Equal(named, ann.GetProperty("item_names").EnumerateArray().Select(name => name.GetString()));
        }

        var items = (await gateway.GetAsync($"/api/visage/job/{id}/items?person=ann")).GetProperty("data").EnumerateArray().ToList();
        Check(form, "items of a person", 2, items[1]);
        var answers = (await gateway.GetAsync($"/api/visage/job/{id}/results")).GetProperty("visage_results").EnumerateArray().ToList();
        Check(form, "answers of Visage", 1, answers[1]);
    }

    /// <summary>A job of the failed items alone: its first item is the second of the other.</summary>
    private static async Task CheckCopyAsync(GatewayHost gateway, NamedForm form, string id)
    {
        var again = (await gateway.PostAsync($"/api/jobs/{id}/rerun", """{"only":"failed"}""")).Text("job_id");
        await gateway.EndOfAsync(again);
        Check(form, "rerun", 1, (await gateway.GetAsync($"/api/jobs/{again}/tasks")).GetProperty("data")[0]);
        var compared = (await gateway.GetAsync($"/api/jobs/{again}/compare")).GetProperty("data").EnumerateArray()
            .First(item => item.Has("index") && !item.IsNull("index"));
        Check(form, "compare", 1, compared);
    }
}
