using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// Comparisons with the real models through the real `stashai serve`, queued and in direct mode. One woman is on the first and on the third
/// sample photo.
/// </summary>
public sealed class RealComparisonTests(RealFiles files) : IDisposable
{
    private const string InFirst = """{"x":1580,"y":330}""";
    private const string InThird = """{"x":1187,"y":354}""";

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pairs_of_photos_and_people_are_told_apart(bool isDirect)
    {
        await using var visage = await RealVisage.StartAsync(files);
        await EnrolAsync(visage);
        await using var server = await ServeAsync(visage, isDirect);

        var job = await RunAsync(server, isDirect, "/api/visage/batch/compare", $$"""
            {"config":{"threshold":0.5},"items":[
                {"image1":"{{Photo(1)}}","image2":"{{Photo(3)}}","item_id":"both"},
                {"person1":"Dee","image2":"{{Photo(3)}}","face2":{{InThird}} },
                {"person1":"Dee","image2":"{{Photo(2)}}"},
                {"person1":"Dee","person2":"Nobody"}]}
            """);

        Assert.Equal(
            ("partial", "visage_batch_face_comparison"), (job.GetProperty("status").GetString(), job.GetProperty("job_type").GetString()));
        var aggregate = job.GetProperty("aggregate_results");
        Assert.Equal((3, 2, 0), (Whole(aggregate, "pairs"), Whole(aggregate, "matches"), Whole(aggregate, "without_face")));
        Assert.Equal("[0,1]", aggregate.GetProperty("matching_items").GetRawText());
        Assert.InRange(aggregate.GetProperty("lowest_similarity").GetDouble(), 0, 0.4);
        var results = job.GetProperty("results");
        Assert.Equal("both", results[0].GetProperty("item_id").GetString());
        var pair = results[0].GetProperty("output_json").GetProperty("data");
        Assert.InRange(pair.GetProperty("similarity").GetDouble(), 0.6, 0.8);
        AssertHolds(pair.GetProperty("face1"), 1580, 330);
        AssertHolds(pair.GetProperty("face2"), 1187, 354);
        Assert.Contains(
            "the gallery has no person 'Nobody'", results[3].GetProperty("error_message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_face_is_found_among_many_the_most_alike_first(bool isDirect)
    {
        await using var visage = await RealVisage.StartAsync(files);
        await EnrolAsync(visage);
        await using var server = await ServeAsync(visage, isDirect);

        var job = await RunAsync(server, isDirect, "/api/visage/batch/one-to-many", $$"""
            {"items":["{{Photo(2)}}",{"image":"{{Photo(3)}}"},{"person":"Dee"},"{{Photo(5)}}"],"target":{"image":"{{Photo(1)}}","face":{{InFirst}} } }
            """);

        Assert.Equal(
            ("completed", "visage_batch_one_to_many_compare"),
            (job.GetProperty("status").GetString(), job.GetProperty("job_type").GetString()));
        var aggregate = job.GetProperty("aggregate_results");
        var ranking = aggregate.GetProperty("ranking").EnumerateArray().ToList();
        Assert.Equal((4, 2), (Whole(aggregate, "items"), Whole(aggregate, "matches")));
        // Herself from the same photo, then on the other one; the others are strangers.
        Assert.Equal([2, 1], ranking.Take(2).Select(item => Whole(item, "item")));
        Assert.Equal("Dee", ranking[0].GetProperty("person").GetString());
        Assert.Equal(1, ranking[0].GetProperty("similarity").GetDouble(), 3);
        Assert.Equal([true, true, false, false], ranking.Select(item => item.GetProperty("is_match").GetBoolean()));
    }

    private static int Whole(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static void AssertHolds(JsonElement face, double x, double y)
    {
        var box = face.GetProperty("box");
        double left = box.GetProperty("x").GetDouble(), top = box.GetProperty("y").GetDouble();
        Assert.InRange(x, left, left + box.GetProperty("width").GetDouble());
        Assert.InRange(y, top, top + box.GetProperty("height").GetDouble());
    }

    private string Photo(int sample) =>
        Convert.ToBase64String(File.ReadAllBytes(Path.Combine(files.PhotosDirectory, $"sample{sample}.jpg")));

    private async Task EnrolAsync(RealVisage visage)
    {
        using var http = new HttpClient();
        using var content = new StringContent(
            $$"""{"name":"Dee","photos":["{{Photo(1)}}"],"face":{{InFirst}} }""", Encoding.UTF8, "application/json");
        http.DefaultRequestHeaders.Add("X-Visage-Secret", await visage.ReadSecretAsync(Cancellation));
        using var response = await http.PostAsync(new Uri(visage.Address, "/api/gallery/people"), content, Cancellation);
        Assert.Equal(201, (int)response.StatusCode);
    }

    private Task<StashAIProcess> ServeAsync(RealVisage visage, bool isDirect) => StashAIProcess.StartAsync(
        new StashAIProcessOptions
        {
            Arguments = ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", visage.Address.ToString()],
            Environment = new Dictionary<string, string?> { ["DIRECT_MODE"] = isDirect ? "true" : "false" },
            Folder = folder.Path,
        },
        Cancellation);

    /// <summary>The status answer of the job when it is over; in direct mode that is the answer to the submit.</summary>
    private static async Task<JsonElement> RunAsync(StashAIProcess server, bool isDirect, string route, string body)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(route, content, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True((int)response.StatusCode == (isDirect ? 200 : 202), answer.GetRawText());
        Assert.Equal(isDirect ? "direct" : "queue", answer.GetProperty("mode").GetString());
        if (isDirect) return answer;
        var jobId = answer.GetProperty("job_id").GetString()!;
        using var socket = await GatewaySocket.ConnectAsync(server.Url);
        await socket.FollowJobAsync(jobId);
        await socket.UntilAsync(message => message.GetProperty("type").GetString() == "job_progress"
            && message.GetProperty("status").GetString() is not ("pending" or "running"));
        return await http.GetFromJsonAsync<JsonElement>($"/api/queue/status/{jobId}", Cancellation);
    }
}
