using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>Real face services on one real PostgreSQL.</summary>
public sealed class GalleryProcessTests(RealFiles files, PostgresFixture postgres)
{
    private const string Ready = "Visage is ready at ";
    private const int People = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_enrolled_with_one_service_is_identified_by_the_other_at_once()
    {
        files.SkipIfMissing();
        using var folder = new TempFolder();
        var url = (await postgres.CreateDatabaseAsync(Cancellation)).Url;
        await using var first = Launch(folder, "first", url);
        await using var second = Launch(folder, "second", url);
        using var one = await ClientAsync(first, folder.File("first"));
        using var two = await ClientAsync(second, folder.File("second"));

        for (var round = 0; round < 3; round++)
        {
            var enrolled = await PostAsync(
                one, "/api/gallery/people", new { name = "Dee", photos = new[] { Sample() }, face = new { x = 1580, y = 330 } });
            var id = enrolled.GetProperty("id").GetString();
            Assert.Equal([id], await IdentifiedAsync(two));
            using var renamed = await two.PatchAsJsonAsync($"/api/gallery/people/{id}", new { name = $"Dee {round}" }, Cancellation);
            Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
            Assert.Contains($"Dee {round}", await one.GetStringAsync("/api/person_names", Cancellation), StringComparison.Ordinal);
            using var removed = await two.DeleteAsync($"/api/gallery/people/{id}", Cancellation);
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
            Assert.Empty(await IdentifiedAsync(one));
        }
    }

    [Fact]
    public async Task A_service_that_is_killed_in_an_import_leaves_whole_people_and_nothing_locked()
    {
        files.SkipIfMissing();
        using var folder = new TempFolder();
        var url = (await postgres.CreateDatabaseAsync(Cancellation)).Url;
        await using var first = Launch(folder, "first", url);
        await using var second = Launch(folder, "second", url);
        using var one = await ClientAsync(first, folder.File("first"));
        using var two = await ClientAsync(second, folder.File("second"));
        var lines = string.Concat(Enumerable.Range(0, People).Select(Line));

        var import = ImportAsync(one, lines);
        int seen;
        do
        {
            seen = (await two.GetFromJsonAsync<JsonElement>("/health", Cancellation)).GetProperty("people").GetInt32();
        }
        while (seen < 20 && !import.IsCompleted);
        await first.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => import);

        var left = (await two.GetStringAsync("/api/gallery/export", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(left.Length, seen, People - 1);
        Assert.Equal(lines.Split('\n')[..left.Length], left);
        // The other one is not held up, and an import of the whole file makes good what is missing.
        using var again = await ImportAsync(two, lines);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(lines, await two.GetStringAsync("/api/gallery/export", Cancellation));
    }

    [Fact]
    public async Task Serve_gives_its_own_PostgreSQL_to_the_face_service_and_keeps_a_file_if_told_so()
    {
        files.SkipIfMissing();
        using var folder = new TempFolder();
        var url = (await postgres.CreateDatabaseAsync(Cancellation)).Url;
        await using (var server = StashAIProcess.Launch(Serve(folder, url, gallery: null)))
        {
            await server.WaitForReadyAsync(Cancellation);
            using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
            await EnrolAsync(http, "Ada");
        }

        using (var alone = new TempFolder())
        {
            await using var visage = Launch(alone, "data", url);
            using var service = await ClientAsync(visage, alone.File("data"));
            Assert.Contains("Ada", await service.GetStringAsync("/api/person_names", Cancellation), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(folder.File("data", "visage", "visage.db")));
        await using (var server = StashAIProcess.Launch(Serve(folder, url, gallery: "none")))
        {
            await server.WaitForReadyAsync(Cancellation);
            using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
            await EnrolAsync(http, "Bob");
            Assert.True(File.Exists(folder.File("data", "visage", "visage.db")));
            Assert.DoesNotContain("Ada", await http.GetStringAsync("/api/people", Cancellation), StringComparison.Ordinal);
        }
    }

    private StashAIProcessOptions Serve(TempFolder folder, string url, string? gallery) => new()
    {
        Arguments =
        [
            "serve", "--urls", "http://127.0.0.1:0", "--visage-port", "0", "--data", folder.File("data"), "--models", files.ModelsDirectory,
        ],
        Environment = new Dictionary<string, string?> { ["DATABASE_URL"] = url, ["VISAGE_DATABASE"] = gallery },
        Folder = folder.Path,
    };

    /// <summary>The child starts after the server is ready; until then the gateway answers 503.</summary>
    private static async Task EnrolAsync(HttpClient http, string name)
    {
        var embedding = Convert.ToBase64String(Vector(name.Length).SelectMany(BitConverter.GetBytes).ToArray());
        while (true)
        {
            using var answer = await http.PostAsJsonAsync("/api/people", new { name, faces = new[] { new { embedding } } }, Cancellation);
            if (answer.StatusCode == HttpStatusCode.Created) return;
            Assert.True(
                answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway,
                await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }

    private StashAIProcess Launch(TempFolder folder, string data, string url) => StashAIProcess.Launch(new StashAIProcessOptions
    {
        Arguments = ["visage", "--urls", "http://127.0.0.1:0", "--data", folder.File(data), "--models", files.ModelsDirectory],
        Environment = new Dictionary<string, string?> { ["VISAGE_DATABASE"] = url },
        Folder = folder.Path,
    });

    private static async Task<HttpClient> ClientAsync(StashAIProcess visage, string data)
    {
        var line = await visage.WaitForLineAsync(text => text.StartsWith(Ready, StringComparison.Ordinal), Cancellation);
        var client = new HttpClient { BaseAddress = new Uri(line[Ready.Length..].Trim()) };
        var secret = await File.ReadAllTextAsync(Path.Combine(data, "visage", "visage.secret"), Cancellation);
        client.DefaultRequestHeaders.Add("X-Visage-Secret", secret.Trim());
        return client;
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string route, object body)
    {
        using var answer = await client.PostAsJsonAsync(route, body, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task<IEnumerable<string?>> IdentifiedAsync(HttpClient client) =>
        (await PostAsync(client, "/api/identify", new { image = Sample() })).GetProperty("data")[0].EnumerateArray()
            .SelectMany(face => face.GetProperty("performers").EnumerateArray()).Select(person => person.GetProperty("id").GetString());

    private static async Task<HttpResponseMessage> ImportAsync(HttpClient client, string lines)
    {
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        return await client.PostAsync("/api/gallery/import", content, Cancellation);
    }

    private static string Line(int number)
    {
        var embedding = Convert.ToBase64String(Vector(number).SelectMany(BitConverter.GetBytes).ToArray());
        var faces = Enumerable.Range(0, 3).Select(face => string.Create(
            CultureInfo.InvariantCulture, $$"""{"embedding":"{{embedding}}","quality":3,"source":"photo {{face}}"}"""));
        return $$"""{"name":"Person {{number:D4}}","faces":[{{string.Join(',', faces)}}]}""" + "\n";
    }

    private static float[] Vector(int number)
    {
        var vector = new float[512];
        vector[number % 512] = 1;
        return vector;
    }

    private string Sample() => Convert.ToBase64String(File.ReadAllBytes(Path.Combine(files.PhotosDirectory, "sample1.jpg")));
}
