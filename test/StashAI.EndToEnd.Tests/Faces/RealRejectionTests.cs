using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// "This is Dee" and "this is not Dee", said of faces of results, with the real models. One woman is on the first and on the third sample
/// photo.
/// </summary>
public sealed class RealRejectionTests(RealFiles files) : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_right_match_that_is_rejected_is_lost_everywhere_until_the_rejection_is_taken_back()
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
        var tasks = await RunAsync(http);
        var first = (Task: tasks[0], Face: await FaceAtAsync(http, tasks[0], 1580, 330));
        var third = (Task: tasks[1], Face: await FaceAtAsync(http, tasks[1], 1187, 354));
        var picture = await http.GetByteArrayAsync($"/api/tasks/{first.Task}/faces/{first.Face}/picture", Cancellation);
        Assert.Equal([0xFF, 0xD8, 0xFF], picture[..3]);

        // The answer comes when the result has the name; the rest of the job follows.
        var dee = await PostAsync(http, "/api/people", new { name = "Dee", faces = new[] { Named(first) } }, HttpStatusCode.Created);
        Assert.Equal(1, dee.GetProperty("rematch").GetProperty("judged").GetInt32());
        Assert.Equal(["Dee"], await NamesAsync(http, first));
        await OverAsync(http, dee);
        Assert.Equal(["Dee"], await NamesAsync(http, third));
        Assert.Equal((2, 2), await AggregateAsync(http, dee));

        var id = dee.GetProperty("id").GetString();
        var rejected = await PostAsync(http, $"/api/people/{id}/rejections", new { faces = new[] { Named(third) } }, HttpStatusCode.OK);
        Assert.Equal(1, rejected.GetProperty("rematch").GetProperty("judged").GetInt32());
        Assert.Empty(await NamesAsync(http, third));
        Assert.Equal(["Dee"], await NamesAsync(http, first));
        await OverAsync(http, rejected);
        Assert.Equal((1, 1), await AggregateAsync(http, dee));

        // A fresh run of the same photos, and a rematch, respect it.
        var fresh = await RunAsync(http);
        Assert.Empty(await NamesAsync(http, (fresh[1], third.Face)));
        Assert.Equal(["Dee"], await NamesAsync(http, (fresh[0], first.Face)));
        var job = (await http.GetFromJsonAsync<JsonElement>($"/api/tasks/{third.Task}", Cancellation)).GetProperty("job_id").GetString();
        await PostAsync(http, $"/api/jobs/{job}/rematch", new { }, HttpStatusCode.Accepted);
        await OverAsync(http, rejected);
        Assert.Empty(await NamesAsync(http, third));
        Assert.Equal(["Dee"], await NamesAsync(http, first));

        var listed = (await http.GetFromJsonAsync<JsonElement>($"/api/people/{id}/rejections", Cancellation)).GetProperty("data")[0];
        Assert.Equal((third.Task, third.Face), (listed.GetProperty("task").GetString(), listed.GetProperty("face").GetInt32()));
        Assert.NotEmpty(await http.GetByteArrayAsync(listed.GetProperty("picture").GetString(), Cancellation));
        using var removed = await http.DeleteAsync($"/api/people/{id}/rejections/{listed.GetProperty("id").GetString()}", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(["Dee"], await NamesAsync(http, third));
    }

    private static object Named((string Task, int Face) face) => new { task = face.Task, face = face.Face };

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body, HttpStatusCode status)
    {
        using var answer = await http.PostAsJsonAsync(path, body, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Waits until the job of an answer is judged as a whole.</summary>
    private static async Task OverAsync(HttpClient http, JsonElement answer)
    {
        var job = answer.GetProperty("rematch").GetProperty("jobs")[0].GetString();
        while (true)
        {
            var rematch = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}/rematch", Cancellation);
            if (rematch.GetProperty("state").GetString() == "completed") return;
            Assert.Equal("running", rematch.GetProperty("state").GetString());
        }
    }

    private static async Task<(int Faces, int Images)> AggregateAsync(HttpClient http, JsonElement answer)
    {
        var job = answer.GetProperty("rematch").GetProperty("jobs")[0].GetString();
        var status = await http.GetFromJsonAsync<JsonElement>($"/api/queue/status/{job}", Cancellation);
        var person = status.GetProperty("aggregate_results").GetProperty("people").EnumerateArray().Single();
        return (person.GetProperty("faces").GetInt32(), person.GetProperty("images").GetInt32());
    }

    private static async Task<JsonElement> FacesAsync(HttpClient http, string task) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/tasks/{task}", Cancellation)).GetProperty("result").GetProperty("data")[0];

    private static async Task<IEnumerable<string?>> NamesAsync(HttpClient http, (string Task, int Face) face) =>
        (await FacesAsync(http, face.Task))[face.Face].GetProperty("performers").EnumerateArray()
            .Select(person => person.GetProperty("name").GetString());

    /// <summary>The position of the face whose box contains a point.</summary>
    private static async Task<int> FaceAtAsync(HttpClient http, string task, double x, double y)
    {
        var faces = (await FacesAsync(http, task)).EnumerateArray().ToList();
        return faces.FindIndex(face =>
        {
            var box = face.GetProperty("box");
            var (left, top) = (box.GetProperty("x").GetDouble(), box.GetProperty("y").GetDouble());
            return x >= left && x <= left + box.GetProperty("width").GetDouble()
                && y >= top && y <= top + box.GetProperty("height").GetDouble();
        });
    }

    private string Photo(int sample) =>
        Convert.ToBase64String(File.ReadAllBytes(Path.Combine(files.PhotosDirectory, $"sample{sample}.jpg")));

    /// <summary>Runs a job of the first and the third photo, and waits for it; returns its tasks.</summary>
    private async Task<List<string>> RunAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/visage/job")
        {
            Content = new StringContent($$"""{"images":["{{Photo(1)}}","{{Photo(3)}}"]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "wait=60");
        using var response = await http.SendAsync(request, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer.GetRawText());
        var tasks = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{answer.GetProperty("job_id").GetString()}/tasks", Cancellation);
        return [.. tasks.GetProperty("data").EnumerateArray().Select(task => task.GetProperty("id").GetString()!)];
    }
}
