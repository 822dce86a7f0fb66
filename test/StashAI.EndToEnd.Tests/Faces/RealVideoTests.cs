using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>A film from the command line to its people, with the real models and the real ffmpeg.</summary>
public sealed class RealVideoTests(RealFiles files) : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_film_and_a_letter_are_submitted_and_the_people_of_the_film_have_their_times()
    {
        await using var visage = await RealVisage.StartAsync(files);
        Directory.CreateDirectory(folder.File("films"));
        await RealFilm.MakeAsync(files, folder.File("films/film.mp4"), 4, 1);
        await File.WriteAllTextAsync(folder.File("films/letter.mp4"), "This is a letter.", Cancellation);
        await EnrolAsync(visage);
        await using var server = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments =
                    ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", visage.Address.ToString()],
                Folder = folder.Path,
            },
            Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        var job = await SubmitAsync(server);

        var status = await http.GetFromJsonAsync<JsonElement>($"/api/queue/status/{job}", Cancellation);

        var results = status.GetProperty("results");
        var film = results[0].GetProperty("output_json");
        Assert.Equal("film.mp4", results[0].GetProperty("item_id").GetString());
        Assert.Equal(4, film.GetProperty("frames").GetArrayLength());
        var dee = Assert.Single(film.GetProperty("people").EnumerateArray().ToList());
        Assert.Equal("Dee", dee.GetProperty("performer").GetProperty("name").GetString());
        Assert.Equal([0.0, 1, 2, 3], dee.GetProperty("times").EnumerateArray().Select(time => Math.Floor(time.GetDouble())));
        // The picture of a person is shown by this server, whatever the address of the face service is.
        Assert.StartsWith(server.Url, dee.GetProperty("performer").GetProperty("image").GetString(), StringComparison.Ordinal);
        Assert.True(film.GetProperty("gallery_version").GetInt64() > 0);
        var person = Assert.Single(status.GetProperty("aggregate_results").GetProperty("people").EnumerateArray().ToList());
        Assert.Equal(4, person.GetProperty("faces").GetInt32());
        var letter = results[1];
        Assert.Contains("not a video", letter.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>Submits the folder by the command line, and waits.</summary>
    private async Task<string> SubmitAsync(StashAIProcess server)
    {
        var films = folder.File("films");
        using var process = Process.Start(new ProcessStartInfo(
            RealVisage.Program.FileName,
            ["submit", "visage.video", films, "--config", "frames_per_minute=60", "--wait", "-q"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["STASHAI_URL"] = server.Url, ["STASHAI_CONFIG_DIR"] = folder.File("config") },
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        // One item has no result.
        Assert.True(process.ExitCode == 5, $"{process.ExitCode}: {await errors}");
        return (await output).Trim();
    }

    private async Task EnrolAsync(RealVisage visage)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Visage-Secret", await visage.ReadSecretAsync(Cancellation));
        var photo = Convert.ToBase64String(
            await File.ReadAllBytesAsync(Path.Combine(files.PhotosDirectory, "sample1.jpg"), Cancellation));
        using var content = new StringContent(
            $$$"""{"name":"Dee","photos":[{"image":"{{{photo}}}","face":{"x":1580,"y":330}}]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(visage.Address, "/api/gallery/people"), content, Cancellation);
        Assert.Equal(201, (int)response.StatusCode);
    }
}
