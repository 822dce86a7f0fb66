using System.Net.Http.Json;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.Server.Demo;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Demo;

public sealed class ReportTests(RealFiles files)
{
    [Fact]
    public async Task The_sample_photos_become_a_report_with_a_person_found_again()
    {
        var input = files.Samples();
        await using var visage = await RealVisage.StartAsync(files);
        using var http = new HttpClient();
        await using var server = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments =
                [
                    "serve", "--urls", "http://127.0.0.1:0", "--data", Path.Combine(visage.DataDirectory, "server"), "--visage-url",
                    visage.Address.ToString(),
                ],
                Environment = new Dictionary<string, string?> { ["VISAGE_SECRET_FILE"] = visage.SecretPath },
                Folder = visage.DataDirectory,
            },
            TestContext.Current.CancellationToken);
        var gallery = new GalleryClient(http, new Uri(server.Url));
        var skipped = new List<SkippedPhoto>();
        var people = new List<EnrolledPerson>();
        foreach (var person in input.People)
        {
            people.Add((await gallery.EnrolAsync(person, skipped, TestContext.Current.CancellationToken))!);
        }
        var results = new List<PhotoResult>();
        foreach (var photo in input.Photos)
        {
            results.Add(await IdentifyAsync(http, visage.Address, photo));
        }
        var outcome = new DemoOutcome("01900000-0000-7000-8000-000000000000", people, results, skipped,
            TimeSpan.FromSeconds(1.2), DateTimeOffset.UnixEpoch, 0.65);

        using var text = new StringWriter();
        await new HtmlReport(text).WriteAsync(outcome, TestContext.Current.CancellationToken);

        var html = text.ToString();
        if (Environment.GetEnvironmentVariable("STASHAI_REPORT_TO") is { Length: > 0 } path)
        {
            await File.WriteAllTextAsync(path, html, TestContext.Current.CancellationToken);
        }
        Assert.Empty(skipped);
        Assert.All(people, person => Assert.NotNull(person.Face));
        Assert.Contains(DemoSamples.SeenTwice, outcome.PeopleFound);
        Assert.Contains(results[1].Faces, face => face.Match?.Name == DemoSamples.SeenTwice);
        Assert.Equal(outcome.Faces, html.Split("class=\"box-shade\"").Length - 1);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_colours_and_its_font_are_those_of_the_dashboard()
    {
        var tokens = await File.ReadAllLinesAsync(
            Path.Combine(Repository.Folder, "web", "dashboard", "src", "styles", "tokens.css"), TestContext.Current.CancellationToken);

        var own = ReportStyle.Css.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("--", StringComparison.Ordinal));

        Assert.All(own, line => Assert.Contains(line, tokens.Select(token => token.Trim())));
        Assert.NotEmpty(own);
    }

    private static async Task<PhotoResult> IdentifyAsync(HttpClient http, Uri visage, DemoPhoto photo)
    {
        var image = Convert.ToBase64String(await File.ReadAllBytesAsync(photo.Path, TestContext.Current.CancellationToken));
        using var response = await http.PostAsJsonAsync(
            new Uri(visage, "/api/predict_1"), new { image_data = image, threshold = 0.65 }, TestContext.Current.CancellationToken);
        var output = await response.EnsureSuccessStatusCode()
            .Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return new PhotoResult(photo, VisageOutput.ReadFaces(output), 120, null);
    }
}
