using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using static StashAI.EndToEnd.Tests.Services.DeclaredRun;

namespace StashAI.EndToEnd.Tests.Services;

/// <summary>The shipped declarations against real engines, through the real `stashai serve`.</summary>
public sealed class RealServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apertium_translates_a_batch()
    {
        await using var engine = await RealEngine.StartAsync("python3", "translation.py", ["/usr/bin/apertium-apy"], Cancellation);
        await using var server = await ServeAsync("TRANSLATION_API_URL", engine.Url);

        var job = await RunAsync(
            server, "/api/translation/batch", """{"items":["the red house","the cat","house"],"config":{"source":"eng","target":"spa"}}""");

        Assert.Equal(
            ["La casa roja", "El gato", "Casa"],
            Results(job, "translated_text").Select(text => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text));
        Assert.Equal(3, job.GetProperty("aggregate_results").GetProperty("texts").GetInt32());
    }

    [Fact]
    public async Task A_language_pair_that_is_not_there_fails_with_the_engines_own_words()
    {
        await using var engine = await RealEngine.StartAsync("python3", "translation.py", ["/usr/bin/apertium-apy"], Cancellation);
        await using var server = await ServeAsync("TRANSLATION_API_URL", engine.Url);

        var job = await RunAsync(server, "/api/translation/batch/translate", """{"items":["hello"],"config":{"target":"xyz"}}""");

        Assert.Equal("failed", job.GetProperty("status").GetString());
        Assert.Contains(
            "not installed", job.GetProperty("tasks")[0].GetProperty("error_message").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Pocketsphinx_writes_down_speech_of_an_upload()
    {
        await using var engine = await RealEngine.StartAsync(
            "node", "transcription.mjs", ["node", "pocketsphinx_continuous", "flite", "sox"], Cancellation);
        await using var server = await ServeAsync("TRANSCRIPTION_API_URL", engine.Url);
        using var folder = new TempFolder();
        using var form = new MultipartFormDataContent { { new StringContent("pocketsphinx"), "model" } };
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[("one", "go forward ten meters"), ("two", "turn left")])
            form.Add(new ByteArrayContent(Speak(folder, name, text)), "files", name + ".wav");

        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var response = await http.PostAsync("/api/transcription/batch", form, Cancellation);
        var job = await EndOfAsync(
            server, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("job_id").GetString()!);

        Assert.Equal("go forward ten meters", Results(job, "text")[0]);
        Assert.Equal(2, job.GetProperty("completed_tasks").GetInt32());
    }

    [Fact]
    public async Task A_sentence_model_embeds_texts_so_that_meanings_are_near()
    {
        await using var engine = await RealEngine.StartAsync(
            "node", "embeddings.mjs", ["node", Path.Combine(RealEngine.Packages, "node_modules")], Cancellation);
        await using var server = await ServeAsync("EMBEDDINGS_API_URL", engine.Url);

        var job = await RunAsync(
            server,
            "/api/embeddings/job",
            """{"items":["A cat sleeps on the sofa.","A kitten naps on the couch.","The stock market fell today."]}""");

        var vectors = job.GetProperty("tasks").EnumerateArray().Select(Vector).ToList();
        Assert.All(vectors, vector => Assert.Equal(512, vector.Length));
        Assert.True(Similarity(vectors[0], vectors[1]) > Similarity(vectors[0], vectors[2]) + 0.2);
    }

    [Fact]
    public async Task Tesseract_reads_pictures_and_a_broken_one_fails_alone()
    {
        await using var engine = await RealEngine.StartAsync("node", "ocr.mjs", ["node", "tesseract"], Cancellation);
        await using var server = await ServeAsync("OCR_API_URL", engine.Url);
        var pictures = new[] { Lettering.Draw("HELLO"), Encoding.ASCII.GetBytes("no picture"), Lettering.Draw("HOTEL") };

        var items = string.Join(',', pictures.Select(picture => $"\"{Convert.ToBase64String(picture)}\""));
        var job = await RunAsync(server, "/api/ocr/batch/read", $$"""{"items":[{{items}}]}""");

        Assert.Equal("partial", job.GetProperty("status").GetString());
        var tasks = job.GetProperty("tasks");
        Assert.Equal("HELLO", tasks[0].GetProperty("output_json").GetProperty("text").GetString());
        Assert.Equal("HOTEL", tasks[2].GetProperty("output_json").GetProperty("text").GetString());
        Assert.Contains("no picture that can be read", tasks[1].GetProperty("error_message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd\n")]
    [InlineData("FILE\n")]
    [InlineData("P5\nFILE\n")]
    [InlineData("GIF89a\nFILE\n")]
    [InlineData("II*\0\nFILE\n")]
    [InlineData("\u00ff\u00d8\u00ff\nFILE\n")]
    [InlineData("\u0089PNG\r\n\u001a\nFILE\n")]
    [InlineData("RIFF\0\0\0\0WEBP\nFILE\n")]
    [InlineData("BM\nFILE\n")]
    public async Task Ocr_reads_no_file_that_an_upload_names(string upload)
    {
        await using var engine = await RealEngine.StartAsync("node", "ocr.mjs", ["node", "tesseract"], Cancellation);
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder.File("own.pgm"), Lettering.Draw("HOTEL"), Cancellation);
        using var http = new HttpClient();
        using var body = new ByteArrayContent(
            Encoding.Latin1.GetBytes(upload.Replace("FILE", folder.File("own.pgm"), StringComparison.Ordinal)));

        using var answer = await http.PostAsync(new Uri(engine.Url + "/ocr?language=eng"), body, Cancellation);

        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain("HOTEL", text, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node", "ocr.mjs", "tesseract", "/ocr?language=../../etc/passwd", 400)]
    [InlineData("node", "ocr.mjs", "tesseract", "/ocr?language=--help", 400)]
    [InlineData("node", "ocr.mjs", "tesseract", "/ocr?language=-l", 400)]
    [InlineData("node", "ocr.mjs", "tesseract", "/constructor", 404)]
    [InlineData("python3", "translation.py", "/usr/share/apertium", "/translatePage?langpair=eng|spa&url=http://127.0.0.1:1/", 404)]
    [InlineData("python3", "translation.py", "/usr/share/apertium", "/translateDoc", 404)]
    public async Task Wrappers_pass_on_no_options_and_have_no_other_routes(
        string runner, string script, string needs, string path, int status)
    {
        await using var engine = await RealEngine.StartAsync(runner, script, [needs], Cancellation);
        using var http = new HttpClient();
        using var body = new ByteArrayContent(Lettering.Draw("HOTEL"));

        using var answer = await http.PostAsync(new Uri(engine.Url + path), body, Cancellation);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    private static List<string> Results(JsonElement job, string field) =>
        [.. job.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("output_json").GetProperty(field).GetString()!)];

    private static double Similarity(double[] one, double[] two) =>
        one.Zip(two, (a, b) => a * b).Sum() / Math.Sqrt(one.Sum(a => a * a) * two.Sum(b => b * b));

    private static byte[] Speak(TempFolder folder, string name, string text)
    {
        var (spoken, converted) = (folder.File(name + "-22k.wav"), folder.File(name + ".wav"));
        Run("flite", "-voice", "rms", "-t", text, "-o", spoken);
        Run("sox", spoken, "-r", "16000", "-c", "1", "-b", "16", converted);
        return File.ReadAllBytes(converted);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
