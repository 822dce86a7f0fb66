using StashAI.Gateway.Tests.Pages;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>The items of a job that show a person: the aggregate has ten, and says where all of them are.</summary>
public sealed class PersonItemTests
{
    /// <summary>Ids are a service's own: any text.</summary>
    private const string Odd = "a/b ../?&%é";

    [Fact]
    public async Task All_items_of_a_person_can_be_read_page_by_page()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item switch
        {
            "nobody" => Reply.Json("""{"data":[[]]}"""),
            "both" => Reply.Json($$"""{"data":[[{{Face("Ann", 70)}},{{Face("Ann", 90)}},{{Face("Bo", 60)}}]]}"""),
            "broken" => Reply.Status(422),
            _ => Reply.Json($$"""{"data":[[{{Face("Ann", 80)}}]]}"""),
        };
        string[] photos =
            ["ann", "nobody", .. Enumerable.Repeat("ann", 6), "both", "broken", .. Enumerable.Repeat("ann", 8), "nobody", "both"];

        var job = await gateway.EndOfAsync(await gateway.SubmitAsync(photos));

        var people = job.GetProperty("aggregate_results").GetProperty("people");
        Assert.Equal(("Ann", 17, 10), (people[0].Text("name"), people[0].Whole("images"), people[0].GetProperty("items").GetArrayLength()));
        Assert.False(people[1].Has("items_url"));
        var address = people[0].Text("items_url");
        var document = await gateway.GetAsync("/openapi.json");
        var schema = document.GetProperty("paths").GetProperty("/api/visage/job/{id}/items").GetProperty("get").GetProperty("responses")
            .GetProperty("200")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        var items = new List<int>();
        for (string? next = ""; next is not null;)
        {
            var page = await gateway.GetAsync($"{address}&limit=5&cursor={next}");
            Assert.Empty(new SchemaCheck(document).Differences(schema, page));
            Assert.Equal(
                (Odd + "Ann", 17, true), (page.Text("person"), page.Whole("total"), page.GetProperty("total_is_exact").GetBoolean()));
            items.AddRange(page.GetProperty("data").EnumerateArray().Select(item => item.Whole("item")));
            next = page.GetProperty("next").GetString();
            Assert.InRange(items.Count, 1, 17);
        }

