using System.Net.Http.Json;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using static StashAI.EndToEnd.Tests.Services.DeclaredRun;

namespace StashAI.EndToEnd.Tests.Services;

/// <summary>On real engines a batch has the answers of calls of one item each, to the letter, whether calls are shared or not.</summary>
public sealed class RealPackingTests
{
    /// <summary>
    /// Texts that change each other when they are joined: phrases that go on in the next, no full stops, a word that no dictionary has.
    /// </summary>
    private static readonly string[] Fragments =
    [
        "the red", "house", "the", "cat", "xylophonar", "I like", "green tea", "He went to the", "market", "can", "run", "end.",
        "No punctuation here", "a < b & c", "red", "house",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fragments_of_a_batch_are_translated_as_each_by_itself()
    {
        await using var engine = await RealEngine.StartAsync("python3", "translation.py", ["/usr/bin/apertium-apy"], Cancellation);
        await using var server = await ServeAsync("TRANSLATION_API_URL", engine.Url, "--workers", "8");

        var job = await RunAsync(server, "/api/translation/batch", $$"""{"items":{{JsonSerializer.Serialize(Fragments)}}}""");

        var alone = new List<string>();
        foreach (var fragment in Fragments) alone.Add(await TranslateAsync(engine, fragment));
        Assert.Equal(
            alone,
            job.GetProperty("tasks").EnumerateArray()
                .Select(task => task.GetProperty("output_json").GetProperty("translated_text").GetString()));
        // Why the shipped service has no `pack`: in one text the red becomes the house's.
        Assert.NotEqual(alone, (await TranslateAsync(engine, string.Join('\n', Fragments))).Split('\n'));
    }

    [Fact]
    public async Task Texts_of_a_pack_are_embedded_as_each_by_itself()
    {
        await using var engine = await EmbeddingsAsync();
        await using var server = await ServeAsync("EMBEDDINGS_API_URL", engine.Url);
        string[] texts =
        [
            .. Fragments,
            .. Enumerable.Range(0, 48).Select(i => $"Sentence number {i} is about {(i % 2 == 0 ? "the sea" : "a mountain")}."),
        ];

        var job = await RunAsync(server, "/api/embeddings/job", $$"""{"items":{{JsonSerializer.Serialize(texts)}}}""");

        using var http = new HttpClient { BaseAddress = new Uri(engine.Url) };
        // With the four workers that there are unless one says otherwise: a worker waits for a call.
        Assert.Equal(1, (await http.GetFromJsonAsync<JsonElement>("/health", Cancellation)).GetProperty("calls").GetInt32());
        var packed = job.GetProperty("tasks").EnumerateArray().Select(Vector).ToList();
        Assert.Equal(64, packed.Count);
        foreach (var (index, text) in texts.Index())
        {
            using var alone = await http.PostAsJsonAsync("/v1/embeddings", new { model = "m", input = text }, Cancellation);
            var vector = (await alone.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data")[0].GetProperty("embedding")
                .EnumerateArray().Select(number => number.GetDouble());
            Assert.All(vector.Zip(packed[index]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public async Task A_text_that_the_engine_refuses_fails_alone()
    {
        await using var engine = await EmbeddingsAsync();
        using var folder = new TempFolder();
        // The shipped declaration refuses an empty text at the door; here the engine is to do it.
        var shipped = Repository.Read("services/embeddings.yaml");
        await File.WriteAllTextAsync(
            folder.File("embeddings.yaml"), shipped.Replace("min_length: 1, ", "", StringComparison.Ordinal), Cancellation);
        await using var server = await ServeAsync(
            new Dictionary<string, string?> { ["EMBEDDINGS_API_URL"] = engine.Url, ["SERVICES_DIR"] = folder.Path });

        var job = await RunAsync(server, "/api/embeddings/job", """{"items":["the sea","","a mountain","the red"]}""");

        var tasks = job.GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal(["completed", "failed", "completed", "completed"], tasks.Select(task => task.GetProperty("state").GetString()));
        Assert.Contains("none of them empty", tasks[1].GetProperty("error_message").GetString(), StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = new Uri(engine.Url) };
        using var alone = await http.PostAsJsonAsync("/v1/embeddings", new { model = "m", input = "a mountain" }, Cancellation);
        var vector = (await alone.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data")[0].GetProperty("embedding")
            .EnumerateArray().Select(number => number.GetDouble());
        Assert.All(vector.Zip(Vector(tasks[2])), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static Task<RealEngine> EmbeddingsAsync() =>
        RealEngine.StartAsync("node", "embeddings.mjs", ["node", Path.Combine(RealEngine.Packages, "node_modules")], Cancellation);

    private static async Task<string> TranslateAsync(RealEngine engine, string text)
    {
        using var http = new HttpClient { BaseAddress = new Uri(engine.Url) };
        using var form = new FormUrlEncodedContent([new("langpair", "eng|spa"), new("q", text), new("markUnknown", "no")]);
        using var response = await http.PostAsync("/translate", form, Cancellation);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("responseData")
            .GetProperty("translatedText").GetString()!;
    }
}
