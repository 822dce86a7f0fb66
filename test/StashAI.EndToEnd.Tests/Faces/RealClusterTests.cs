using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// The unknown faces of two jobs, grouped with the real models; the woman who is on the first and on the third sample photo is named, and
/// is found in the results of both jobs.
/// </summary>
public sealed class RealClusterTests(RealFiles files) : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Unknown_faces_are_grouped_one_group_is_named_and_the_results_carry_the_name()
    {
        await using var visage = await RealVisage.StartAsync(files);
        await using var server = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments =
                    ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", visage.Address.ToString()],
                Folder = folder.Path,
                Environment = new Dictionary<string, string?> { ["VISAGE_SECRET_FILE"] = visage.SecretPath },
            },
            Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        var (one, other) = (await SubmitAsync(http, server, 1, 2), await SubmitAsync(http, server, 3, 4, 5, 6));

        await PostAsync(http, $"/api/jobs/{one}/clusters", $$"""{"jobs":["{{other}}"]}""", 202);
        var state = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{one}/clusters", Cancellation);
        while (state.GetProperty("state").GetString() == "running")
            state = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{one}/clusters", Cancellation);

        Assert.Equal("completed", state.GetProperty("state").GetString());
        Assert.Equal((22, 22), (Whole(state, "faces"), Whole(state, "unknown")));
        var (first, third) = (await TaskAsync(http, one, 0), await TaskAsync(http, other, 0));
        var woman = Assert.Single(state.GetProperty("data").EnumerateArray(), group =>
            group.GetProperty("examples").EnumerateArray().Select(face => face.GetProperty("task").GetString()) is var tasks
            && tasks.Contains(first) && tasks.Contains(third));
        foreach (var face in woman.GetProperty("examples").EnumerateArray())
        {
            using var picture = await http.GetAsync(face.GetProperty("picture_url").GetString(), Cancellation);
            Assert.Equal("image/jpeg", picture.Content.Headers.ContentType!.MediaType);
        }

        var address = $"/api/jobs/{one}/clusters/{woman.GetProperty("group").GetString()}/name";
        var named = await PostAsync(http, address, """{"name":"Dee"}""", 200);
        Assert.InRange(Whole(named, "enrolled"), 1, 2);
        foreach (var job in (string[])[one, other])
        {
            var rematch = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}/rematch", Cancellation);
            while (rematch.GetProperty("state").GetString() == "running")
                rematch = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}/rematch", Cancellation);
            Assert.Equal(1, Whole(rematch, "changed"));
            var status = await http.GetFromJsonAsync<JsonElement>($"/api/queue/status/{job}", Cancellation);
            Assert.Equal("Dee", status.GetProperty("aggregate_results").GetProperty("people")[0].GetProperty("name").GetString());
        }

        Assert.Equal(0, Whole(await PostAsync(http, address, """{"name":"Dee"}""", 200), "enrolled"));
        await PostAsync(http, $"/api/jobs/{one}/clusters", $$"""{"jobs":["{{other}}"]}""", 202);
        do state = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{one}/clusters", Cancellation);
        while (state.GetProperty("state").GetString() == "running");
        Assert.Equal(20, Whole(state, "unknown"));
    }

    private static int Whole(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static async Task<string> TaskAsync(HttpClient http, string job, int index) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}/tasks", Cancellation)).GetProperty("data").EnumerateArray()
            .Single(task => Whole(task, "index") == index).GetProperty("id").GetString()!;

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, string body, int status)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(path, content, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True((int)response.StatusCode == status, answer.GetRawText());
        return answer;
    }

    /// <summary>Runs a job of some sample photos; returns its id.</summary>
    private async Task<string> SubmitAsync(HttpClient http, StashAIProcess server, params int[] samples)
    {
        var photos = samples.Select(
            sample => $"\"{Convert.ToBase64String(File.ReadAllBytes(Path.Combine(files.PhotosDirectory, $"sample{sample}.jpg")))}\"");
        var answer = await PostAsync(http, "/api/visage/job", $$"""{"images":[{{string.Join(',', photos)}}]}""", 202);
        var job = answer.GetProperty("job_id").GetString()!;
        using var socket = await GatewaySocket.ConnectAsync(server.Url);
        await socket.FollowJobAsync(job);
        await socket.UntilAsync(message => message.GetProperty("type").GetString() == "job_progress"
            && message.GetProperty("status").GetString() is not ("pending" or "running"));
        return job;
    }
}
