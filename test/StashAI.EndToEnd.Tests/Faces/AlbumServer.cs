using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// A real `stashai serve` with its own face service, on SQLite or PostgreSQL, that may read a folder of the sample photos, and what tests
/// ask it.
/// </summary>
internal sealed class AlbumServer : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly StashAIProcess process;

    private AlbumServer(TempFolder folder, StashAIProcess process)
    {
        this.folder = folder;
        this.process = process;
        Http = new HttpClient { BaseAddress = new Uri(process.Url) };
    }

    public HttpClient Http { get; }

    public string Url => process.Url;

    public string PhotoFolder => folder.File("photos");

    /// <summary>Everything that the server stores in files.</summary>
    public string DataFolder => folder.File("data");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="files">The models and the photos.</param>
    /// <param name="database">`postgres://…` for the queue and the gallery; null for files.</param>
    public static async Task<AlbumServer> StartAsync(RealFiles files, string? database)
    {
        files.SkipIfMissing();
        var folder = new TempFolder();
        for (var i = 1; i <= 6; i++)
        {
            var own = Directory.CreateDirectory(folder.File("photos", i <= 3 ? "summer" : "winter")).FullName;
            File.Copy(Path.Combine(files.PhotosDirectory, $"sample{i}.jpg"), Path.Combine(own, $"sample{i}.jpg"));
        }

        var process = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments =
                [
                    "serve", "--urls", "http://127.0.0.1:0", "--visage-port", "0", "--data", folder.File("data"),
                    "--models", files.ModelsDirectory,
                ],
                Environment = new Dictionary<string, string?>
                {
                    ["DATABASE_URL"] = database,
                    ["ALLOWED_FOLDERS"] = folder.File("photos"),
                },
                Folder = folder.Path,
            },
            Cancellation);
        var server = new AlbumServer(folder, process);
        // The face service starts after the server is ready.
        while (true)
        {
            using var people = await server.Http.GetAsync("/api/people", Cancellation);
            if (people.IsSuccessStatusCode) return server;
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(path, Cancellation);

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await Http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == status, $"{method} {path}: {answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public Task<JsonElement> PostAsync(string path, object body, HttpStatusCode status) => SendAsync(HttpMethod.Post, path, body, status);

    /// <summary>Runs a job of the whole folder; returns its id.</summary>
    public Task<string> RunFolderAsync() => RunAsync("/api/visage/job", new { items = new[] { new { folder = PhotoFolder } } });

    /// <summary>Runs a job, all of whose tasks succeed; returns its id.</summary>
    public async Task<string> RunAsync(string route, object body)
    {
        var answer = await PostAsync(route, body, HttpStatusCode.Accepted);
        var job = answer.GetProperty("job_id").GetString()!;
        using var socket = await GatewaySocket.ConnectAsync(Url);
        await socket.FollowJobAsync(job);
        await socket.UntilAsync(message => message.GetProperty("type").GetString() == "job_progress"
            && message.GetProperty("status").GetString() is not ("pending" or "running"));
        var over = await GetAsync($"/api/jobs/{job}");
        Assert.True(over.GetProperty("state").GetString() == "completed", over.GetRawText());
        return job;
    }

    /// <summary>Asks until the state is `completed`.</summary>
    public async Task<JsonElement> EndOfAsync(string path)
    {
        while (true)
        {
            var now = await GetAsync(path);
            var state = now.GetProperty("state").GetString();
            Assert.True(state is "running" or "completed", now.GetRawText());
            if (state == "completed") return now;
        }
    }

    /// <summary>The photos of a person, the best match first: their names and the faces that show the person.</summary>
    public async Task<List<(string Photo, string Task, int Face)>> PhotosOfAsync(string person, string query = "") =>
    [
        .. (await GetAsync($"/api/people/{person}/photos{query}")).GetProperty("data").EnumerateArray().Select(photo => (
            photo.GetProperty("item_name").GetString()!, photo.GetProperty("task_id").GetString()!,
            photo.GetProperty("faces")[0].GetProperty("face").GetInt32())),
    ];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await process.DisposeAsync();
        folder.Dispose();
    }
}
