using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// A job of photos that ran before somebody was enrolled, judged again with the real models: it must say what a fresh run says. One woman
/// is on the first and on the third sample photo.
/// </summary>
public sealed class RealRematchTests(RealFiles files) : IDisposable
{
    private const string InFirst = """{"x":1580,"y":330}""";

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_rematch_after_an_enrolment_says_what_a_fresh_run_says_and_follows_the_threshold()
    {
        await using var visage = await RealVisage.StartAsync(files);
        await using var server = await ServeAsync(visage);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        var job = await SubmitAsync(http, server);
        var before = await ResultsAsync(http, job);
        Assert.All(Faces(before), face => Assert.Equal(0, face.GetProperty("performers").GetArrayLength()));
        Assert.Equal(22, Faces(before).Count);
        Assert.DoesNotContain("kept_faces", before.ToString(), StringComparison.Ordinal);
        await EnrolAsync(visage);

        var rematch = await RematchAsync(http, job, "{}");

        Assert.Equal((6, 6, 2), (Whole(rematch, "done"), Whole(rematch, "judged"), Whole(rematch, "changed")));
        var after = await ResultsAsync(http, job);
        var fresh = await SubmitAsync(http, server);
        SameResults.Assert(await ResultsAsync(http, fresh), after);
        Assert.Equal(Aggregate(await StatusAsync(http, fresh)), Aggregate(await StatusAsync(http, job)));
        Assert.Equal(2, Faces(after).Count(face => face.GetProperty("performers").GetArrayLength() == 1));

        // A confidence of 0.9999 is more than that of the third photo; 0 is everybody.
        Assert.Equal(1, Whole(await RematchAsync(http, job, """{"threshold":0.9999}"""), "changed"));
        Assert.Equal(1, Faces(await ResultsAsync(http, job)).Count(face => face.GetProperty("performers").GetArrayLength() == 1));
        await RematchAsync(http, job, """{"threshold":0}""");
        Assert.All(Faces(await ResultsAsync(http, job)), face => Assert.Equal(1, face.GetProperty("performers").GetArrayLength()));
        await RematchAsync(http, job, "{}");
        SameResults.Assert(after, await ResultsAsync(http, job));
    }

    private static int Whole(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static List<JsonElement> Faces(List<JsonElement> results) =>
        [.. results.SelectMany(result => result.GetProperty("data")[0].EnumerateArray())];

    private static string Aggregate(JsonElement status) =>
        status.GetProperty("aggregate_results").GetRawText().Replace(
            status.GetProperty("job_id").GetString()!, "JOB", StringComparison.Ordinal);

    private static async Task<JsonElement> RematchAsync(HttpClient http, string job, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync($"/api/jobs/{job}/rematch", content, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True((int)response.StatusCode == 202, answer.GetRawText());
        while (answer.GetProperty("state").GetString() == "running")
            answer = await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}/rematch", Cancellation);
        Assert.Equal("completed", answer.GetProperty("state").GetString());
        return answer;
    }

    private static Task<JsonElement> StatusAsync(HttpClient http, string job) =>
        http.GetFromJsonAsync<JsonElement>($"/api/queue/status/{job}", Cancellation);

    private static async Task<List<JsonElement>> ResultsAsync(HttpClient http, string job) =>
        [.. (await StatusAsync(http, job)).GetProperty("results").EnumerateArray().Select(result => result.GetProperty("output_json"))];

    private string Photo(int sample) =>
        Convert.ToBase64String(File.ReadAllBytes(Path.Combine(files.PhotosDirectory, $"sample{sample}.jpg")));

    private async Task EnrolAsync(RealVisage visage)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Visage-Secret", await visage.ReadSecretAsync(Cancellation));
        using var content = new StringContent(
            $$"""{"name":"Dee","photos":[{"image":"{{Photo(1)}}","face":{{InFirst}}}]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(visage.Address, "/api/gallery/people"), content, Cancellation);
        Assert.Equal(201, (int)response.StatusCode);
    }

    private Task<StashAIProcess> ServeAsync(RealVisage visage) => StashAIProcess.StartAsync(
        new StashAIProcessOptions
        {
            Arguments = ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", visage.Address.ToString()],
            Folder = folder.Path,
        },
        Cancellation);

    /// <summary>Runs a job of the six sample photos; returns its id.</summary>
    private async Task<string> SubmitAsync(HttpClient http, StashAIProcess server)
    {
        var body = $$"""{"images":[{{string.Join(',', Enumerable.Range(1, 6).Select(sample => $"\"{Photo(sample)}\""))}}]}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync("/api/visage/job", content, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True((int)response.StatusCode == 202, answer.GetRawText());
        var job = answer.GetProperty("job_id").GetString()!;
        using var socket = await GatewaySocket.ConnectAsync(server.Url);
        await socket.FollowJobAsync(job);
        await socket.UntilAsync(message => message.GetProperty("type").GetString() == "job_progress"
            && message.GetProperty("status").GetString() is not ("pending" or "running"));
        return job;
    }
}
