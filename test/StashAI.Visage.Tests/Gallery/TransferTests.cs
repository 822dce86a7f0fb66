using System.Text;
using System.Text.Json.Nodes;

namespace StashAI.Visage.Tests.Gallery;

public sealed class TransferTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task An_export_of_an_import_is_the_same_export()
    {
        await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        await server.PostAsync("/api/gallery/people", new { name = "Faces \"of\" <answers>", faces = await FacesOfAsync(2) });
        var exported = await ExportAsync(server);
        await using var other = await VisageServer.StartAsync(files);

        Assert.Equal(200, (await ImportAsync(other, exported)).Status);

        Assert.Equal(exported, await ExportAsync(other));
        var again = await ImportAsync(other, exported);
        Assert.Equal((0, 0), (again["people_added"].GetValue<int>(), again["faces_added"].GetValue<int>()));
    }

    [Fact]
    public async Task Several_imports_of_one_file_at_once_all_succeed()
    {
        for (var i = 0; i < 20; i++)
            await server.EnrolVectorAsync($"Person {i}", (i, 1));
        var exported = await ExportAsync(server);
        await using var other = await VisageServer.StartAsync(files);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ImportAsync(other, exported)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(20, answers.Sum(answer => answer["people_added"].GetValue<int>()));
        Assert.Equal(20, (await other.GetAsync("/health"))["faces"].GetValue<int>());
    }

    [Theory]
    [InlineData("\"quality\": 1e39", "quality")]
    [InlineData("\"quality\": -1", "quality")]
    [InlineData("\"quality\": 3, \"image\": \"PGh0bWw+\"", "image")]
    public async Task A_face_that_could_not_be_shown_again_is_not_imported(string fields, string reason)
    {
        var embedding = Convert.ToBase64String(Enumerable.Range(0, 512).SelectMany(_ => BitConverter.GetBytes(1f)).ToArray());

        var answer = await ImportAsync(server, $$"""{"name": "Ada", "faces": [{"embedding": "{{embedding}}", {{fields}}}]}""");

        Assert.Equal((422, "line 1"), (answer.Status, answer["field"].GetValue<string>()));
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.Equal("", await ExportAsync(server));
    }

    [Theory]
    [InlineData("country", "C\\u0000Z")]
    [InlineData("image", "https://example.org/\\u0000")]
    [InlineData("performer_url", "https://example.org/\\u0001")]
    [InlineData("source", "a\\u0000b")]
    public async Task A_text_that_not_every_database_can_hold_is_refused(string field, string text)
    {
        var embedding = Convert.ToBase64String(Enumerable.Range(0, 512).SelectMany(_ => BitConverter.GetBytes(1f)).ToArray());
        var (person, face) = field == "source" ? ("", $", \"source\": \"{text}\"") : ($"\"{field}\": \"{text}\", ", "");

        var answer = await ImportAsync(
            server, $"{{\"name\": \"Ada\", {person}\"faces\": [{{\"embedding\": \"{embedding}\", \"quality\": 3{face}}}]}}");

        Assert.Equal(422, answer.Status);
        Assert.Contains(field, answer.Detail, StringComparison.Ordinal);
        Assert.Equal("", await ExportAsync(server));
    }

    [Fact]
    public async Task A_page_begins_after_its_cursor_even_when_that_person_is_gone()
    {
        for (var i = 0; i < 4; i++)
            await server.EnrolVectorAsync($"Person {i}", (i, 1));
        var first = await server.GetAsync("/api/gallery/people?limit=2");
        await server.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{first["people"][1]!["id"]}");

        var second = await server.GetAsync($"/api/gallery/people?limit=2&after={first["next_after"]}");

        Assert.Equal(["Person 2", "Person 3"], second["people"].AsArray().Select(person => person!["name"]!.GetValue<string>()));
    }

    private async Task<object[]> FacesOfAsync(int sample)
    {
        var found = await server.PostAsync(
            "/api/predict_1", new { image_data = Convert.ToBase64String(files.Sample(sample)), return_embeddings = true });
        return [.. found.Faces.Select(face =>
            (object)new { embedding = Text(face, "embedding"), image = Text(face, "image"), quality = Answer.Number(face!["quality"]) })];
    }

    private static string Text(JsonNode? face, string name) => face![name]!.GetValue<string>();

    private static Task<string> ExportAsync(VisageServer from) =>
        from.Client.GetStringAsync(new Uri("/api/gallery/export", UriKind.Relative), TestContext.Current.CancellationToken);

    private static Task<Answer> ImportAsync(VisageServer into, string lines) =>
        into.SendAsync(HttpMethod.Post, "/api/gallery/import", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));
}
