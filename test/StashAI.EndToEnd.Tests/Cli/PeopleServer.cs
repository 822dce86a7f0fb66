using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>
/// A real server in front of a scripted face service that knows one person, Ann. A job has a photo of Ann with somebody else.
/// </summary>
internal sealed class PeopleServer : IAsyncDisposable
{
    private const string Ann = """
        {"id":"0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b","name":"Ann","image":"http://127.0.0.1/ann.jpg","faces":2,
        "created_at":"2030-01-31T08:00:00Z","updated_at":"2030-01-31T08:00:00Z"}
        """;

    private const string Photo = """
        {"data":[[{"box":{"x":1,"y":2,"width":3,"height":4},"performers":[{"id":"0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b","name":"Ann","confidence":0.9}]},
        {"performers":[{"id":"0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5d","name":"Bo","confidence":0.8}]}]]}
        """;

    private readonly TempFolder folder = new();
    private ScriptedService? service;
    private StashAIProcess? process;

    public string Url => process!.Url;

    /// <summary>A folder with a photo of Ann.</summary>
    public string PhotoFolder => folder.File("people");

    public static async Task<PeopleServer> StartAsync()
    {
        var server = new PeopleServer();
        Directory.CreateDirectory(Path.Combine(server.PhotoFolder, "Ann"));
        await File.WriteAllTextAsync(Path.Combine(server.PhotoFolder, "Ann", "a.jpg"), "{}\n");
        server.service = await ScriptedService.StartAsync(
            new ScriptedServiceOptions { Item = call => call.Path }, TestContext.Current.CancellationToken);
        var photos = 0;
        server.service.Script = call => (call.Method, call.Path.Split('?')[0]) switch
        {
            ("GET", "/api/gallery/people") => Reply.Json($$"""{"people":[{{Ann}}],"total_count":1}"""),
            ("GET", "/api/gallery/export") => Reply.Status(200, "{}\n", contentType: "application/x-ndjson"),
            ("POST", "/api/gallery/import") => Reply.Json("""{"people_added":1,"faces_added":2}"""),
            ("POST", "/api/predict_1") => Reply.Json(Interlocked.Increment(ref photos) == 1 ? Photo :
                """{"data":[[{"image":"eA==","performers":[],"ambiguous":false}]],"threshold_cosine":0.45,"kept_faces":"AQID"}"""),
            ("POST", "/api/rematch") => Reply.Json(
                """{"gallery_version":2,"photos":[{"threshold_cosine":0.5,"faces":[{"performers":[],"ambiguous":false}]}]}"""),
            ("POST", "/api/groups") => Reply.Json(
                """{"gallery_version":2,"faces":1,"unknown":1,"groups":[{"best":1,"photos":[0],"faces":[0]}]}"""),
            ("POST", var path) when path.EndsWith("/rejections", StringComparison.Ordinal) => Reply.Json(
                """{"rejections":[{"id":"0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a01","source":"x","created_at":"2030-01-31T08:00:00Z"}]}"""),
            ("DELETE", _) => Reply.Status(204),
            _ => Reply.Json(Ann),
        };
        server.process = await StashAIProcess.ServeAsync(
            server.folder.Path, ["--visage-url", server.service.Url], TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        using var job = new HttpRequestMessage(HttpMethod.Post, $"{server.Url}/api/visage/job")
        {
            Content = new StringContent("""{"images":["eA=="]}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Prefer", "wait=60" } },
        };
        using var answer = await http.SendAsync(job, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return server;
    }

    /// <summary>Runs a photo of one face; returns job and task.</summary>
    public async Task<(string Job, string Task)> RunAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/visage/job")
        {
            Content = new StringContent("""{"images":["eA=="]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "wait=30");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var job = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))
            .GetProperty("job_id").GetString()!;
        var tasks = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}/tasks", TestContext.Current.CancellationToken);
        return (job, tasks.GetProperty("data")[0].GetProperty("id").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
        if (service is not null) await service.DisposeAsync();
        folder.Dispose();
    }
}