        Assert.Equal(photos.Index().Where(photo => photo.Item is "ann" or "both").Select(photo => photo.Index), items);
        var both = (await gateway.GetAsync(address)).GetProperty("data").EnumerateArray().Single(item => item.Whole("item") == 8);
        Assert.Equal(
            (job.GetProperty("tasks")[8].Text("task_id"), 2, 90.0),
            (both.Text("task_id"), both.Whole("faces"), both.Number("best_confidence")));
        var ofBo = await gateway.GetAsync($"/api/visage/job/{job.Text("job_id")}/items?person={Uri.EscapeDataString(Odd)}Bo");
        Assert.Equal([8, 19], ofBo.GetProperty("data").EnumerateArray().Select(item => item.Whole("item")));
    }

    [Fact]
    public async Task Walks_of_any_limit_find_each_item_once_also_while_results_change()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        var random = new Random(20261129);
        var isMended = false;
        // A photo's text has the letter of each person on it; those that fail at first are run again between two walks.
        gateway.Visage.Script = call => call.Item!.Contains('!', StringComparison.Ordinal) && !Volatile.Read(ref isMended)
            ? Reply.Status(422)
            : Reply.Json($$"""{"data":[[{{string.Join(',', call.Item.Where(char.IsAsciiLetter).Select(one => Face($"{one}", 50)))}}]]}""");
        var photos = Enumerable.Range(0, 60)
            .Select(_ => string.Concat("ABC".Where(_ => random.Next(3) > 0)) + "123456789"[..random.Next(1, 9)]
                + (random.Next(5) == 0 ? "!" : ""))
            .ToArray();
        var job = (await gateway.EndOfAsync(await gateway.SubmitAsync(photos))).Text("job_id");

        await WalkAllAsync(photo => !photo.Contains('!', StringComparison.Ordinal));
        var path = $"/api/visage/job/{job}/items?person={Uri.EscapeDataString(Odd + "A")}";
        var first = await gateway.GetAsync($"{path}&limit=1");
        Volatile.Write(ref isMended, true);
        await gateway.PostAsync($"/api/queue/retry/{job}", "{}", 200);
        await gateway.EndOfAsync(job);
        await WalkAllAsync(_ => true);
        // A walk that began before goes on behind the item where it stood.
        var rest = await gateway.GetAsync($"{path}&limit=1000&cursor={first.Text("next")}");
        var stood = first.GetProperty("data")[0].Whole("item");
        Assert.Equal(
            ItemsOf('A', _ => true).Where(item => item > stood),
            rest.GetProperty("data").EnumerateArray().Select(item => item.Whole("item")));
        // Cursors behind the end, and of other lists, are places too.
        foreach (var cursor in (string[])["AAAAAAAAAGQ", "f_________8"])
        {
            var none = await gateway.GetAsync($"{path}&cursor={cursor}");
            Assert.Equal((0, true), (none.GetProperty("data").GetArrayLength(), none.GetProperty("next").GetString() is null));
        }

        foreach (var cursor in (string[])["gAAAAAAAAAA", "AAAAAAAAAG", "AAAAAAAAAGQ=", "%00", "-"])
            Assert.Equal("cursor", (await gateway.GetAsync($"{path}&cursor={cursor}", 422)).FirstError().Text("field"));

        IEnumerable<int> ItemsOf(char person, Func<string, bool> isOver) =>
            photos.Index().Where(photo => photo.Item.Contains(person, StringComparison.Ordinal) && isOver(photo.Item))
                .Select(photo => photo.Index);

        async Task WalkAllAsync(Func<string, bool> isOver)
        {
            foreach (var person in "ABCD")
            {
                foreach (var limit in (int[])[1, 2, 7, 59, 60, 1000])
                {
                    var items = new List<int>();
                    var pages = 0;
                    for (string? next = ""; next is not null; pages++)
                    {
                        var page = await gateway.GetAsync(
                            $"/api/visage/job/{job}/items?person={Uri.EscapeDataString($"{Odd}{person}")}&limit={limit}&cursor={next}");
                        var data = page.GetProperty("data");
                        Assert.InRange(data.GetArrayLength(), 0, limit);
                        Assert.Equal(ItemsOf(person, isOver).Count(), page.Whole("total"));
                        items.AddRange(data.EnumerateArray().Select(item => item.Whole("item")));
                        next = page.GetProperty("next").GetString();
                        Assert.InRange(pages, 0, 61);
                    }

                    Assert.Equal(ItemsOf(person, isOver), items);
                }
            }
        }
    }

    [Fact]
    public async Task A_job_of_comparisons_shows_nobody()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"data":{"similarity":0.9,"is_match":true}}""");
        var job = (await gateway.PostAsync("/api/visage/batch/compare", """{"items":[{"person1":"A","person2":"B"}]}""")).Text("job_id");
        await gateway.EndOfAsync(job);
        Assert.Equal(0, (await gateway.GetAsync($"/api/visage/job/{job}/items?person=A")).Whole("total"));
    }

    [Fact]
    public async Task What_is_missing_or_unknown_is_named()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json($$"""{"data":[[{{Face("Ann", 80)}}]]}""");
        var job = (await gateway.EndOfAsync(await gateway.SubmitAsync("ann"))).Text("job_id");
        var records = (await gateway.PostAsync("/api/interactions/batch", """{"items":[{"session_id":"s","action_type":"a"}]}"""))
            .Text("job_id");

        Assert.Equal("person", (await gateway.GetAsync($"/api/visage/job/{job}/items", 400)).FirstError().Text("field"));
        Assert.Equal("cursor", (await gateway.GetAsync($"/api/visage/job/{job}/items?person=1&cursor=1", 422)).FirstError().Text("field"));
        Assert.Equal(0, (await gateway.GetAsync($"/api/visage/job/{job}/items?person=nobody")).Whole("total"));
        await gateway.GetAsync($"/api/visage/job/{records}/items?person=1", 404);
    }

    private static string Face(string name, int confidence) =>
        $$"""{"image":"/9j/","performers":[{"id":"{{Odd}}{{name}}","name":"{{name}}","confidence":{{confidence}}}]}""";
}
