using System.Text.Json;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Batches of videos: what the service is sent, what a job says of its people, and what is refused.</summary>
public sealed class VideoBatchTests : IDisposable
{
    private const string Ann = """{"id":"ann","name":"Ann","confidence":90}""";

    private readonly TempFolder films = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => films.Dispose();

    [Theory]
    [InlineData("/api/visage/batch/video", "")]
    [InlineData("/api/batch", "\"type\":\"visage.video\",")]
    public async Task A_video_is_the_body_of_its_call_and_the_settings_are_the_query(string route, string type)
    {
        await using var gateway = await StartAsync();
        gateway.Visage.Script = call => Reply.Json(call.Text == "one" ? Film(Ann, Ann) : Film());
        await File.WriteAllTextAsync(films.File("two.mkv"), "two", Cancellation);

        var answer = await gateway.PostAsync(route, $$"""
            {{{type}}"config":{"threshold":0.6,"job_name":"films","frames_per_minute":12,"additional_params":{"max_faces":2} },"items":[
                {"video":"data:video/mp4;name=one.mp4;base64,{{GatewayHost.Base64("one")}}","frames_per_minute":30.5,"detail":"auto","threshold":0.7},
                {"path":{{JsonSerializer.Serialize(films.File("two.mkv"))}},"item_id":"second","max_frames":7},
                "{{GatewayHost.Base64("three")}}"]}
            """);
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(
            ("completed", "visage_batch_video", "films", 3),
            (job.Text("status"), job.Text("job_type"), job.Text("job_name"), job.Whole("total_tasks")));
        var calls = gateway.Visage.Ledger.Calls.Select(call => call.Call!).OrderBy(call => call.Text).ToList();
        Assert.Equal(["one", "three", "two"], calls.Select(call => call.Text));
        Assert.All(calls, call => Assert.Equal("application/octet-stream", call.Header("Content-Type")));
        Assert.Equal(
            [
                "/api/video?threshold=0.7&results=2&frames_per_minute=30.5&detail=auto",
                "/api/video?threshold=0.6&results=2&frames_per_minute=12",
                "/api/video?threshold=0.6&results=2&frames_per_minute=12&max_frames=7",
            ],
            calls.Select(call => call.Path));
        var tasks = job.GetProperty("tasks");
        Assert.Equal("face_video", tasks[0].Text("task_type"));
        Assert.Equal(("one.mp4", "two.mkv", "second"), (tasks[0].Text("item_name"), tasks[1].Text("item_name"), tasks[1].Text("item_id")));
        Assert.Equal(Film(Ann, Ann), tasks[0].GetProperty("output_json").GetRawText());
        var aggregate = job.GetProperty("aggregate_results");
        Assert.Equal((3, 1, 2), (aggregate.Whole("images"), aggregate.Whole("images_with_faces"), aggregate.Whole("faces")));
        var ann = aggregate.GetProperty("people")[0];
        Assert.Equal(("ann", 1, 2), (ann.Text("id"), ann.Whole("images"), ann.Whole("faces")));
        if (GatewayHost.IsDirect) return;
        var shown = await gateway.GetAsync($"/api/visage/job/{job.Text("job_id")}/items?person=ann");
        Assert.Equal(("one.mp4", 2), (shown.GetProperty("data")[0].Text("item_name"), shown.GetProperty("data")[0].Whole("faces")));
        var records = (await gateway.GetAsync($"/api/visage/job/{job.Text("job_id")}/results")).GetProperty("visage_results");
        Assert.Equal((2, 2), (records[0].Whole("faces_detected"), records[0].Whole("total_matches")));
    }

