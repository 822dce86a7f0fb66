using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace StashAI.Visage.Tests.Gallery;

/// <summary>Rejections over HTTP, with real photos. One woman is on the first and on the third sample photo.</summary>
public sealed class RejectionApiTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_rejected_face_is_matched_by_nothing_until_the_rejection_is_removed_and_other_photos_still_match()
    {
        await server.EnrolAsync("Ann", files.Sample(1), 1580, 330);
        var ann = await server.IdOfAsync("Ann");
        var kept = await KeptAsync(3);
        Assert.Equal((1, 1, true), (await NamedAsync(3), await RematchedAsync(kept.Faces), await IsMatchAsync()));

        var rejected = await RejectAsync(ann, kept);

        Assert.Equal(200, rejected.Status);
        Assert.Equal((0, 0, false), (await NamedAsync(3), await RematchedAsync(kept.Faces), await IsMatchAsync()));
        Assert.Equal(1, await NamedAsync(1));
        var listed = (await server.GetAsync($"/api/gallery/people/{ann}/rejections"))["rejections"].AsArray();
        Assert.Equal("task:1/0", Assert.Single(listed)!["source"]!.GetValue<string>());
        Assert.Equal(rejected["rejections"].ToJsonString(), listed.ToJsonString());
        Assert.Equal(rejected.Body!.ToJsonString(), (await RejectAsync(ann, kept)).Body!.ToJsonString());

        var id = listed[0]!["id"]!.GetValue<string>();
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{ann}/rejections/{id}")).Status);
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{ann}/rejections/{id}")).Status);
        Assert.Equal((1, 1, true), (await NamedAsync(3), await RematchedAsync(kept.Faces), await IsMatchAsync()));
    }

    [Fact]
    public async Task A_stored_face_is_enrolled_with_its_quality_and_once()
    {
        var kept = await KeptAsync(1);
        var body = new { name = "Ann", faces = new[] { new { kept_faces = kept.Faces, index = kept.Index } } };

        var person = await server.PostAsync("/api/gallery/people", body);

        Assert.Equal((201, 1), (person.Status, person["faces"].GetValue<int>()));
        var id = person["id"].GetValue<string>();
        var again = await server.PostAsync($"/api/gallery/people/{id}/photos", new { body.faces });
        Assert.Equal((200, 1), (again.Status, again["faces"].GetValue<int>()));
        var stored = (await server.GetAsync($"/api/gallery/people/{id}/faces"))["faces"][0]!;
        Assert.InRange(stored["quality"]!.GetValue<double>(), 1, 99);
        Assert.Equal(1, await NamedAsync(3));
        foreach (var (index, faces) in new (int?, string)[] { (99, kept.Faces), (-1, kept.Faces), (null, kept.Faces), (0, "AA==") })
        {
            var refused = await server.PostAsync(
                $"/api/gallery/people/{id}/photos", new { faces = new[] { new { kept_faces = faces, index } } });
            Assert.Equal(422, refused.Status);
            Assert.StartsWith("faces[0].", refused["field"].GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rejections_are_exported_and_imported_and_an_import_can_be_repeated()
    {
        await server.EnrolAsync("Ann", files.Sample(1), 1580, 330);
        await RejectAsync(await server.IdOfAsync("Ann"), await KeptAsync(3));
        var exported = await server.Client.GetStringAsync("/api/gallery/export", Cancellation);
        await using var other = await VisageServer.StartAsync(files);

        for (var time = 0; time < 2; time++)
        {
            using var content = new StringContent(exported, Encoding.UTF8, "application/x-ndjson");
            Assert.Equal(200, (await other.SendAsync(HttpMethod.Post, "/api/gallery/import", content)).Status);
        }

        Assert.Equal(exported, await other.Client.GetStringAsync("/api/gallery/export", Cancellation));
        Assert.Empty((await other.PredictAsync(files.Sample(3))).FaceAt(1187, 354)["performers"]!.AsArray());
    }

    [Theory]
    [InlineData("{}", 400, "faces")]
    [InlineData("""{"faces":[]}""", 400, "faces")]
    [InlineData("""{"faces":[{}]}""", 422, "faces[0].embedding")]
    [InlineData("""{"faces":[null]}""", 422, "faces[0].embedding")]
    public async Task What_is_no_face_is_refused(string body, int status, string field)
    {
        await server.EnrolVectorAsync("Ann", (0, 1));
        var ann = await server.IdOfAsync("Ann");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var refused = await server.SendAsync(HttpMethod.Post, $"/api/gallery/people/{ann}/rejections", content);
        Assert.Equal((status, field), (refused.Status, refused["field"].GetValue<string>()));
        Assert.Equal(404, (await server.GetAsync($"/api/gallery/people/{Guid.NewGuid()}/rejections")).Status);
    }

    private Task<Answer> RejectAsync(string person, (string Faces, int Index) kept) => server.PostAsync(
        $"/api/gallery/people/{person}/rejections",
        new { faces = new[] { new { kept_faces = kept.Faces, index = kept.Index, source = "task:1/0" } } });

    /// <summary>The faces of a sample photo in the stored form, and the position of the woman.</summary>
    private async Task<(string Faces, int Index)> KeptAsync(int sample)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/predict_1")
        {
            Content = JsonContent.Create(new { image_data = Convert.ToBase64String(files.Sample(sample)) }),
        };
        request.Headers.Add("X-StashAI-Keep", "faces");
        using var response = await server.Client.SendAsync(request, Cancellation);
        var answer = await Answer.ReadAsync(response);
        return (
            answer["kept_faces"].GetValue<string>(),
            answer.Faces.IndexOf(answer.FaceAt(sample == 1 ? 1580 : 1187, sample == 1 ? 330 : 354)));
    }

    private async Task<int> NamedAsync(int sample) =>
        (await server.PredictAsync(files.Sample(sample))).Faces.Count(face => face!["performers"]!.AsArray().Count > 0);

    private async Task<int> RematchedAsync(string kept)
    {
        var answer = await server.PostAsync("/api/rematch", new { photos = new[] { new { kept_faces = kept } } });
        return answer["photos"][0]!["faces"]!.AsArray().Count(face => face!["performers"]!.AsArray().Count > 0);
    }

    private async Task<bool> IsMatchAsync()
    {
        var answer = await server.PostAsync(
            "/api/compare_faces", new { person1 = "Ann", image2 = Convert.ToBase64String(files.Sample(3)) });
        return answer["data"]["is_match"]!.GetValue<bool>();
    }
}
