using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Batches of comparisons: what the service is sent, what a job says of its pairs, and what is refused.</summary>
public sealed class CompareBatchTests
{
    private const string Different =
        """{"data":{"similarity":0.1,"distance":0.9,"confidence":0,"is_match":false,"faces1":1,"faces2":2},"threshold_cosine":0.42}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/visage/batch/compare", "")]
    [InlineData("/api/batch", "\"type\":\"visage.compare\",")]
    public async Task Each_pair_is_one_call_with_its_two_sides(string route, string type)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => Reply.Json(
            call.JsonField("person2") == "Bo" ? Match("Ann", "Bo", 0.8) : call.JsonField("person1") == "Ann" ? NoFace : Different);
        var (one, two) = (GatewayHost.Base64("one"), GatewayHost.Base64("two"));

        var answer = await gateway.PostAsync(route, $$$"""
            {{{{type}}}"config":{"threshold":0.6,"job_name":"pairs"},"items":[
                {"image1":"data:image/png;base64,{{{one}}}","image2":"{{{two}}}","face2":{"index":1},"item_id":"p0"},
                {"person1":"Ann","person2":"Bo"},
                {"person1":"Ann","image2":"{{{two}}}"}]}
            """);
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(
            ("completed", "visage_batch_face_comparison", "pairs", 3),
            (job.Text("status"), job.Text("job_type"), job.Text("job_name"), job.Whole("total_tasks")));
        Assert.Equal(0.6, answer.Number("threshold_used"));
        Assert.All(gateway.Visage.Ledger.Calls, call => Assert.Equal("/api/compare_faces", call.Call!.Path));
        Assert.Equal(
            [
                $$$"""{"image1":"{{{one}}}","image2":"{{{two}}}","face2":{"index":1},"threshold":0.6}""",
                $$$"""{"image2":"{{{two}}}","person1":"Ann","threshold":0.6}""",
                """{"person1":"Ann","person2":"Bo","threshold":0.6}""",
            ],
            gateway.Visage.Ledger.Calls.Select(call => call.Call!.Text).Order(StringComparer.Ordinal));
        Assert.Equal(
            """{"pairs":3,"matches":1,"without_face":1,"highest_similarity":0.8,"lowest_similarity":0.1,"matching_items":[1]}""",
            job.GetProperty("aggregate_results").GetRawText());
        var tasks = job.GetProperty("tasks");
        Assert.Equal("face_compare", tasks[0].Text("task_type"));
        Assert.Equal(one, tasks[0].GetProperty("input_data").Text("image1")[^one.Length..]);
        Assert.EndsWith(
            "/input/image2", tasks[0].GetProperty("input_data").GetProperty("input_urls").Text("image2"), StringComparison.Ordinal);
        Assert.Equal("p0", (await gateway.GetAsync($"/api/queue/status/{job.Text("job_id")}")).GetProperty("results")[0].Text("item_id"));
        var records = (await gateway.GetAsync($"/api/visage/job/{job.Text("job_id")}/results")).GetProperty("visage_results");
        Assert.Equal((3, 0, 1), (records[0].Whole("faces_detected"), records[0].Whole("total_matches"), records[1].Whole("total_matches")));
    }

    [Theory]
    [InlineData("/api/visage/batch/one-to-many", "", true)]
    [InlineData("/api/visage/batch/one-to-many", "", false)]
    [InlineData("/api/batch", "\"type\":\"visage.one-to-many\",", false)]
    public async Task Many_are_compared_with_one_and_ranked(string route, string type, bool isTargetFirst)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => Reply.Json(
            call.JsonField("person2") is { } person
                ? Match(null, person, 0.7)
                : call.JsonField("image2") == GatewayHost.Base64("far") ? Different : Match(null, null, 0.9));
        var target = $$$"""{"image":"{{{GatewayHost.Base64("the target")}}}","face":{"x":10,"y":20.5} }""";
        var items = $$$"""["{{{GatewayHost.Base64("far")}}}",{"person":"Bo"},{"image":"{{{GatewayHost.Base64("near")}}}","id":7}]""";

        var answer = await gateway.PostAsync(
            route,
            isTargetFirst ? $$"""{"target":{{target}},"items":{{items}} }""" : $$"""{{{type}}"items":{{items}},"target":{{target}} }""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(
            ("completed", "visage_batch_one_to_many_compare", 3), (job.Text("status"), job.Text("job_type"), job.Whole("total_tasks")));
        Assert.All(
            gateway.Visage.Ledger.Calls,
            call => Assert.StartsWith($"{{\"image1\":\"{GatewayHost.Base64("the target")}\",", call.Call!.Text, StringComparison.Ordinal));
        Assert.All(
            gateway.Visage.Ledger.Calls,
            call => Assert.Contains("\"face1\":{\"x\":10,\"y\":20.5}", call.Call!.Text, StringComparison.Ordinal));
        var aggregate = job.GetProperty("aggregate_results");
        Assert.Equal((3, 2, 0), (aggregate.Whole("items"), aggregate.Whole("matches"), aggregate.Whole("without_face")));
        Assert.Equal([2, 1, 0], aggregate.GetProperty("ranking").EnumerateArray().Select(item => item.Whole("item")));
        Assert.Equal("Bo", aggregate.GetProperty("ranking")[1].Text("person"));
        Assert.Equal(
            ["items[2]", "items[1].person", "items[0]"],
            aggregate.GetProperty("ranking").EnumerateArray().Select(item => item.Text("field")));
        Assert.Equal("""{"target":false,"items":[]}""", aggregate.GetProperty("without_face_in").GetRawText());
        var input = job.GetProperty("tasks")[2].GetProperty("input_data");
        Assert.False(input.Has("target_image"));
        Assert.Equal("the target", await gateway.Http.GetStringAsync(input.GetProperty("input_urls").Text("target_image"), Cancellation));
        Assert.Equal(7, input.GetProperty("item").Whole("id"));
    }

    [Fact]
    public async Task Faults_of_one_with_many_are_told_in_the_fields_that_the_client_sent()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.JsonField("person2") switch
        {
            "Bo" => Reply.Status(404, "person2: the gallery has no person 'image1 of Bo'. Send image2, not person2"),
            "Cy" => Reply.Status(422, "face1 chooses a face of image1"),
            _ => Reply.Json("""{"data":{"similarity":0,"distance":1,"confidence":0,"is_match":false,"faces1":1,"faces2":0}}"""),
        };

        var answer = await gateway.PostAsync(
            "/api/visage/batch/one-to-many",
            $$"""{"target":"{{GatewayHost.Base64("t")}}","items":["{{GatewayHost.Base64("a")}}",{"person":"Bo"},{"person":"Cy"},{"image":"{{GatewayHost.Base64("b")}}"}]}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(
            """{"target":false,"items":[0,3]}""", job.GetProperty("aggregate_results").GetProperty("without_face_in").GetRawText());
        var messages = job.GetProperty("tasks").EnumerateArray().Where(task => task.Text("status") == "failed")
            .Select(task => task.Text("error_message")).ToList();
        Assert.Contains(
            "items[1].person: the gallery has no person 'image1 of Bo'. Send items[1], not items[1].person",
            messages[0],
            StringComparison.Ordinal);
        Assert.Contains("target.face chooses a face of target", messages[1], StringComparison.Ordinal);
        Assert.DoesNotContain("person2", job.GetProperty("error_summary").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_without_a_face_is_named()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json(
            """{"data":{"similarity":0,"distance":1,"confidence":0,"is_match":false,"faces1":0,"faces2":2}}""");

        var answer = await gateway.PostAsync(
            "/api/visage/batch/one-to-many", $$"""{"target":"{{GatewayHost.Base64("t")}}","items":["{{GatewayHost.Base64("a")}}"]}""");
        var aggregate = (await gateway.EndOfAsync(answer.Text("job_id"))).GetProperty("aggregate_results");

        Assert.Equal(
            (1, """{"target":true,"items":[]}"""),
            (aggregate.Whole("without_face"), aggregate.GetProperty("without_face_in").GetRawText()));
    }

    [Fact]
    public async Task A_person_of_the_gallery_may_be_the_target()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json(Different);

        var answer = await gateway.PostAsync(
            "/api/visage/batch/one-to-many",
            $$"""{"target":{"person":"Ann"},"items":["{{GatewayHost.Base64("x")}}"],"visage_api_url":"http://localhost:9997/api/predict_1"}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        // The address that clients know is that of another route of the same service.
        Assert.Equal("/api/compare_faces", gateway.Visage.Ledger.Calls[0].Call!.Path);
        Assert.Equal("Ann", gateway.Visage.Ledger.Calls[0].Call!.JsonField("person1"));
        Assert.Equal("Ann", job.GetProperty("job_config").Text("target_person"));
        Assert.False(job.GetProperty("tasks")[0].GetProperty("input_data").Has("input_urls"));
    }

    [Theory]
    [InlineData("compare", """{"items":[{"image1":"eA==","image2":"eA=="},{"image1":"eA=="}]}""", 422, "items[1].image2", 1, "is missing")]
    [InlineData(
        "compare", """{"items":[{"image1":"eA==","person1":"Ann","person2":"Bo"}]}""", 422, "items[0].image1", 0, "send one of them")]
    [InlineData(
        "compare", """{"items":[{"person1":"Ann","face1":{"index":0},"person2":"Bo"}]}""", 422, "items[0].face1", 0, "there is none")]
    [InlineData("compare", """{"items":[{"person1":"Ann","person2":""}]}""", 422, "items[0].person2", 0, "of 1 to 200 characters")]
    [InlineData("compare", """{"items":[{"image":"eA==","person2":"Bo"}]}""", 422, "items[0].image", 0, "Did you mean")]
    [InlineData("compare", """{"items":[{"image1":"!","person2":"Bo"}]}""", 422, "items[0].image1", 0, "base64")]
    [InlineData("compare", """{"items":["eA=="]}""", 422, "items[0]", 0, "it must be an object with image1")]
    [InlineData("compare", """{"items":[{"person1":"Ann","image2":"eA==","face2":{"x":-1}}]}""", 422, "items[0].face2.x", 0, "at least 0")]
    [InlineData("compare", """{"items":[]}""", 400, "items", null, "at least one pair")]
    [InlineData(
        "compare", """{"items":[{"person1":"Ann","person2":"Bo"}],"config":{"threshold":2}}""", 422, "config.threshold", null,
        "from 0 to 1")]
    [InlineData(
        "compare", """{"items":[{"person1":"Ann","image2":{"url":"http://169.254.169.254/x"}}]}""", 422, "items[0].image2", 0, "169.254")]
    [InlineData(
        "compare", """{"items":[{"person1":"Ann","image2":"eA==","face2":{"x":3}}]}""", 422, "items[0].face2", 0, "x and y, or an index")]
    [InlineData(
        "compare", """{"items":[{"person1":"Ann","image2":"eA==","face2":{"x":3,"y":4,"index":0}}]}""", 422, "items[0].face2", 0,
        "x and y, or an index")]
    [InlineData(
        "one-to-many", """{"target":{"image":"eA==","face":{"y":3}},"items":["eA=="]}""", 422, "target.face", null, "x and y, or an index")]
    [InlineData("one-to-many", """{"items":["eA=="]}""", 400, "target", null, "target is missing")]
    [InlineData("one-to-many", """{"target":"!","items":["eA=="]}""", 422, "target", null, "is not base64")]
    [InlineData(
        "one-to-many", """{"target":{"image":"eA==","person":"Ann"},"items":["eA=="]}""", 422, "target.image", null, "send one of them")]
    [InlineData("one-to-many", """{"target":{"name":"Ann"},"items":["eA=="]}""", 422, "target.name", null, "is not known")]
    [InlineData("one-to-many", """{"target":7,"items":["eA=="]}""", 422, "target", null, "it must be an object")]
    [InlineData(
        "one-to-many", """{"target":"eA==","items":["eA==",{"person":"Ann","image":"eA=="}]}""", 422, "items[1].image", 1,
        "send one of them")]
    [InlineData("one-to-many", """{"target":"eA==","items":[5]}""", 422, "items[0]", 0, "it must be an object")]
    [InlineData("one-to-many", """[]""", 400, "body", null, "JSON object")]
    public async Task What_cannot_be_compared_is_refused_with_its_place_and_leaves_nothing(
        string route, string body, int status, string field, int? item, string reason)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var problem = await gateway.PostAsync($"/api/visage/batch/{route}", body, status);

        var error = problem.FirstError();
        Assert.Equal(field, error.Text("field"));
        if (item is { } index) Assert.Equal(index, error.Whole("item"));
        Assert.Contains(reason, problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Theory]
    [InlineData("compare", """{"path":"FOLDER/a\u0000b"}""", "items[0].image1")]
    [InlineData("compare", """{"path":"FOLDER/loop"}""", "items[0].image1")]
    [InlineData("compare", """{"path":"FOLDER/nothing"}""", "items[0].image1")]
    [InlineData("compare", """{"url":"http://169.254.169.254/x"}""", "items[0].image1")]
    [InlineData("one-to-many", """{"path":"FOLDER/a\u0000b"}""", "items[0]")]
    [InlineData("one-to-many", """{"url":"http://169.254.169.254/x"}""", "items[0]")]
    public async Task A_file_or_address_that_may_not_be_used_is_refused_once(string route, string photo, string field)
    {
        var folder = Directory.CreateTempSubdirectory("stashai-compare-");
        try
        {
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "loop"), Path.Combine(folder.FullName, "loop"));
            await using var gateway = await GatewayHost.StartAsync(new() { ["ALLOWED_FOLDERS"] = folder.FullName });
            photo = photo.Replace("FOLDER", folder.FullName, StringComparison.Ordinal);

            var problem = await gateway.PostAsync(
                $"/api/visage/batch/{route}",
                route == "compare"
                    ? $$"""{"items":[{"image1":{{photo}},"person2":"Bo"}]}"""
                    : $$"""{"target":"eA==","items":[{{photo}}]}""",
                422);

            var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
            Assert.Equal((field, 0), (error.Text("field"), error.Whole("item")));
            Assert.Empty(gateway.Errors.Lines);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_photo_of_a_pair_may_be_fetched_from_a_url_when_it_is_its_turn()
    {
        await using var photos = await ScriptedService.StartAsync(Cancellation);
        photos.Script = _ => Reply.Status(200, "far away", contentType: "image/jpeg");
        await using var gateway = await GatewayHost.StartAsync(new() { ["ALLOWED_FETCH_HOSTS"] = "127.0.0.1" });
        gateway.Visage.Script = _ => Reply.Json(Different);

        var answer = await gateway.PostAsync(
            "/api/visage/batch/compare", $$$"""{"items":[{"person1":"Ann","image2":{"url":"{{{photos.Url}}}/a.jpg"}}]}""");
        await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(GatewayHost.Base64("far away"), gateway.Visage.Ledger.Calls[0].Call!.JsonField("image2"));
    }

    private const string NoFace = """{"data":{"similarity":0,"distance":2,"confidence":0,"is_match":false,"faces2":0}}""";

    private static string Match(string? person1, string? person2, double similarity) =>
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["data"] = new Dictionary<string, object?>
            {
                ["person1"] = person1,
                ["person2"] = person2,
                ["similarity"] = similarity,
                ["distance"] = 1 - similarity,
                ["confidence"] = 99,
                ["is_match"] = true,
            },
        });
}
