using System.Globalization;
using System.Text.Json;
using StashAI.Gateway.Tests.Pages;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary>
/// Photos of a person over all jobs, who is on them too, and the people of a job; while the face service runs and while not.
/// </summary>
public sealed class AlbumTests
{
    private const string Ann = ScriptedGallery.Ann;

    /// <summary>A person whom the gallery no longer knows.</summary>
    private const string Bo = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a60";

    [Fact]
    public async Task Photos_of_a_person_are_listed_best_first_over_all_jobs()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var (first, second) = (await EndAsync(gateway, "A50 B90", "A70", "-"), await EndAsync(gateway, "B10 A90 A20", "A70 B70"));

        var path = $"/api/people/{Ann}/photos";
        var all = await WalkAsync(gateway, path, 2);
        Assert.Equal([0.9, 0.7, 0.7, 0.5], all.Select(photo => photo.Number("confidence")));
        Assert.Equal([second, second, first, first], all.Select(photo => photo.Text("job_id")));
        Assert.Equal(
            [(1, 0.9, 1), (2, 0.2, 2)],
            all[0].GetProperty("faces").EnumerateArray().Select(
                face => (face.Whole("face"), face.Number("confidence"), face.GetProperty("box").Whole("x"))));
        var task = await gateway.GetAsync($"/api/tasks/{all[0].Text("task_id")}");
        Assert.Equal((second, all[0].Text("completed_at")), (task.Text("job_id"), task.Text("finished_at")));
        Assert.Equal("B10 A90 A20", await gateway.Http.GetStringAsync(all[0].Text("photo_url"), TestContext.Current.CancellationToken));

        Assert.Equal([0.7, 0.5], (await WalkAsync(gateway, $"{path}?job={first}", 1)).Select(photo => photo.Number("confidence")));
        var certain = await WalkAsync(gateway, $"{path}?min_confidence=0.6", 1);
        Assert.Equal([0.9, 0.7, 0.7], certain.Select(photo => photo.Number("confidence")));
        Assert.Equal(2, (await WalkAsync(gateway, $"/api/people/{Ann.ToUpperInvariant()}/photos?job={first}", 9)).Count);
        (await gateway.Http.DeleteAsync($"/api/jobs/{second}", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Assert.Equal([0.7, 0.5], (await WalkAsync(gateway, path, 1)).Select(photo => photo.Number("confidence")));
    }

    [Fact]
    public async Task The_people_of_a_job_are_a_page_of_the_gallery_with_those_on_most_photos_first()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var job = await EndAsync(gateway, "A50 B90", "A70", "-", "A10 A20");
        await EndAsync(gateway, "B10", "B20", "B30");

        var status = await gateway.GetAsync($"/api/queue/status/{job}");
        var address = status.GetProperty("aggregate_results").Text("people_url");
        var people = await WalkAsync(gateway, address[address.IndexOf("/api/", StringComparison.Ordinal)..], 1);

        Assert.Equal(
            [(Ann, "Ann", 3, 0.7, 2), (Bo, "B of results", 1, 0.9, 0)],
            people.Select(
                one => (one.Text("id"), one.Text("name"), one.Whole("photos"), one.Number("best_confidence"), one.Whole("faces"))));
        Assert.StartsWith($"{gateway.Url}/api/visage/pictures/", people[0].Text("image"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, people[1].GetProperty("created_at").ValueKind);

        Assert.Equal(
            [(Bo, "B of results", 1)],
            (await WalkAsync(gateway, $"/api/people/{Ann}/together", 5))
                .Select(one => (one.Text("id"), one.Text("name"), one.Whole("photos"))));
        Assert.Equal("Ann", (await WalkAsync(gateway, $"/api/people/{Bo}/together?job={job}", 5))[0].Text("name"));
    }

    [Fact]
    public async Task While_the_face_service_is_down_the_stored_results_answer()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var job = await EndAsync(gateway, "A50 B90", "A70");
        await gateway.Visage.GoDownAsync();

        Assert.Equal(2, (await WalkAsync(gateway, $"/api/people/{Ann}/photos", 1)).Count);
        Assert.Equal("A of results", Assert.Single(await WalkAsync(gateway, $"/api/people/{Bo}/together", 1)).Text("name"));
        Assert.Empty(await WalkAsync(gateway, $"/api/people/{ScriptedGallery.Face}/photos", 1));
        Assert.Contains(
            "cannot be reached", (await gateway.GetAsync($"/api/people?in_job={job}", 503)).Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/people/nobody/photos", 404, null)]
    [InlineData("/api/people/nobody/together", 404, null)]
    [InlineData("/api/people/0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a99/photos", 404, null)]
    [InlineData("/api/people/0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a99/together", 404, null)]
    [InlineData($"/api/people/{Ann}/photos?job=0199f0a2-7d1c-7c4e-9b1d-2a6f41000015", 404, null)]
    [InlineData($"/api/people/{Ann}/together?job=nothing", 404, null)]
    [InlineData("/api/people?in_job=nothing", 404, null)]
    [InlineData($"/api/people/{Ann}/photos?min_confidence=1.5", 422, "min_confidence")]
    [InlineData($"/api/people/{Ann}/photos?min_confidence=NaN", 422, "min_confidence")]
    [InlineData($"/api/people/{Ann}/photos?min_confidence=1e-1", 422, "min_confidence")]
    [InlineData($"/api/people/{Ann}/photos?limit=0", 422, "limit")]
    [InlineData($"/api/people/{Ann}/photos?cursor=AAAA", 422, "cursor")]
    [InlineData($"/api/people/{Ann}/photos?cursor=f_AAAAAAAAAAAAAAAAAAAA", 422, "cursor")]
    [InlineData($"/api/people/{Ann}/photos?cursor=%00", 422, "cursor")]
    [InlineData($"/api/people/{Ann}/together?cursor=AAAA", 422, "cursor")]
    [InlineData($"/api/people/{Ann}/together?cursor=AAAAAf8", 422, "cursor")]
    [InlineData("/api/people?in_job=x&name=ann", 422, "name")]
    [InlineData("/api/people?in_job=x&sort=name", 422, "sort")]
    public async Task What_is_unknown_or_not_valid_is_named(string path, int status, string? field)
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var answer = await gateway.GetAsync(path, status);
        if (field is not null) Assert.Equal(field, answer.FirstError().Text("field"));
    }

    [Fact]
    public async Task Answers_are_as_the_document_says()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var job = await EndAsync(gateway, "A50 B90", "A70");
        var document = await gateway.GetAsync("/openapi.json");
        foreach (var (path, example) in new[]
        {
            ("/api/people/{id}/photos", $"/api/people/{Ann}/photos"), ("/api/people/{id}/together", $"/api/people/{Ann}/together"),
            ("/api/people", $"/api/people?in_job={job}"),
        })
        {
            var schema = document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200")
                .GetProperty("content").GetProperty("application/json").GetProperty("schema");
            Assert.Empty(new SchemaCheck(document).Differences(schema, await gateway.GetAsync(example)));
        }
    }

