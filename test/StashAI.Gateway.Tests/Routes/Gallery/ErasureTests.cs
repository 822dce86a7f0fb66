using System.Net;
using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary>
/// <c>DELETE /api/people/{id}</c>: what it answers, and that nothing which the gateway shows names the person afterwards.
/// </summary>
public sealed class ErasureTests
{
    private const string Ann = ScriptedGallery.Ann;
    private const string Name = "Annelise Quent";
    private const string Unknown = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4aff";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_lists_and_the_log_name_the_person_no_more()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        var gallery = new Gallery();
        gateway.Visage.Script = gallery.Answer;
        var job = await gateway.SubmitAsync("a photo");
        await gateway.EndOfAsync(job);
        using (var renamed = await gateway.SendAsync(HttpMethod.Patch, $"/api/people/{Ann}", $$"""{"name":"{{Name}}"}"""))
            Assert.True(renamed.IsSuccessStatusCode);
        Assert.NotEmpty(await NamingAsync(gateway, job));

        var begun = await DeleteAsync(gateway, Ann);
        var over = await OverAsync(gateway, begun.Text("id"));

        Assert.Equal(Ann, begun.Text("person_id"));
        Assert.Equal(
            ("completed", 1, 1, 1), (over.Text("state"), over.Whole("jobs_done"), over.Whole("jobs_total"), over.Whole("results_changed")));
        Assert.Equal(JsonValueKind.Null, over.GetProperty("person_id").ValueKind);
        Assert.Empty(await NamingAsync(gateway, job));
        var face = (await gateway.GetAsync($"/api/queue/status/{job}")).GetProperty("results")[0].GetProperty("output_json")
            .GetProperty("data")[0][0];
        Assert.True(face.GetProperty("erased").GetBoolean());
        Assert.Equal(1, face.GetProperty("box").Whole("x"));
        var again = await DeleteAsync(gateway, Ann);
        Assert.Equal((over.Text("id"), "completed"), (again.Text("id"), again.Text("state")));
    }

    [Fact]
    public async Task It_is_kept_for_a_face_service_that_cannot_be_reached_and_a_stranger_is_not_found()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        var gallery = new Gallery { IsDown = true };
        gateway.Visage.Script = gallery.Answer;

        var waiting = await DeleteAsync(gateway, Ann);
        Assert.Equal("running", waiting.Text("state"));
        Assert.Contains("face service", waiting.Text("reason"), StringComparison.Ordinal);
        gallery.IsDown = false;
        var over = await OverAsync(gateway, waiting.Text("id"));

        Assert.Equal("completed", over.Text("state"));
        Assert.True(gallery.IsDeleted);
        using var stranger = await gateway.SendAsync(HttpMethod.Delete, $"/api/people/{Unknown}", null);
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
    }

    private static async Task<JsonElement> DeleteAsync(GatewayHost gateway, string person)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Delete, $"/api/people/{person}", null);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<JsonElement> OverAsync(GatewayHost gateway, string erasure)
    {
        while (true)
        {
            var now = await gateway.GetAsync($"/api/people/erasures/{erasure}");
            if (now.Text("state") == "completed") return now;
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The routes whose answers have the name or the id.</summary>
    private static async Task<List<string>> NamingAsync(GatewayHost gateway, string job)
    {
        string[] routes =
        [
            $"/api/queue/status/{job}", $"/api/jobs/{job}", $"/api/jobs/{job}/tasks", $"/api/jobs/{job}/results?format=ndjson", "/api/jobs",
            "/api/audit", "/api/people/erasures", "/api/bulk", "/api/people",
        ];
        var naming = new List<string>();
        foreach (var route in routes)
        {
            using var answer = await gateway.Http.GetAsync(new Uri(route, UriKind.Relative), Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            if (text.Contains(Name, StringComparison.Ordinal) || text.Contains(Ann, StringComparison.Ordinal)) naming.Add(route);
        }

        return naming;
    }

    /// <summary>A face service that knows one person until she is deleted.</summary>
    private sealed class Gallery
    {
        private volatile bool isDown;
        private volatile bool isDeleted;

        public bool IsDown { get => isDown; set => isDown = value; }

        public bool IsDeleted => isDeleted;

        public Reply Answer(ScriptedCall call)
        {
            var path = call.Path.Split('?')[0];
            if (path == "/api/predict_1")
            {
                return Reply.Json(
                    $$"""{"data":[[{"image":"eA==","performers":[{"id":"{{Ann}}","name":"{{Name}}","confidence":97}],"box":{"x":1} } ]]}""");
            }

            if (isDown) return Reply.Status(500);
            if (path == "/api/gallery/people") return Reply.Json("""{"people":[],"total_count":0}""");
            if (isDeleted || !path.EndsWith(Ann, StringComparison.Ordinal))
                return Reply.Status(404, """{"detail":"The gallery has no such person."}""", contentType: "application/problem+json");
            if (call.Method != "DELETE")
            {
                return Reply.Json(
                    $$"""
                    {"id":"{{Ann}}","name":"{{Name}}","faces":2,"created_at":"2030-01-31T08:00:00Z","updated_at":"2030-01-31T08:00:00Z"}
                    """);
            }

            isDeleted = true;
            return Reply.Status(204);
        }
    }
}
