using System.Net;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary><c>/api/people/{id}/rejections</c>: what it asks of the face service, and which results are judged again.</summary>
public sealed class RejectionTests
{
    private const string Ann = ScriptedGallery.Ann;
    private const string Rejection = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a01";

    private const string Named = """{"id":"a","name":"Ann","confidence":97,"cosine":0.6}""";

    [Fact]
    public async Task A_rejection_is_kept_with_its_result_which_loses_the_name_at_once_and_has_it_again_when_it_is_taken_back()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        var face = new Face(gateway);
        var task = await face.TaskAsync();
        Assert.Equal(1, await face.NamesAsync(task));
        face.IsRejected = true;

        var answer = await gateway.PostAsync(
            $"/api/people/{Ann}/rejections", $$"""{"faces":[{"task":"{{task}}","face":0}]}""", 200);

        Assert.Equal(0, await face.NamesAsync(task));
        Assert.Equal(
            $$"""{"faces":[{"kept_faces":"AQID","index":0,"source":"result:{{task}}/0"}]}""",
            gateway.Visage.Ledger.Calls.Select(call => call.Call!).Single(
                call => call.Method == "POST" && call.Path == $"/api/gallery/people/{Ann}/rejections").Text);
        Assert.Equal((1, 0), (answer.GetProperty("rematch").Whole("judged"), answer.GetProperty("rematch").Whole("waiting")));
        face.Source = $"result:{task}/0";
        var page = await gateway.GetAsync($"/api/people/{Ann}/rejections");
        var listed = page.GetProperty("data")[0];
        Assert.Equal(
            (Rejection, task, 0, $"{gateway.Url}/api/tasks/{task}/faces/0/picture"),
            (listed.Text("id"), listed.Text("task"), listed.Whole("face"), listed.Text("picture")));
        Assert.Equal((3, JsonValueKind.Null), (page.Whole("total"), page.GetProperty("next").ValueKind));

        face.IsRejected = false;
        using var removed = await gateway.SendAsync(HttpMethod.Delete, $"/api/people/{Ann}/rejections/{Rejection}", null);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(1, await face.NamesAsync(task));
        var audit = (await gateway.GetAsync("/api/audit")).GetProperty("data").EnumerateArray().Select(entry => entry.Text("action"));
        Assert.Equal(["delete_rejection", "reject"], audit.Take(2));
    }

    [Fact]
    public async Task A_rejection_whose_task_is_gone_is_taken_back_all_the_same()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        foreach (var source in (string[])[$"result:{Guid.CreateVersion7()}/0", "embedding:abc", "result:x/0", "result:", ""])
        {
            _ = new Face(gateway) { Source = source };
            using var removed = await gateway.SendAsync(HttpMethod.Delete, $"/api/people/{Ann}/rejections/{Rejection}", null);
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        var listed = (await gateway.GetAsync($"/api/people/{Ann}/rejections")).GetProperty("data")[0];
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("task").ValueKind);
        await gateway.GetAsync("/api/people/ann/rejections", 404);
    }

    [Fact]
    public async Task Pages_go_on_after_the_last_rejection_of_the_page_before()
    {
        await using var gateway = await GatewayHost.StartAsync();
        _ = new Face(gateway);

        var first = await gateway.GetAsync($"/api/people/{Ann}/rejections?limit=2");
        var second = await gateway.GetAsync($"/api/people/{Ann}/rejections?limit=2&cursor={first.Text("next")}");

        Assert.Equal(2, first.GetProperty("data").GetArrayLength());
        Assert.Equal(
            [Rejection[..^1] + "3"], second.GetProperty("data").EnumerateArray().Select(rejection => rejection.Text("id")));
        Assert.Equal((3, JsonValueKind.Null), (second.Whole("total"), second.GetProperty("next").ValueKind));
        await gateway.GetAsync($"/api/people/{Ann}/rejections?cursor=x", 422);
    }

    [Fact]
    public async Task Changing_rejections_needs_the_scope_operate()
    {
        Dictionary<ApiScope, string> keys = [];
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" },
            prepare: async store =>
            {
                foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });
        _ = new Face(gateway);
        foreach (var (method, path, scope) in new (HttpMethod, string, ApiScope)[]
        {
            (HttpMethod.Post, "", ApiScope.Operate), (HttpMethod.Delete, $"/{Rejection}", ApiScope.Operate),
            (HttpMethod.Get, "", ApiScope.Read),
        })
        {
            foreach (var key in Enum.GetValues<ApiScope>())
            {
                using var answer = await gateway.SendAsync(
                    method, $"/api/people/{Ann}/rejections{path}",
                    method == HttpMethod.Post ? """{"faces":[{"embedding":"eA=="}]}""" : null, ("X-API-Key", keys[key]));
                Assert.True(
                    answer.IsSuccessStatusCode == key.Includes(scope) && (answer.IsSuccessStatusCode || (int)answer.StatusCode == 403),
                    $"{method} {path} with {key}: {answer.StatusCode}");
            }
        }
    }

    /// <summary>A face service with one photo, whose only face is Ann's unless it is rejected.</summary>
    private sealed class Face
    {
        private readonly GatewayHost gateway;

        public Face(GatewayHost gateway)
        {
            this.gateway = gateway;
            gateway.Visage.Script = Answer;
        }

        public bool IsRejected { get; set; }

        public string Source { get; set; } = "embedding:x";

        private string Performers => IsRejected ? "[]" : $"[{Named}]";

        public async Task<string> TaskAsync()
        {
            var job = await gateway.SubmitAsync("a photo");
            await gateway.EndOfAsync(job);
            return (await gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data")[0].Text("id");
        }

        public async Task<int> NamesAsync(string task) => (await gateway.GetAsync($"/api/tasks/{task}"))
            .GetProperty("result").GetProperty("data")[0][0].GetProperty("performers").GetArrayLength();

        private Reply Answer(ScriptedCall call)
        {
            var path = call.Path.Split('?')[0];
            if (path == "/api/predict_1")
            {
                return Reply.Json($$"""
                    {"data":[[{"image":"eA==","performers":{{Performers}},"ambiguous":false}]],"threshold_cosine":0.45,"gallery_version":3
                    """.TrimEnd() + ""","kept_faces":"AQID"}""");
            }

            if (path == "/api/rematch")
            {
                return Reply.Json(
                    "{\"gallery_version\":4,\"photos\":[{\"threshold_cosine\":0.5,\"faces\":[{\"performers\":" + Performers
                    + ",\"ambiguous\":false}]}]}");
            }

            if (call.Method == "DELETE") return Reply.Json(Stored(1));
            return path.EndsWith("/rejections", StringComparison.Ordinal)
                ? Reply.Json($"{{\"rejections\":[{Stored(1)},{Stored(2)},{Stored(3)}]}}")
                : ScriptedGallery.Answer(call, gateway.Visage.Url);
        }

        private string Stored(int number) =>
            $$"""{"id":"{{Rejection[..^1]}}{{number}}","source":"{{Source}}","created_at":"2030-01-31T08:00:00Z"}""";
    }
}
