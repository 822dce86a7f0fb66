using System.Collections.Concurrent;
using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary>
/// Naming a group without some of its faces: they are neither enrolled nor named. The group has three faces, of which the first two show
/// the person best.
/// </summary>
public sealed class LeftOutFaceTests
{
    private const string Photo =
        """{"data":[[{"image":"/9j/AAE=","performers":[],"ambiguous":false},{"image":"/9j/AAE=","performers":[],"ambiguous":false}]]"""
        + ""","threshold_cosine":0.45,"gallery_version":3,"kept_faces":"AQID"}""";

    private const string Groups =
        """{"gallery_version":3,"threshold_cosine":0.45,"photos":3,"faces":6,"unknown":5,"groups":["""
        + """{"best":2,"photos":[2,0,1],"faces":[1,0,1]},{"best":1,"photos":[0],"faces":[1]}]}""";

    private readonly ConcurrentDictionary<string, string> people = new();
    private readonly List<string> enrolments = [];
    private readonly List<string> rejected = [];

    /// <summary>False while the face service fails to keep rejections.</summary>
    private bool keepsRejections = true;

    [Fact]
    public async Task A_face_that_is_left_out_is_not_enrolled_and_is_rejected_before_the_results_are_judged_again()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var (job, tasks) = await EndedAsync(gateway);
        var group = await GroupAsync(gateway, job);

        var named = await NameAsync(gateway, job, group, [(tasks[2], 1)], 200);

        Assert.Equal((1, 1), (named.Whole("enrolled"), named.Whole("rejected")));
        using var enrolled = JsonDocument.Parse(Assert.Single(enrolments));
        Assert.Equal([$"result:{tasks[0]}/0"], SourcesOf(enrolled.RootElement));
        Assert.Equal([$"result:{tasks[2]}/1"], rejected);
        var rematch = named.GetProperty("rematch");
        while (rematch.Text("state") == "running") rematch = await gateway.GetAsync($"/api/jobs/{job}/rematch");
        Assert.Equal(("completed", 3), (rematch.Text("state"), rematch.Whole("judged")));
        var paths = gateway.Visage.Ledger.Calls.Select(call => $"{call.Call!.Method} {call.Call.Path}").ToList();
        var person = named.GetProperty("person").Text("id");
        Assert.InRange(
            paths.IndexOf($"POST /api/gallery/people/{person}/rejections"), 1,
            paths.FindIndex(path => path.StartsWith("POST /api/rematch", StringComparison.Ordinal)));

        var shown = await gateway.GetAsync($"/api/jobs/{job}/clusters/{group}");
        Assert.Equal((3, 1), (shown.Whole("faces"), shown.Whole("rejected")));
        Assert.Equal([true, false, false], Rejected(shown, "data"));
        var first = (await gateway.GetAsync($"/api/jobs/{job}/clusters")).GetProperty("data")[0];
        Assert.Equal((1, person), (first.Whole("rejected"), first.GetProperty("person").Text("id")));
        Assert.Equal([true, false, false], Rejected(first, "examples"));
        var audit = (await gateway.GetAsync("/api/audit")).GetProperty("data")[0];
        Assert.Equal(("name_group", 1), (audit.Text("action"), audit.GetProperty("details").Whole("rejected")));

        var again = await NameAsync(gateway, job, group, [(tasks[2], 1)], 200);