    private static async Task<List<JsonElement>> WalkAsync(GatewayHost gateway, string path, int limit)
    {
        var found = new List<JsonElement>();
        for (string? next = ""; next is not null;)
        {
            var mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await gateway.GetAsync($"{path}{mark}limit={limit}&cursor={next}");
            found.AddRange(page.GetProperty("data").EnumerateArray());
            next = page.GetProperty("next").GetString();
            Assert.True(page.GetProperty("total_is_exact").GetBoolean());
            if (next is null) Assert.Equal(found.Count, page.Whole("total"));
        }

        return found;
    }

    private static async Task<string> EndAsync(GatewayHost gateway, params string[] photos) =>
        (await gateway.EndOfAsync(await gateway.SubmitAsync(photos))).Text("job_id");

    private static async Task<GatewayHost> StartAsync()
    {
        var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Path switch
        {
            _ when call.Path.Contains("?ids=", StringComparison.Ordinal) => People(call, gateway.Visage.Url),
            "/api/gallery/people/" + Ann => ScriptedGallery.Answer(call, gateway.Visage.Url),
            _ when call.Path.StartsWith("/api/gallery", StringComparison.Ordinal) => Reply.Status(
                404, """{"detail":"The gallery has no such person."}""", contentType: "application/problem+json"),
            _ => Reply.Json($$"""{"data":[[{{Faces(call.Item!)}}]]}"""),
        };
        return gateway;
    }

    private static Reply People(ScriptedCall call, string url)
    {
        var ann = call.Path.Contains(Ann, StringComparison.Ordinal)
            ? $$"""
                {"id":"{{Ann}}","name":"Ann","image":"{{url}}/api/gallery/people/{{Ann}}/picture?signature=x","faces":2,
                "created_at":"2030-01-31T08:00:00Z","updated_at":"2030-01-31T08:00:00Z"}
                """
            : "";
        return Reply.Json($$"""{"people":[{{ann}}],"total_count":1}""");
    }

    /// <summary>The faces of a photo such as "A70 B20"; none of "-".</summary>
    private static string Faces(string photo) => string.Join(',', photo.Split(' ').Where(one => one[0] is 'A' or 'B').Select(Face));

    /// <summary>A face such as "A70": of A, and maybe of the other one.</summary>
    private static string Face(string text, int index)
    {
        var (id, other) = text[0] == 'A' ? (Ann, Bo) : (Bo, Ann);
        var confidence = (int.Parse(text[1..], CultureInfo.InvariantCulture) / 100.0).ToString(CultureInfo.InvariantCulture);
        return $$"""
            {"image":"/9j/","box":{"x":{{index}},"y":1,"width":2,"height":3},"performers":[
            {"id":"{{id}}","name":"{{text[0]}} of results","confidence":{{confidence}}},{"id":"{{other}}","name":"other","confidence":0.01}]}
            """;
    }
}