    [Fact]
    public async Task The_videos_of_a_folder_are_items_and_other_files_are_not()
    {
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(Film());
        Directory.CreateDirectory(films.File("more"));
        foreach (var name in (string[])["a.MP4", "more/b.webm", "photo.jpg", "notes.txt", "c.ts"])
            await File.WriteAllTextAsync(films.File(name), name, Cancellation);

        var answer = await gateway.PostAsync(
            "/api/visage/batch/video", $$"""{"items":[{"folder":{{JsonSerializer.Serialize(films.Path)}} }]}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(["a.MP4", "c.ts", "more/b.webm"], job.GetProperty("tasks").EnumerateArray().Select(task => task.Text("item_name")));
        Assert.Equal(
            ["a.MP4", "c.ts", "more/b.webm"],
            gateway.Visage.Ledger.Calls.Select(call => call.Call!.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_files_of_a_form_are_items_with_the_settings_of_its_texts()
    {
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(Film());
        using var form = new MultipartFormDataContent
        {
            { new StringContent("2.5"), "frames_per_minute" },
            { new ByteArrayContent("one"u8.ToArray()), "video", "one.mp4" },
            { new ByteArrayContent("two"u8.ToArray()), "file", "two.mp4" },
        };
        using var response = await gateway.Http.PostAsync("/api/visage/batch/video", form, Cancellation);
        var answer = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.True(response.IsSuccessStatusCode, answer.GetRawText());
        var job = await gateway.EndOfAsync(answer.Text("job_id"));
        Assert.Equal(["one.mp4", "two.mp4"], job.GetProperty("tasks").EnumerateArray().Select(task => task.Text("item_name")));
        Assert.All(
            gateway.Visage.Ledger.Calls, call => Assert.EndsWith("frames_per_minute=2.5", call.Call!.Path, StringComparison.Ordinal));
    }

    /// <summary>More than a photo from an address may have: it goes through, and is in no memory.</summary>
    [Fact]
    public async Task A_video_at_an_address_is_passed_on()
    {
        await using var gateway = await StartAsync();
        await using var media = await ScriptedService.StartAsync(Cancellation);
        var film = new string('f', 70 << 20);
        media.Script = _ => Reply.Status(200, film, contentType: "video/mp4");
        gateway.Visage.Script = _ => Reply.Json(Film(Ann));

        var answer = await gateway.PostAsync("/api/visage/batch/video", $$"""{"items":[{"url":"{{media.Url}}/film.mp4"}]}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal("completed", job.Text("status"));
        Assert.Equal("film.mp4", job.GetProperty("tasks")[0].Text("item_name"));
        Assert.Equal(film.Length, Assert.Single(gateway.Visage.Ledger.Calls).Call!.BodyLength);
    }

    [Theory]
    [InlineData(404, "failed", 1)]
    [InlineData(0, "failed", 2)]
    public async Task An_address_without_the_video_is_named_and_the_service_is_not_blamed(int status, string state, int attempts)
    {
        await using var gateway = await StartAsync();
        await using var media = await ScriptedService.StartAsync(Cancellation);
        media.Script = _ => status == 0 ? Reply.ResetAfter(new string('f', 100_000)) : Reply.Status(status, "no such film");
        gateway.Visage.Script = _ => Reply.Json(Film());
        var answer = await gateway.PostAsync(
            "/api/visage/batch/video",
            $$"""{"items":[{"url":"{{media.Url}}/film.mp4"}],"config":{"max_retries":1} }""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));
        var task = job.GetProperty("tasks")[0];
        Assert.Equal((state, "invalid_input"), (job.Text("status"), task.Text("error_kind")));
        Assert.Contains($"{media.Url}/film.mp4", task.Text("error_message"), StringComparison.Ordinal);
        Assert.Equal(attempts, media.Ledger.Calls.Count);
    }

    [Fact]
    public async Task A_service_without_ffmpeg_is_asked_once_and_its_advice_is_the_error()
    {
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Status(501, """{"detail":"This service reads no videos. Install ffmpeg."}""");
        var answer = await gateway.PostAsync(
            "/api/visage/batch/video", $$"""{"items":["{{GatewayHost.Base64("one")}}"],"config":{"max_retries":3} }""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));
        Assert.Contains("Install ffmpeg.", job.GetProperty("tasks")[0].Text("error_message"), StringComparison.Ordinal);
        Assert.Single(gateway.Visage.Ledger.Calls);
    }

