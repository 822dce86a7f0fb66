using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// Server, worker and face service as three processes on one data folder, as in compose: they share the gallery's secret.
/// </summary>
public sealed class SharedGalleryTests(RealFiles files)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_processes_share_the_secret_and_people_live_from_a_form_to_their_end()
    {
        files.SkipIfMissing();
        using var folder = new TempFolder();
        var data = folder.File("data");
        // The face service and the gateway start at once: either may create the file.
        await using var visage = StashAIProcess.Launch(new StashAIProcessOptions
        {
            Arguments = ["visage", "--urls", "http://127.0.0.1:0", "--data", data, "--models", files.ModelsDirectory],
            Folder = folder.Path,
        });
        const string Ready = "Visage is ready at ";
        var line = await visage.WaitForLineAsync(text => text.StartsWith(Ready, StringComparison.Ordinal), Cancellation);
        var service = new Uri(line[Ready.Length..].Trim());
        await using var server = await StashAIProcess.ServeAsync(
            folder.Path, ["--visage-url", $"{service}", "--workers", "1"], Cancellation);
        await using var worker = StashAIProcess.Launch(new StashAIProcessOptions
        {
            Arguments = ["worker", "--data", data, "--visage-url", $"{service}", "--workers", "2"],
            Folder = folder.Path,
        });
        await worker.WaitForLineAsync(text => text.StartsWith("StashAI worker is ready", StringComparison.Ordinal), Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };

        var dee = await EnrolAsync(http);
        var id = dee.GetProperty("id").GetString();
        Assert.Equal(1, dee.GetProperty("faces").GetInt32());
        using var direct = await http.GetAsync(new Uri(service, "/api/gallery/people"), Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, direct.StatusCode);

        var output = await IdentifyAsync(http);
        var performer = output.GetProperty("data")[0].EnumerateArray().SelectMany(face => face.GetProperty("performers").EnumerateArray())
            .Single(one => one.GetProperty("id").GetString() == id);
        await AssertPictureAsync(http, performer.GetProperty("image").GetString()!);

        var face = (await http.GetFromJsonAsync<JsonElement>($"/api/people/{id}/faces", Cancellation)).GetProperty("data")[0];
        await AssertPictureAsync(http, face.GetProperty("picture").GetString()!);
        var file = await http.GetByteArrayAsync("/api/people/export", Cancellation);
        using var renamed = await http.PatchAsJsonAsync($"/api/people/{id}", new { name = "Dee Berg" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        using var removed = await http.DeleteAsync($"/api/people/{id}/faces/{face.GetProperty("id").GetString()}", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await http.DeleteAsync($"/api/people/{id}", Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, gone.StatusCode);
        Assert.Equal(0, (await ListAsync(http)).GetProperty("total").GetInt32());

        using var lines = new ByteArrayContent(file);
        lines.Headers.ContentType = new("application/x-ndjson");
        using var imported = await http.PostAsync("/api/people/import", lines, Cancellation);
        Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
        var again = (await ListAsync(http)).GetProperty("data")[0];
        Assert.Equal(("Dee", 1), (again.GetProperty("name").GetString(), again.GetProperty("faces").GetInt32()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "visage", "visage.secret")));
        }
    }

    private async Task<JsonElement> EnrolAsync(HttpClient http)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("Dee"), "name" }, { new StringContent("""{"x":1580,"y":330}"""), "face" },
            { new ByteArrayContent(Sample()), "photos", "sample1.jpg" },
        };
        using var answer = await http.PostAsync("/api/people", form, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task<JsonElement> IdentifyAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/visage/task")
        {
            Content = JsonContent.Create(new { image = Convert.ToBase64String(Sample()) }),
        };
        request.Headers.Add("Prefer", "wait=60");
        using var answer = await http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("results")[0].GetProperty("output_json");
    }

    private static Task<JsonElement> ListAsync(HttpClient http) => http.GetFromJsonAsync<JsonElement>("/api/people", Cancellation);

    private static async Task AssertPictureAsync(HttpClient http, string address)
    {
        using var picture = await http.GetAsync(address, Cancellation);
        Assert.Equal(
            (HttpStatusCode.OK, "image/jpeg"), (picture.StatusCode, picture.Content.Headers.ContentType?.MediaType));
    }

    private byte[] Sample() => File.ReadAllBytes(Path.Combine(files.PhotosDirectory, "sample1.jpg"));
}
