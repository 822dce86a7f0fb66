using System.Net;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary>Faces of stored results, named by task and position: enrolled, and shown.</summary>
public sealed class ResultFaceTests
{
    private const string Jpeg = "/9j/AAE=";

    private const string Answer =
        $$"""{"data":[[{"image":"eA==","performers":[],"ambiguous":false},{"image":"{{Jpeg}}","performers":[],"ambiguous":false}]]"""
        + ""","threshold_cosine":0.45,"gallery_version":3,"kept_faces":"AQID"}""";

    private const string Judgement =
        """{"gallery_version":4,"photos":[{"threshold_cosine":0.5,"faces":[{"performers":[],"ambiguous":false},"""
        + """{"performers":[{"id":"a","name":"Ann","confidence":97,"cosine":0.6}],"ambiguous":false}]}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_face_of_a_result_is_enrolled_by_its_task_and_position_and_all_else_is_passed_on_as_it_was()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var task = await TaskAsync(gateway);
        var photo = new string('x', 300_000);
        var body = $$"""
            { "photos":[ "{{photo}}", {"image":"eA==","face":{"index":0} } ],"name" : "An\u006e",
              "f\u0061ces":[ {"task":"{{task}}","face":1} , {"embedding":"eA==","quality":"2"},{"face":0, "task":"{{task}}"}], "country":null}
            """;
        var expected = body.Replace(
                $$"""{"task":"{{task}}","face":1}""",
                $$"""{"kept_faces":"AQID","index":1,"source":"result:{{task}}/1","image":"{{Jpeg}}"}""",
                StringComparison.Ordinal)
            .Replace(
                $$"""{"face":0, "task":"{{task}}"}""",
                $$"""{"kept_faces":"AQID","index":0,"source":"result:{{task}}/0"}""",
                StringComparison.Ordinal);

        await gateway.PostAsync("/api/people", body, 201);
        Assert.Equal(expected, LastCall(gateway).Text);

        await gateway.PostAsync($"/api/people/{ScriptedGallery.Ann}/photos", body, 200);
        Assert.Equal(expected, LastCall(gateway).Text);
        Assert.Equal($"/api/gallery/people/{ScriptedGallery.Ann}/photos", LastCall(gateway).Path);
    }

    [Fact]
    public async Task A_face_that_cannot_be_used_is_refused_by_the_name_of_its_member()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var task = await TaskAsync(gateway);
        var job = (await gateway.GetAsync($"/api/tasks/{task}")).Text("job_id");
        gateway.Visage.Script = _ => Reply.Json(Answer.Replace("kept_faces", "other", StringComparison.Ordinal));
        var old = await TaskAsync(gateway);
        gateway.Visage.Script = _ => Reply.Status(422, "{}");
        var failed = await TaskAsync(gateway);
        var calls = gateway.Visage.Ledger.Calls.Count;
        foreach (var (face, field, word) in new[]
        {
            ("""{"task":"no task","face":0}""", "faces[1].task", "/api/tasks"),
            ($$"""{"task":"{{job}}","face":0}""", "faces[1].task", "/api/tasks"),
            ($$"""{"task":"{{Guid.CreateVersion7()}}","face":0}""", "faces[1].task", "/api/tasks"),
            ($$"""{"task":"{{failed}}","face":0}""", "faces[1].task", "has not completed"),
            ($$"""{"task":"{{old}}","face":0}""", "faces[1].task", "Send the photo"),
            ($$"""{"task":"{{task}}"}""", "faces[1].face", "from 0"),
            ($$"""{"task":"{{task}}","face":2}""", "faces[1].face", "0 to 1"),
            ($$"""{"task":"{{task}}","face":-1}""", "faces[1].face", "0"),
            ($$"""{"task":"{{task}}","face":1,"fase":1}""", "faces[1].fase", "face"),
            ($$"""{"task":{},"face":1}""", "faces[1].task", "text"),
            ("""{"kept_faces":"AQID","index":1}""", "faces[1].kept_faces", "embedding"),
        })
        {
            var refusal = await gateway.PostAsync(
                "/api/people", $$"""{"name":"Ann","faces":[{"task":"{{task}}","face":1},{{face}}]}""", 422);

            Assert.Equal(field, refusal.GetProperty("errors")[0].Text("field"));
            Assert.Contains(word, refusal.Text("detail"), StringComparison.Ordinal);
        }

        await gateway.PostAsync("/api/people", """{"name":"Ann","faces":[}""", 400);
        Assert.DoesNotContain(
            gateway.Visage.Ledger.Calls.Skip(calls),
            call => call.Call is { } done && done.Path.Contains("predict", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_result_is_judged_again_at_once_and_the_rest_of_its_job_after_it()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var task = await TaskAsync(gateway);

        var person = await gateway.PostAsync("/api/people", $$"""{"name":"Ann","faces":[{"task":"{{task}}","face":1}]}""", 201);

        var judged = person.GetProperty("rematch");
        Assert.Equal((1, 0), (judged.Whole("judged"), judged.Whole("waiting")));
        var result = (await gateway.GetAsync($"/api/tasks/{task}")).GetProperty("result");
        Assert.Equal("Ann", result.GetProperty("data")[0][1].GetProperty("performers")[0].Text("name"));
        var job = judged.GetProperty("jobs")[0].GetString()!;
        await OverAsync(gateway, job);
        Assert.Equal("Ann", await FirstOfAggregateAsync(gateway, job));
        Assert.Equal(1, (await gateway.GetAsync("/api/audit")).GetProperty("data")[0].GetProperty("details").Whole("results"));
    }

    [Fact]
    public async Task After_a_split_the_results_that_show_the_person_are_judged_again()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var known = gateway.Visage.Script;
        var shown = Judged(ScriptedGallery.Ann, "Ann");
        gateway.Visage.Script = call => call.Path switch
        {
            "/api/predict_1" => Reply.Json(Answer.Replace("\"performers\":[]", $"\"performers\":[{shown}]", StringComparison.Ordinal)),
            "/api/rematch" =>
                Reply.Json(Judgement.Replace(Judged("a", "Ann"), Judged(ScriptedGallery.Bea, "Bea"), StringComparison.Ordinal)),
            _ => known(call),
        };
        var task = await TaskAsync(gateway);
        var job = (await gateway.GetAsync($"/api/tasks/{task}")).Text("job_id");

        var split = await gateway.PostAsync(
            $"/api/people/{ScriptedGallery.Ann}/split", $$"""{"faces":["{{ScriptedGallery.Face}}"],"name":"Bea"}""", 200);

        Assert.Equal(
            (ScriptedGallery.Ann, ScriptedGallery.Bea), (split.GetProperty("from").Text("id"), split.GetProperty("into").Text("id")));
        var judged = split.GetProperty("rematch");
        Assert.Equal((1, 0, job), (judged.Whole("judged"), judged.Whole("waiting"), judged.GetProperty("jobs")[0].GetString()));
        var result = (await gateway.GetAsync($"/api/tasks/{task}")).GetProperty("result");
        Assert.Equal("Bea", result.GetProperty("data")[0][1].GetProperty("performers")[0].Text("name"));
        await OverAsync(gateway, job);
        Assert.Equal(0, (await gateway.GetAsync($"/api/people/{ScriptedGallery.Ann}/photos")).Whole("total"));
        var audit = (await gateway.GetAsync("/api/audit?action=split")).GetProperty("data")[0];
        Assert.Equal((ScriptedGallery.Ann, ScriptedGallery.Bea), (audit.Text("target_id"), audit.GetProperty("details").Text("into")));

        static string Judged(string id, string name) =>
            $$"""{"id":"{{id}}","name":"{{name}}","confidence":97,"cosine":0.6}""";
    }

    [Fact]
    public async Task After_a_merge_the_results_that_show_those_who_are_gone_are_judged_again()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var known = gateway.Visage.Script;
        gateway.Visage.Script = call => call.Path switch
        {
            "/api/predict_1" => Reply.Json(
                Answer.Replace("\"performers\":[]", $"\"performers\":[{Named(ScriptedGallery.Bea, "Bea")}]", StringComparison.Ordinal)),
            "/api/rematch" =>
                Reply.Json(Judgement.Replace(Named("a", "Ann"), Named(ScriptedGallery.Ann, "Ann"), StringComparison.Ordinal)),
            _ => known(call),
        };
        var task = await TaskAsync(gateway);
        var job = (await gateway.GetAsync($"/api/tasks/{task}")).Text("job_id");

        // Ids count in any case, and one that stands there twice counts once.
        var merged = await gateway.PostAsync(
            $"/api/people/{ScriptedGallery.Ann}/merge",
            $$"""{"from":["{{ScriptedGallery.Bea.ToUpperInvariant()}}","{{ScriptedGallery.Bea}}","{{ScriptedGallery.Face}}"]}""", 200);

        var judged = merged.GetProperty("rematch");
        Assert.Equal((1, 0, 1), (judged.Whole("judged"), judged.Whole("waiting"), judged.GetProperty("jobs").GetArrayLength()));
        var result = (await gateway.GetAsync($"/api/tasks/{task}")).GetProperty("result");
        Assert.Equal("Ann", result.GetProperty("data")[0][1].GetProperty("performers")[0].Text("name"));
        await OverAsync(gateway, job);
        Assert.Equal(0, (await gateway.GetAsync($"/api/people/{ScriptedGallery.Bea}/photos")).Whole("total"));
        Assert.Equal(1, (await gateway.GetAsync($"/api/people/{ScriptedGallery.Ann}/photos")).Whole("total"));

        static string Named(string id, string name) => $$"""{"id":"{{id}}","name":"{{name}}","confidence":97,"cosine":0.6}""";
    }

    [Fact]
    public async Task A_result_that_the_face_service_cannot_judge_now_is_judged_when_it_answers()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var task = await TaskAsync(gateway);
        var known = gateway.Visage.Script;
        gateway.Visage.Script = call => call.Path == "/api/rematch" ? Reply.Status(503) : known(call);

        var person = await gateway.PostAsync("/api/people", $$"""{"name":"Ann","faces":[{"task":"{{task}}","face":1}]}""", 201);

        var judged = person.GetProperty("rematch");
        Assert.Equal((0, 1), (judged.Whole("judged"), judged.Whole("waiting")));
        gateway.Visage.Script = known;
        var job = judged.GetProperty("jobs")[0].GetString()!;
        await OverAsync(gateway, job);
        var result = (await gateway.GetAsync($"/api/tasks/{task}")).GetProperty("result");
        Assert.Equal("Ann", result.GetProperty("data")[0][1].GetProperty("performers")[0].Text("name"));
        Assert.Equal("Ann", await FirstOfAggregateAsync(gateway, job));
    }

    [Fact]
    public async Task The_picture_of_a_face_is_shown_as_nothing_but_a_picture()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await StartAsync();
        var task = await TaskAsync(gateway);

        using var answer = await gateway.Http.GetAsync($"/api/tasks/{task}/faces/1/picture", Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Jpeg, Convert.ToBase64String(await answer.Content.ReadAsByteArrayAsync(Cancellation)));
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", string.Join(',', answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("sandbox", string.Join(',', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.Private);
        // What is not a JPEG is not shown as one.
        foreach (var path in (string[])[$"{task}/faces/0", $"{task}/faces/2", $"{task}/faces/x", $"{Guid.CreateVersion7()}/faces/0"])
            await gateway.GetAsync($"/api/tasks/{path}/picture", 404);
    }

    [Fact]
    public async Task The_scope_submit_names_faces_of_its_own_jobs_only()
    {
        GatewayHost.SkipInDirectMode();
        Dictionary<ApiScope, string> keys = [];
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" },
            prepare: async store =>
            {
                foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });
        gateway.Visage.Script = call => Answers(gateway, call);
        var task = await TaskAsync(gateway);

        Assert.Equal(HttpStatusCode.Forbidden, await EnrolAsync(keys[ApiScope.Submit]));
        Assert.Equal(HttpStatusCode.Created, await EnrolAsync(keys[ApiScope.Operate]));

        async Task<HttpStatusCode> EnrolAsync(string key)
        {
            using var response = await gateway.SendAsync(
                HttpMethod.Post, "/api/people", $$"""{"name":"Ann","faces":[{"task":"{{task}}","face":1}]}""", ("X-API-Key", key));
            return response.StatusCode;
        }
    }

    private static ScriptedCall LastCall(GatewayHost gateway) => gateway.Visage.Ledger.Calls
        .Select(call => call.Call!).Last(call => call.Path.StartsWith("/api/gallery", StringComparison.Ordinal));

    private static async Task<GatewayHost> StartAsync()
    {
        var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => Answers(gateway, call);
        return gateway;
    }

    private static Reply Answers(GatewayHost gateway, ScriptedCall call) => call.Path switch
    {
        "/api/predict_1" => Reply.Json(Answer),
        "/api/rematch" => Reply.Json(Judgement),
        _ => ScriptedGallery.Answer(call, gateway.Visage.Url),
    };

    /// <summary>Waits until the rematch of a job that a request began is over.</summary>
    private static async Task OverAsync(GatewayHost gateway, string job)
    {
        while (true)
        {
            var bulk = (await gateway.GetAsync("/api/bulk")).GetProperty("data")[0];
            Assert.Contains(job, bulk.GetProperty("filter").ToString(), StringComparison.Ordinal);
            Assert.NotEqual("failed", bulk.Text("state"));
            if (bulk.Text("state") == "completed") return;
        }
    }

    private static async Task<string> FirstOfAggregateAsync(GatewayHost gateway, string job) =>
        (await gateway.GetAsync($"/api/queue/status/{job}")).GetProperty("aggregate_results").GetProperty("people")[0].Text("name");

    /// <summary>The task of an ended job of one photo.</summary>
    private static async Task<string> TaskAsync(GatewayHost gateway)
    {
        var job = await gateway.SubmitAsync("a photo");
        await gateway.EndOfAsync(job);
        return (await gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data")[0].Text("id");
    }
}