    [Theory]
    [InlineData("""{"items":["b25l"],"config":{"frames_per_minute":601} }""", "config.frames_per_minute")]
    [InlineData("""{"items":["b25l"],"config":{"max_frames":0} }""", "config.max_frames")]
    [InlineData("""{"items":["b25l"],"config":{"detail":"most"} }""", "config.detail")]
    [InlineData("""{"items":[{"video":"b25l","max_frames":2001}]}""", "items[0].max_frames")]
    [InlineData("""{"items":[{"video":"b25l","detail":"most"}]}""", "items[0].detail")]
    [InlineData("""{"items":[{"threshold":0.5}]}""", "items[0].video")]
    [InlineData("""{"items":[{"video":"b25l","frames":5}]}""", "items[0].frames")]
    [InlineData("""{"items":[{"path":"/etc/passwd"}]}""", "items[0].video")]
    public async Task What_is_not_valid_is_refused_by_its_name(string body, string field)
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.PostAsync("/api/visage/batch/video", body, 422);
        Assert.Equal(field, answer.GetProperty("errors")[0].Text("field"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/predict_1")]
    [InlineData("/api/identify")]
    [InlineData("/api/video")]
    public async Task The_address_of_another_route_of_the_service_stands_for_that_of_videos(string path)
    {
        await using var gateway = await StartAsync();
        await using var other = await ScriptedService.StartAsync(Cancellation);
        other.Script = _ => Reply.Json(Film());
        var answer = await gateway.PostAsync(
            "/api/visage/batch/video", $$"""{"items":["b25l"],"visage_api_url":"{{other.Url}}{{path}}"}""");
        Assert.Equal("completed", (await gateway.EndOfAsync(answer.Text("job_id"))).Text("status"));
        Assert.Equal("/api/video?threshold=0.5", Assert.Single(other.Ledger.Calls).Call!.Path);
    }

    [Fact]
    public async Task Settings_of_videos_are_unknown_to_photos()
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.PostAsync(
            "/api/visage/batch/identify", """{"images":["b25l"],"config":{"frames_per_minute":1} }""", 422);
        Assert.Equal("config.frames_per_minute", answer.GetProperty("errors")[0].Text("field"));
    }

    [Fact]
    public async Task The_schema_says_what_a_video_and_its_settings_are_and_how_long_it_may_take()
    {
        await using var gateway = await StartAsync();
        var operations = (await gateway.GetAsync("/api/services/visage/schema")).GetProperty("operations").EnumerateArray().ToList();
        var video = Assert.Single(operations, one => one.Text("name") == "video");
        Assert.Equal(("/api/visage/batch/video", 1800.0), (video.Text("route"), video.Number("timeout_seconds")));
        Assert.Contains("frames_per_minute", video.GetProperty("item_schema").GetRawText(), StringComparison.Ordinal);
        var photo = Assert.Single(operations, one => one.Text("name") == "identify");
        Assert.Equal(120.0, photo.Number("timeout_seconds"));
        Assert.Equal(("image/*", "video/*"), (MediaOf(photo, "image"), MediaOf(video, "video")));

        static string? MediaOf(JsonElement operation, string file) => operation.GetProperty("item_schema").GetProperty("properties")
            .GetProperty(file).GetProperty("oneOf")[0].Text("contentMediaType");
    }

    private static string Film(params string[] people) =>
        $$"""
        {"cover":{"attached":false,"time":0,"image":"/9j/","faces":[]},"frames":[{{string.Join(',', people.Select(
            (person, i) => $$"""{"start":{{i}},"end":{{i + 1}},"faces":[{"image":"/9j/","performers":[{{person}}]}]}"""))}}],"people":[]}
        """;

    private Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(new()
    {
        ["ALLOWED_FOLDERS"] = films.Path,
        ["ALLOWED_FETCH_HOSTS"] = "127.0.0.1",
        ["ALLOWED_UPSTREAMS"] = "127.0.0.1",
    });
}
