using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary><c>/api/jobs/{id}/clusters</c>: what is asked of the face service, the pages of groups, and naming a group once.</summary>
public sealed class ClusterTests
{
    private const string Photo =
        """{"data":[[{"image":"/9j/AAE=","performers":[],"ambiguous":false},{"image":"/9j/AAE=","performers":[],"ambiguous":false}]]"""
        + ""","threshold_cosine":0.45,"gallery_version":3,"kept_faces":"AQID"}""";

    private const string Groups =
        """{"gallery_version":3,"threshold_cosine":0.45,"photos":3,"faces":6,"unknown":5,"groups":["""
        + """{"best":2,"photos":[2,0,1],"faces":[1,0,1]},{"best":1,"photos":[0,1],"faces":[1,0]}]}""";

    private readonly ConcurrentDictionary<string, string> people = new();
    private readonly List<string> enrolments = [];

    /// <summary>What the face service says of each photo.</summary>
    private string photo = Photo;

    /// <summary>What the face service does instead of enrolling.</summary>
    private Func<Reply>? instead;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_stored_faces_of_all_jobs_are_sent_once_and_the_groups_shown_in_pages()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var (job, other) = (await EndedAsync(gateway, "a", "b"), await EndedAsync(gateway, "c"));

        var begun = await gateway.PostAsync(
            $"/api/jobs/{job}/clusters", $$"""{"jobs":["{{other}}","{{job}}"],"threshold":0.8,"min_faces":2}""", 202);
        Assert.Equal((job, 3, 2), (begun.Text("job_id"), begun.Whole("total"), begun.GetProperty("jobs").GetArrayLength()));
        var over = await OverAsync(gateway, job);

