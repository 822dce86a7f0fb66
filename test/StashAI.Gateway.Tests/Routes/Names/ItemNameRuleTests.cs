using System.IO.Compression;
using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes.Names;

/// <summary>What of names is kept and refused, and what photos take besides base64.</summary>
public sealed class ItemNameRuleTests
{
    private static readonly string Two = $"""["{GatewayHost.Base64("one")}","{GatewayHost.Base64("two")}"]""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("item_ids", """{"images":IMAGES,"LIST":[1,2,3]}""", "LIST")]
    [InlineData("item_ids", """{"images":IMAGES,"config":{"LIST":[1,2,3]}}""", "config.LIST")]
    [InlineData("item_ids", """{"images":IMAGES,"config":{"additional_params":{"LIST":[1,2,3]}}}""", "config.additional_params.LIST")]
    [InlineData("entity_ids", """{"images":IMAGES,"LIST":["a"]}""", "LIST")]
    [InlineData("entity_ids", """{"images":IMAGES,"config":{"LIST":[]}}""", "config.LIST")]
    [InlineData("entity_ids", """{"images":IMAGES,"additional_params":{"LIST":["a","b","c"]}}""", "additional_params.LIST")]
    public async Task A_list_with_another_number_of_values_is_refused_with_both_numbers(string list, string body, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();
        body = body.Replace("IMAGES", Two, StringComparison.Ordinal).Replace("LIST", list, StringComparison.Ordinal);

        var problem = await gateway.PostAsync("/api/visage/job", body, 422);

        Assert.Equal(field.Replace("LIST", list, StringComparison.Ordinal), problem.FirstError().Text("field"));
        Assert.Contains(" for 2 items;", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Matches("has (0|1|3) value", problem.Text("detail"));
    }

    [Fact]
    public async Task A_list_with_a_value_for_each_item_gives_each_its_own()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(
            "/api/visage/job", $$"""{"images":{{Two}},"item_ids":["i0","i1"],"config":{"entity_ids":["e0","e1"]} }""");
        var tasks = (await gateway.EndOfAsync(answer.Text("job_id"))).GetProperty("tasks");

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(($"i{i}", $"e{i}"), (tasks[i].Text("item_id"), tasks[i].GetProperty("input_data").Text("entity_id")));
            Assert.DoesNotContain($"i{1 - i}", tasks[i].GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain($"\"e{1 - i}\"", tasks[i].GetRawText(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"items":[{"image":"eA==","item_id":1}],"config":{"item_ids":[2]}}""", "config.item_ids", "of their own")]
    [InlineData("""{"items":[{"image":"eA==","item_name":7}]}""", "items[0].item_name", "must be a text")]
    [InlineData("""{"items":[{"image":"eA==","item_name":"LONG"}]}""", "items[0].item_name", "1024")]
    [InlineData("""{"items":[{"image":"eA==","item_id":"LONG"}]}""", "items[0].item_id", "1024")]
    [InlineData("""{"items":["eA=="],"config":{"item_ids":["LONG"]}}""", "config.item_ids[0]", "1024")]
    [InlineData("""{"items":[{"image":"eA==","threshold":2}]}""", "items[0].threshold", "from 0 to 1")]
    [InlineData("""{"images":["eA=="],"items":["eA=="]}""", "items[0]", "images")]
    [InlineData("""{"items":[{"image":"eA==","path":"/x"}]}""", "items[0]", "two photos")]
    [InlineData("""{"items":[{"folder":"/nowhere"}]}""", "items[0].image", "ALLOWED_FOLDERS")]
    [InlineData("""{"items":[{"folder":"FOLDER","depth":1}]}""", "items[0].depth", "not known")]
    [InlineData("""{"items":[{"folder":"FOLDER","types":[""]}]}""", "items[0].image", "extensions")]
    [InlineData("""{"items":[{"folder":"FOLDER","types":["pdf"]}]}""", "items[0].image", "no files of the types pdf")]
    [InlineData("""{"items":[{"folder":"FOLDER/sub/.."},{"path":"FOLDER/none.jpg"}]}""", "items[1].image", "not a file")]
    [InlineData("""{"items":[{"path":"FOLDER/empty.jpg"}]}""", "items[0].image", "empty file")]
    [InlineData("""{"items":[{"folder":"FOLDER","types":["jpg"]}]}""", "items[0]: the file 'empty.jpg' of the folder", "empty file")]
    public async Task What_cannot_be_kept_or_read_is_refused_by_name(string body, string field, string reason)
    {
        await using var host = await NamedItems.StartAsync();
        if (body.Contains("empty", StringComparison.Ordinal) || field.Contains("empty", StringComparison.Ordinal))
            await File.WriteAllBytesAsync(host.Photos.File("empty.jpg"), [], Cancellation);
        body = body.Replace("LONG", new string('x', 1025), StringComparison.Ordinal)
            .Replace("FOLDER", host.Photos.Path, StringComparison.Ordinal);

        var problem = await host.Gateway.PostAsync("/api/visage/job", body, 422);

        Assert.Equal(field, problem.FirstError().Text("field"));
        Assert.Contains(reason, problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(0, host.Gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task Odd_names_are_kept_apart_and_safe()
    {
        await using var gateway = await GatewayHost.StartAsync();
        string[] sent = ["../../etc/passwd", "same.jpg", "same.jpg", "=1+1", "a\u001b[31m\nb", " ", "\U0001F469 Ann.jpg"];
        string?[] kept = ["../../etc/passwd", "same.jpg", "same.jpg", "=1+1", "a\uFFFD[31m\uFFFDb", null, "\U0001F469 Ann.jpg"];
        var items = sent.Select(name =>
            $$"""{"image":"{{GatewayHost.Base64("x")}}","item_name":{{JsonSerializer.Serialize(name)}} }""");
        var id = (await gateway.PostAsync("/api/visage/job", $$"""{"items":[{{string.Join(',', items)}}]}""")).Text("job_id");
        await gateway.EndOfAsync(id);

        var results = (await gateway.GetAsync($"/api/jobs/{id}/results?format=json")).GetProperty("data").EnumerateArray();
        Assert.Equal(kept, results.Select(result => result.Has("item_name") ? result.Text("item_name") : null));
        var rows = (await gateway.Http.GetStringAsync(new Uri($"{gateway.Url}/api/jobs/{id}/results?format=csv"), Cancellation))
            .Split("\r\n");
        Assert.Equal("'=1+1", rows[4].Split(',')[3]);
        var archive = new MemoryStream(
            await gateway.Http.GetByteArrayAsync(new Uri($"{gateway.Url}/api/jobs/{id}/results?format=zip"), Cancellation));
        using var zip = new ZipArchive(archive);
        var names = zip.Entries.Select(entry => entry.FullName).ToList();
        Assert.Equal(sent.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.DoesNotMatch(@"[/\\\x00-\x1f]|^\.", name));
    }

    [Fact]
    public async Task An_item_may_have_settings_of_its_own()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(
            "/api/visage/job",
            $$"""
            {"items":["{{GatewayHost.Base64("plain")}}",{"image":"{{GatewayHost.Base64("own")}}","threshold":0.9,"max_faces":3}],
            "config":{"threshold":0.6} }
            """);
        var id = answer.Text("job_id");
        var job = await gateway.EndOfAsync(id);

        string BodyOf(string item) => gateway.Visage.Ledger.Calls.Single(call => call.Call!.Item == item).Call!.Text;
        Assert.Contains("\"threshold\":0.6", BodyOf("plain"), StringComparison.Ordinal);
        Assert.Contains("\"threshold\":0.9,\"results\":3", BodyOf("own"), StringComparison.Ordinal);
        var results = (await gateway.GetAsync($"/api/visage/job/{id}/results")).GetProperty("visage_results");
        Assert.Equal((0.6, 0.9), (results[0].Number("threshold_used"), results[1].Number("threshold_used")));
        // A photo alone has neither an input nor a name.
        Assert.False(job.GetProperty("tasks")[0].GetProperty("input_data").Has("item"));
        Assert.False(job.GetProperty("tasks")[0].Has("item_name"));
    }

    [Fact]
    public async Task The_face_service_describes_its_items_as_declared_services_do()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var schema = await gateway.GetAsync("/api/services/visage/schema");

        Assert.Equal("visage", schema.Text("name"));
        Assert.Equal(
            ["identify", "compare", "one-to-many", "video"],
            schema.GetProperty("operations").EnumerateArray().Select(one => one.Text("name")));
        var photo = schema.GetProperty("operations")[0].GetProperty("item_schema").GetProperty("properties");
        Assert.True(photo.Has("image") && photo.Has("threshold") && photo.Has("item_name"));
    }

    [Theory]
    [InlineData("""{"path":"FOLDER/a.jpg"}""", "a.jpg")]
    [InlineData("""{"image":{"path":"FOLDER/sub/c.jpg"},"item_name":"Ann"}""", "Ann")]
    [InlineData("""{"image":"eA==","item_name":"Bo.jpg"}""", "Bo.jpg")]
    public async Task A_single_photo_has_a_name_too(string body, string name)
    {
        await using var host = await NamedItems.StartAsync();

        var answer = await host.Gateway.PostAsync(
            "/api/visage/task", body.Replace("FOLDER", host.Photos.Path, StringComparison.Ordinal));

        Assert.Equal(name, (await host.Gateway.EndOfAsync(answer.Text("job_id"))).GetProperty("tasks")[0].Text("item_name"));
    }
}
