using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>
/// A server with the real face service and a job of the first and the third sample photo. One woman is on both, and nobody else is.
/// </summary>
internal sealed class PartyServer : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly RealVisage visage;
    private readonly StashAIProcess server;
    private readonly HttpClient http;

    private PartyServer(RealVisage visage, StashAIProcess server, TempFolder folder)
    {
        (this.visage, this.server, this.folder) = (visage, server, folder);
        http = new HttpClient { BaseAddress = new Uri(server.Url) };
    }

    public string Url => server.Url;

    /// <summary>The id of the job.</summary>
    public string Job { get; private set; } = "";

    /// <summary>The address of its results.</summary>
    public string Results => $"{Url}/dashboard/jobs/{Job}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<PartyServer> StartAsync(RealFiles files, PostgresDatabase? database = null)
    {
        var visage = await RealVisage.StartAsync(files);
        var folder = new TempFolder();
        var server = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments =
                    ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", visage.Address.ToString()],
                Folder = folder.Path,
                Environment = new Dictionary<string, string?>
                {
                    ["VISAGE_SECRET_FILE"] = visage.SecretPath,
                    ["DATABASE_URL"] = database?.Url,
                },
            },
            Cancellation);
        var party = new PartyServer(visage, server, folder);
        await party.RunAsync(files);
        return party;
    }

    /// <summary>Names the woman on the first photo, and waits until the whole job knows her.</summary>
    public async Task EnrolAsync(string name)
    {
        var tasks = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{Job}/tasks", Cancellation);
        var task = tasks.GetProperty("data")[0].GetProperty("id").GetString();
        var detail = await http.GetFromJsonAsync<JsonElement>($"/api/tasks/{task}", Cancellation);
        var faces = detail.GetProperty("result").GetProperty("data")[0].EnumerateArray().ToList();
        var face = faces.FindIndex(one => IsAt(one.GetProperty("box"), 1580, 330));
        using var answer = await http.PostAsJsonAsync("/api/people", new { name, faces = new[] { new { task, face } } }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        JsonElement rematch;
        do rematch = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{Job}/rematch", Cancellation);
        while (rematch.GetProperty("state").GetString() == "running");
    }

    /// <summary>Gives two faces of the first photo, of different people, to one person; returns the id.</summary>
    public async Task<string> EnrolTwoAsync(string name)
    {
        var tasks = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{Job}/tasks", Cancellation);
        var task = tasks.GetProperty("data")[0].GetProperty("id").GetString();
        using var answer = await http.PostAsJsonAsync(
            "/api/people", new { name, faces = new[] { new { task, face = 0 }, new { task, face = 1 } } }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetString()!;
    }

    /// <summary>What the server has of the job's results, as text.</summary>
    public Task<string> ReadResultsAsync() => http.GetStringAsync($"/api/jobs/{Job}/results?format=json", Cancellation);

    public Task StopFacesAsync() => visage.Child.StopAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        await visage.DisposeAsync();
        folder.Dispose();
    }

    private static bool IsAt(JsonElement box, double x, double y)
    {
        var (left, top) = (box.GetProperty("x").GetDouble(), box.GetProperty("y").GetDouble());
        return x >= left && x <= left + box.GetProperty("width").GetDouble()
            && y >= top && y <= top + box.GetProperty("height").GetDouble();
    }

    private async Task RunAsync(RealFiles files)
    {
        var photos = new[] { 1, 3 }.Select(sample =>
            $"\"{Convert.ToBase64String(File.ReadAllBytes(Path.Combine(files.PhotosDirectory, $"sample{sample}.jpg")))}\"");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/visage/job")
        {
            Content = new StringContent($$"""{"images":[{{string.Join(',', photos)}}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "wait=60");
        using var response = await http.SendAsync(request, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer.GetRawText());
        Job = answer.GetProperty("job_id").GetString()!;
    }
}