        Assert.Equal(
            ("completed", 3, 6, 5, 2, 3), (over.Text("state"), over.Whole("done"), over.Whole("faces"), over.Whole("unknown"),
                over.Whole("groups"), over.Whole("gallery_version")));
        var call = Assert.Single(
            gateway.Visage.Ledger.Calls, call => call.Call!.Path.StartsWith("/api/groups", StringComparison.Ordinal)).Call!;
        Assert.Equal("/api/groups?min_faces=2&threshold=0.8", call.Path);
        var frame = new byte[15];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 3);
        // The threshold of the job decides who is unknown; that of the request decides who is grouped.
        BinaryPrimitives.WriteDoubleLittleEndian(frame.AsSpan(4), 0.5);
        new byte[] { 1, 2, 3 }.CopyTo(frame, 12);
        Assert.Equal([.. frame, .. frame, .. frame], call.Body.ToArray());

        var first = over.GetProperty("data")[0];
        Assert.Equal((3, 3), (first.Whole("faces"), first.Whole("photos")));
        var (tasks, ofOther) = (await TasksAsync(gateway, job), await TasksAsync(gateway, other));
        Assert.Equal(
            [(ofOther[0], 1), (tasks[0], 0), (tasks[1], 1)],
            first.GetProperty("examples").EnumerateArray().Select(face => (face.Text("task"), face.Whole("face"))));
        var picture = first.GetProperty("examples")[0].Text("picture_url");
        Assert.Equal($"{gateway.Url}/api/tasks/{ofOther[0]}/faces/1/picture", picture);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Http.GetAsync(picture, Cancellation)).StatusCode);
        var page = await gateway.GetAsync($"/api/jobs/{job}/clusters?limit=1");
        Assert.Equal(1, page.GetProperty("data").GetArrayLength());
        page = await gateway.GetAsync($"/api/jobs/{job}/clusters?limit=1&cursor={page.Text("next")}");
        Assert.Equal(2, page.GetProperty("data")[0].Whole("faces"));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);

        var faces = await gateway.GetAsync($"/api/jobs/{job}/clusters/{first.Text("group")}?limit=2");
        Assert.Equal((3, 2), (faces.Whole("total"), faces.GetProperty("data").GetArrayLength()));
        faces = await gateway.GetAsync($"/api/jobs/{job}/clusters/{first.Text("group")}?limit=2&cursor={faces.Text("next")}");
        Assert.Equal(tasks[1], faces.GetProperty("data")[0].Text("task"));
        Assert.Equal(JsonValueKind.Null, faces.GetProperty("next").ValueKind);
        var audit = (await gateway.GetAsync("/api/audit")).GetProperty("data")[0];
        Assert.Equal(("cluster", "job", job), (audit.Text("action"), audit.Text("target_kind"), audit.Text("target_id")));
    }

    [Fact]
    public async Task A_group_is_named_once_its_jobs_are_judged_again_and_later_pages_show_the_person()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var job = await EndedAsync(gateway, "a", "b", "c");
        var group = await GroupAsync(gateway, job);

        var named = await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":" Ann "}""", 200);
        var again = await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":"Ann"}""", 200);

        var person = named.GetProperty("person").Text("id");
        Assert.Equal(
            (2, "Ann", job),
            (named.Whole("enrolled"), named.GetProperty("person").Text("name"), named.GetProperty("rematch").Text("job_id")));
        Assert.Equal((0, person), (again.Whole("enrolled"), again.GetProperty("person").Text("id")));
        // The best two of the three: the third photo, then the first.
        using var enrolled = JsonDocument.Parse(Assert.Single(enrolments));
        Assert.Equal("Ann", enrolled.RootElement.Text("name"));
        Assert.Equal(
            [("AQID", 1, "/9j/AAE="), ("AQID", 0, "/9j/AAE=")],
            enrolled.RootElement.GetProperty("faces").EnumerateArray()
                .Select(face => (face.Text("kept_faces"), face.Whole("index"), face.Text("image"))));
        var shown = (await gateway.GetAsync($"/api/jobs/{job}/clusters")).GetProperty("data");
        Assert.Equal((person, "Ann"), (shown[0].GetProperty("person").Text("id"), shown[0].GetProperty("person").Text("name")));
        Assert.Equal(JsonValueKind.Null, shown[1].GetProperty("person").ValueKind);
        var rematch = await gateway.GetAsync($"/api/jobs/{job}/rematch");
        while (rematch.Text("state") == "running") rematch = await gateway.GetAsync($"/api/jobs/{job}/rematch");
        Assert.Equal(3, rematch.Whole("judged"));

        var taken = await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":"Bo"}""", 409);
        Assert.Equal(person, taken.Text("person_id"));
        people.Clear();
        Assert.Equal(
            JsonValueKind.Null,
            (await gateway.GetAsync($"/api/jobs/{job}/clusters")).GetProperty("data")[0].GetProperty("person").ValueKind);
        var renamed = await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":"Bo"}""", 200);
        Assert.NotEqual(person, renamed.GetProperty("person").Text("id"));
    }

    [Fact]
    public async Task A_group_whose_person_was_deleted_is_gone_and_faces_of_deleted_people_are_not_named()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var job = await EndedAsync(gateway, "a", "b", "c");
        var group = await GroupAsync(gateway, job);
        var before = await gateway.GetAsync($"/api/jobs/{job}/clusters");
        var faces = before.GetProperty("data")[0].Whole("faces");
        var named = await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":"Ann"}""", 200);
        var person = named.GetProperty("person").Text("id");

        using var asked = await gateway.SendAsync(HttpMethod.Delete, $"/api/people/{person}", null);
        using var erasure = JsonDocument.Parse(await asked.Content.ReadAsStringAsync(Cancellation));
        var path = $"/api/people/erasures/{erasure.RootElement.Text("id")}";
        while ((await gateway.GetAsync(path)).Text("state") != "completed") Cancellation.ThrowIfCancellationRequested();

        var grouping = await gateway.GetAsync($"/api/jobs/{job}/clusters");
        var left = grouping.GetProperty("data");
        Assert.Equal(1, left.GetArrayLength());
        Assert.Equal(
            (before.Whole("groups") - 1, before.Whole("unknown") - faces), (grouping.Whole("groups"), grouping.Whole("unknown")));
        Assert.NotEqual(group, left[0].Text("group"));
        await gateway.GetAsync($"/api/jobs/{job}/clusters/{group}", 404);
        await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":"Bo"}""", 404);

        photo = Photo.Replace("\"ambiguous\":false", "\"erased\":true", StringComparison.Ordinal);
        var other = await EndedAsync(gateway, "a", "b", "c");
        var erased = await GroupAsync(gateway, other);
        var refusal = await gateway.PostAsync($"/api/jobs/{other}/clusters/{erased}/name", """{"name":"Bo"}""", 409);
        Assert.Contains("was deleted", refusal.Text("detail"), StringComparison.Ordinal);
        Assert.Single(enrolments);
        var task = (await TasksAsync(gateway, other))[0];
        await gateway.GetAsync($"/api/tasks/{task}/faces/0/picture", 404);
    }

    [Fact]
    public async Task An_answer_that_was_lost_enrols_nobody_twice()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var job = await EndedAsync(gateway, "a", "b", "c");
        var group = await GroupAsync(gateway, job);
        // The face service enrols, and the gateway does not learn it.
        var id = "";
        var known = gateway.Visage.Script;
        gateway.Visage.Script = call =>
        {
            var reply = known(call);
            if (call.Method != "POST" || call.Path != "/api/gallery/people") return reply;
            id = call.Header("X-StashAI-Person")!;
            return Reply.Status(500);
        };
        await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":"Ann"}""", 503);
        gateway.Visage.Script = known;
        var shown = (await gateway.GetAsync($"/api/jobs/{job}/clusters")).GetProperty("data")[0];
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("person").ValueKind);

        var named = await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":"Ann"}""", 200);

        Assert.Equal((0, id), (named.Whole("enrolled"), named.GetProperty("person").Text("id")));
        Assert.Single(enrolments);
    }

    [Fact]
    public async Task A_refused_name_leaves_the_group_as_it_was()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var job = await EndedAsync(gateway, "a", "b", "c");
        var group = await GroupAsync(gateway, job);
        instead = () => Reply.Status(
            409, $$"""{"detail":"The gallery has Ann.","person_id":"{{ScriptedGallery.Ann}}"}""", contentType: "application/problem+json");
        var taken = await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", """{"name":"Ann"}""", 409);
        Assert.Equal(ScriptedGallery.Ann, taken.Text("person_id"));
        instead = null;
        people[ScriptedGallery.Ann] = "Ann";

        var added = await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", $$"""{"person_id":"{{ScriptedGallery.Ann}}"}""", 200);

        Assert.Equal((2, ScriptedGallery.Ann), (added.Whole("enrolled"), added.GetProperty("person").Text("id")));
        Assert.Contains(
            gateway.Visage.Ledger.Calls, call => call.Call!.Path == $"/api/gallery/people/{ScriptedGallery.Ann}/photos");
        await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", $$"""{"person_id":"{{ScriptedGallery.Ann}}"}""", 200);
        Assert.Single(enrolments);
        foreach (var (body, status) in new[]
        {
            ("{}", 422), ("""{"name":"a","person_id":"b"}""", 422), ("""{"person_id":"b"}""", 422), ("""{"name":" "}""", 422),
            ("""{"nam":"a"}""", 422), ("", 400),
        })
        {
            await gateway.PostAsync($"/api/jobs/{job}/clusters/{group}/name", body, status);
        }

        await gateway.PostAsync($"/api/jobs/{job}/clusters/1-x/name", """{"name":"a"}""", 404);
        var second = (await gateway.GetAsync($"/api/jobs/{job}/clusters")).GetProperty("data")[1].Text("group");
        await gateway.PostAsync($"/api/jobs/{job}/clusters/{second}/name", $$"""{"person_id":"{{Guid.NewGuid()}}"}""", 422);
    }

    [Fact]
    public async Task What_cannot_be_grouped_is_said()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var job = await EndedAsync(gateway, "a");
        var never = await gateway.GetAsync($"/api/jobs/{job}/clusters");
        Assert.Equal(
            ("none", 1, 0, 0),
            (never.Text("state"), never.Whole("total"), never.Whole("groups"), never.GetProperty("data").GetArrayLength()));
        await gateway.GetAsync($"/api/jobs/{job}/clusters/1-0", 404);
        var known = gateway.Visage.Script;
        gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");
        var old = await EndedAsync(gateway, "b");
        Assert.Contains(
            $"/api/jobs/{old}/rerun",
            (await gateway.PostAsync($"/api/jobs/{old}/clusters", "", 409)).Text("detail"),
            StringComparison.Ordinal);
        await gateway.PostAsync($"/api/jobs/{job}/clusters", $$"""{"jobs":["{{old}}"]}""", 409);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json(Photo));
        var open = await gateway.SubmitAsync("another");
        Assert.Contains(
            "has not ended", (await gateway.PostAsync($"/api/jobs/{open}/clusters", "", 409)).Text("detail"), StringComparison.Ordinal);
        gate.Open();
        await gateway.EndOfAsync(open);
        gateway.Visage.Script = known;
        foreach (var body in (string[])[
            """{"threshold":1.5}""", """{"min_faces":0}""", """{"jobs":"a"}""", """{"jobs":["a"]}""", """{"job":[]}"""])
        {
            await gateway.PostAsync($"/api/jobs/{job}/clusters", body, 422);
        }

        await gateway.PostAsync($"/api/jobs/{Guid.CreateVersion7()}/clusters", "", 404);
        await gateway.PostAsync("/api/bulk", """{"action":"group","all":true}""", 422);

        // A refusal of the face service ends the operation, and the next request replaces it.
        gateway.Visage.Script = call => call.Path.StartsWith("/api/groups", StringComparison.Ordinal)
            ? Reply.Status(422, """{"detail":"There are too many."}""", contentType: "application/problem+json")
            : known(call);
        await gateway.PostAsync($"/api/jobs/{job}/clusters", "", 202);
        var failed = await OverAsync(gateway, job);
        Assert.Equal("failed", failed.Text("state"));
        Assert.Contains("There are too many.", failed.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scope_submit_groups_its_own_jobs_only()
    {
        GatewayHost.SkipInDirectMode();
        Dictionary<ApiScope, string> keys = [];
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" },
            prepare: async store =>
            {
                foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });
        gateway.Visage.Script = Answer;
        var job = await EndedAsync(gateway, "a", "b", "c");

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("", "{}", ApiScope.Submit));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("", "{}", ApiScope.Operate));
        var group = (await OverAsync(gateway, job)).GetProperty("data")[0].Text("group");
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync($"/{group}/name", """{"name":"Ann"}""", ApiScope.Submit));
        Assert.Empty(enrolments);
        Assert.Equal(HttpStatusCode.OK, await PostAsync($"/{group}/name", """{"name":"Ann"}""", ApiScope.Operate));

        async Task<HttpStatusCode> PostAsync(string path, string body, ApiScope scope)
        {
            using var response = await gateway.SendAsync(
                HttpMethod.Post, $"/api/jobs/{job}/clusters{path}", body, ("X-API-Key", keys[scope]));
            return response.StatusCode;
        }
    }

    private async Task<GatewayHost> StartAsync()
    {
        var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = Answer;
        return gateway;
    }

    private Reply Answer(ScriptedCall call)
    {
        var path = call.Path.Split('?')[0];
        switch (call.Method, path)
        {
            case ("POST", "/api/predict_1"):
                return Reply.Json(photo);
            case ("POST", "/api/groups"):
                return Reply.Json(Groups);
            case ("POST", "/api/rematch"):
                return Reply.Json(Judgement(call));
            case ("POST", "/api/gallery/people") when instead is null:
                lock (enrolments) enrolments.Add(call.Text);
                people[call.Header("X-StashAI-Person")!] = call.JsonField("name")!;
                return Reply.Json(Person(call.Header("X-StashAI-Person")!));
            case ("POST", _) when instead is null && path.EndsWith("/photos", StringComparison.Ordinal):
                lock (enrolments) enrolments.Add(call.Text);
                return Reply.Json(Person(path.Split('/')[^2]));
            case ("DELETE", _) when path.StartsWith("/api/gallery/people/", StringComparison.Ordinal):
                people.TryRemove(path.Split('/')[^1], out _);
                return Reply.Status(204);
            case ("GET", _) when path.StartsWith("/api/gallery/people/", StringComparison.Ordinal):
                var id = path.Split('/')[^1];
                return people.ContainsKey(id)
                    ? Reply.Json(Person(id))
                    : Reply.Status(404, """{"detail":"Nobody."}""", contentType: "application/problem+json");
            default:
                return instead?.Invoke() ?? Reply.Status(404);
        }
    }

    private string Person(string id) => $$"""
        {"id":"{{id}}","name":"{{people[id]}}","faces":2,"created_at":"2030-01-31T08:00:00Z","updated_at":"2030-01-31T08:00:00Z"}
        """;

    private static string Judgement(ScriptedCall call)
    {
        using var body = JsonDocument.Parse(call.Text);
        const string Face = """{"performers":[],"ambiguous":false}""";
        var photos = Enumerable.Repeat(
            $$"""{"threshold_cosine":0.5,"faces":[{{Face}},{{Face}}]}""", body.RootElement.GetProperty("photos").GetArrayLength());
        return $$"""{"gallery_version":4,"photos":[{{string.Join(',', photos)}}]}""";
    }

    private static async Task<string> EndedAsync(GatewayHost gateway, params string[] photos)
    {
        var job = await gateway.SubmitAsync(photos);
        await gateway.EndOfAsync(job);
        return job;
    }

    private static async Task<List<string>> TasksAsync(GatewayHost gateway, string job) =>
    [
        .. (await gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data").EnumerateArray()
            .OrderBy(task => task.Whole("index")).Select(task => task.Text("id")),
    ];

    private static async Task<JsonElement> OverAsync(GatewayHost gateway, string job)
    {
        var state = await gateway.GetAsync($"/api/jobs/{job}/clusters");
        while (state.Text("state") == "running") state = await gateway.GetAsync($"/api/jobs/{job}/clusters");
        return state;
    }

    /// <summary>Groups the faces of a job; the id of the largest group.</summary>
    private static async Task<string> GroupAsync(GatewayHost gateway, string job)
    {
        await gateway.PostAsync($"/api/jobs/{job}/clusters", "", 202);
        return (await OverAsync(gateway, job)).GetProperty("data")[0].Text("group");
    }
}