        Assert.Equal((0, 1, person), (again.Whole("enrolled"), again.Whole("rejected"), again.GetProperty("person").Text("id")));
        Assert.Single(enrolments);
        Assert.Equal([$"result:{tasks[2]}/1"], rejected);
    }

    [Fact]
    public async Task Where_all_of_the_best_faces_are_left_out_the_next_are_enrolled()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var (job, tasks) = await EndedAsync(gateway);

        var named = await NameAsync(gateway, job, await GroupAsync(gateway, job), [(tasks[0], 0), (tasks[2], 1)], 200);

        Assert.Equal((1, 2), (named.Whole("enrolled"), named.Whole("rejected")));
        using var enrolled = JsonDocument.Parse(Assert.Single(enrolments));
        Assert.Equal([$"result:{tasks[1]}/1"], SourcesOf(enrolled.RootElement));
    }

    [Fact]
    public async Task What_cannot_be_left_out_is_refused_by_its_place_and_nobody_is_enrolled()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var (job, tasks) = await EndedAsync(gateway);
        var group = await GroupAsync(gateway, job);
        var face = $$"""{"task":"{{tasks[2]}}","face":1}""";
        foreach (var (without, named) in new[]
        {
            // A face of the photo that is in another group, one that is nowhere, and a task that is nowhere.
            ($$"""[{{face}},{"task":"{{tasks[0]}}","face":1}]""", "without[1]"),
            ($$"""[{{face}},{"task":"{{tasks[0]}}","face":7}]""", "without[1]"),
            ($$"""[{"task":"{{Guid.NewGuid()}}","face":0}]""", "without[0]"),
            ($"[{face},{face}]", "without[1]"),
            ($$"""[{{face}},{"task":"{{tasks[0]}}","face":0},{"task":"{{tasks[1]}}","face":1}]""", "without"),
            ("""[{"task":"a","face":0}]""", "without[0].task"),
            ("""[{"face":0}]""", "without[0].task"),
            ($$"""[{"task":"{{tasks[2]}}"}]""", "without[0].face"),
            ($$"""[{"task":"{{tasks[2]}}","face":-1}]""", "without[0].face"),
            ($$"""[{"task":"{{tasks[2]}}","face":1,"why":""}]""", "without[0].why"),
            ($"[{string.Join(',', Enumerable.Range(0, 1001).Select(_ => face))}]", "without"),
            ("[7]", "without[0]"),
            ("{}", "without"),
        })
        {
            var refusal = await gateway.PostAsync(
                $"/api/jobs/{job}/clusters/{group}/name", $$"""{"name":"Ann","without":{{without}}}""", 422);
            Assert.Equal((without, named), (without, refusal.GetProperty("errors")[0].Text("field")));
        }

        Assert.Empty(enrolments);
        Assert.Empty(rejected);
        var untouched = await NameAsync(gateway, job, group, [], 200);
        Assert.Equal((2, 0), (untouched.Whole("enrolled"), untouched.Whole("rejected")));
    }

    [Fact]
    public async Task A_name_whose_rejections_were_not_kept_is_finished_by_the_same_request()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var (job, tasks) = await EndedAsync(gateway);
        var group = await GroupAsync(gateway, job);
        keepsRejections = false;
        await NameAsync(gateway, job, group, [(tasks[2], 1)], 503);
        var shown = await gateway.GetAsync($"/api/jobs/{job}/clusters/{group}");
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("person").ValueKind);
        keepsRejections = true;

        var named = await NameAsync(gateway, job, group, [(tasks[2], 1)], 200);

        Assert.Equal((0, 1), (named.Whole("enrolled"), named.Whole("rejected")));
        Assert.Single(enrolments);
        Assert.Equal([$"result:{tasks[2]}/1"], rejected);
    }

    private static IEnumerable<bool> Rejected(JsonElement group, string list) =>
        group.GetProperty(list).EnumerateArray().Select(face => face.GetProperty("rejected").GetBoolean());

    private static IEnumerable<string> SourcesOf(JsonElement body) =>
        body.GetProperty("faces").EnumerateArray().Select(face => face.Text("source"));

    private static Task<JsonElement> NameAsync(
        GatewayHost gateway, string job, string group, (string Task, int Face)[] without, int status) => gateway.PostAsync(
            $"/api/jobs/{job}/clusters/{group}/name",
            JsonSerializer.Serialize(new { name = "Ann", without = without.Select(face => new { task = face.Task, face = face.Face }) }),
            status);

    private async Task<GatewayHost> StartAsync()
    {
        var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = Answer;
        return gateway;
    }

    /// <summary>A job of three photos that has ended, and its tasks in order.</summary>
    private static async Task<(string Job, IReadOnlyList<string> Tasks)> EndedAsync(GatewayHost gateway)
    {
        var job = await gateway.SubmitAsync("a", "b", "c");
        await gateway.EndOfAsync(job);
        var tasks = (await gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data").EnumerateArray();
        return (job, [.. tasks.OrderBy(task => task.Whole("index")).Select(task => task.Text("id"))]);
    }

    private static async Task<string> GroupAsync(GatewayHost gateway, string job)
    {
        var state = await gateway.PostAsync($"/api/jobs/{job}/clusters", "", 202);
        while (state.Text("state") == "running") state = await gateway.GetAsync($"/api/jobs/{job}/clusters");
        return state.GetProperty("data")[0].Text("group");
    }

    private Reply Answer(ScriptedCall call)
    {
        var path = call.Path.Split('?')[0];
        switch (call.Method, path)
        {
            case ("POST", "/api/predict_1"):
                return Reply.Json(Photo);
            case ("POST", "/api/groups"):
                return Reply.Json(Groups);
            case ("POST", "/api/rematch"):
                return Reply.Json(Judgement(call));
            case ("POST", "/api/gallery/people"):
                lock (enrolments) enrolments.Add(call.Text);
                var id = call.Header("X-StashAI-Person")!;
                people[id] = call.JsonField("name")!;
                return Reply.Json(Person(id));
            case ("POST", _) when path.EndsWith("/rejections", StringComparison.Ordinal):
                return keepsRejections ? Reject(call) : Reply.Status(500);
            case ("GET", _) when path.EndsWith("/rejections", StringComparison.Ordinal):
                return Rejections();
            case ("GET", _) when people.ContainsKey(path.Split('/')[^1]):
                return Reply.Json(Person(path.Split('/')[^1]));
            default:
                return Reply.Status(404, """{"detail":"Nobody."}""", contentType: "application/problem+json");
        }
    }

    /// <summary>As the face service: each face once. A rejection needs no picture.</summary>
    private Reply Reject(ScriptedCall call)
    {
        using var body = JsonDocument.Parse(call.Text);
        Assert.DoesNotContain("image", call.Text, StringComparison.Ordinal);
        lock (rejected) rejected.AddRange(SourcesOf(body.RootElement).Except(rejected).ToList());
        return Rejections();
    }

    private Reply Rejections()
    {
        lock (rejected)
        {
            var all = rejected.Select(source =>
                $$"""{"id":"{{Guid.NewGuid()}}","source":"{{source}}","created_at":"2030-01-31T08:00:00Z"}""");
            return Reply.Json($$"""{"rejections":[{{string.Join(',', all)}}]}""");
        }
    }

    private static string Judgement(ScriptedCall call)
    {
        using var body = JsonDocument.Parse(call.Text);
        const string Face = """{"performers":[],"ambiguous":false}""";
        var photos = Enumerable.Repeat(
            $$"""{"threshold_cosine":0.5,"faces":[{{Face}},{{Face}}]}""", body.RootElement.GetProperty("photos").GetArrayLength());
        return $$"""{"gallery_version":4,"photos":[{{string.Join(',', photos)}}]}""";
    }

    private string Person(string id) => $$"""
        {"id":"{{id}}","name":"{{people[id]}}","faces":2,"created_at":"2030-01-31T08:00:00Z","updated_at":"2030-01-31T08:00:00Z"}
        """;
}
