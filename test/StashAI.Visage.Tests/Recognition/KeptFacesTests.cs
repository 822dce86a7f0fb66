using System.Net.Http.Json;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Visage.Gallery;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Tests.Recognition;

/// <summary>Faces in the form that the gateway stores: what that loses, and that matching them again says what the photo said.</summary>
public sealed class KeptFacesTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Sixteen_bits_change_no_cosine_of_the_sample_photos_by_more_than_the_fourth_digit()
    {
        var gate = server.Services.GetRequiredService<WorkGate>();
        var exact = new List<float[]>();
        var kept = new List<float[]>();
        for (var sample = 1; sample <= 6; sample++)
        {
            var photo = await gate.AnalyseAsync(files.Sample(sample), Cancellation);
            exact.AddRange(photo.Faces.Select(face => face.Embedding.Vector));
            var bytes = KeptFaces.Write(photo.Faces);
            Assert.Equal(1 + (photo.Faces.Count * 1044), bytes.Length);
            kept.AddRange(KeptFaces.ReadEmbeddings(bytes)!);
        }

        Assert.Equal(22, kept.Count);
        var (ofHalves, ofBytes) = (Loss(exact, kept), Loss(exact, [.. exact.Select(InBytes)]));
        TestContext.Current.TestOutputHelper!.WriteLine($"Most that a cosine changes: 16 bits {ofHalves:E2}, 8 bits {ofBytes:E2}");
        Assert.InRange(ofHalves, 0, 0.0001);
        Assert.InRange(ofBytes, ofHalves * 2, 0.05);
    }

    [Fact]
    public void Bytes_of_another_form_are_no_faces()
    {
        Assert.Null(KeptFaces.ReadEmbeddings([]));
        Assert.Null(KeptFaces.ReadEmbeddings([2]));
        Assert.Null(KeptFaces.ReadEmbeddings([1, 0]));
        Assert.Null(KeptFaces.ReadEmbeddings([1, .. Enumerable.Repeat((byte)1, 1044)]));
        Assert.True(KeptFaces.IsErased(Assert.Single(KeptFaces.ReadEmbeddings([1, .. new byte[1044]])!)));
        Assert.Empty(KeptFaces.ReadEmbeddings([1])!);
    }

    [Fact]
    public async Task The_answer_without_the_header_is_the_answer_with_it_but_for_two_properties_at_its_end()
    {
        var plain = await PredictAsync(null);
        var kept = await PredictAsync("faces");

        Assert.StartsWith(plain[..^1] + ",\"gallery_version\":1,\"kept_faces\":\"", kept, StringComparison.Ordinal);
        Assert.EndsWith("\"}", kept, StringComparison.Ordinal);
        Assert.Equal(plain, await PredictAsync("other"));
    }

    [Fact]
    public async Task Kept_faces_match_as_the_photo_does()
    {
        var kept = (await AnswerAsync("faces"))["kept_faces"]!.GetValue<string>();
        await server.EnrolAsync("Ada", files.Sample(3), 1187, 354);
        var photo = await AnswerAsync(null);

        var answer = await server.PostAsync(
            "/api/rematch", new { photos = new object[] { new { kept_faces = kept }, new { kept_faces = kept, threshold = 0.9999 } } });

        Assert.Equal(200, answer.Status);
        Assert.Equal(Gallery.Version, answer["gallery_version"].GetValue<long>());
        Assert.Equal(
            photo["data"]![0]!.AsArray().Select(face => (People(face!), face!["ambiguous"]!.ToJsonString())),
            answer["photos"][0]!["faces"]!.AsArray().Select(face => (People(face!), face!["ambiguous"]!.ToJsonString())));
        Assert.Equal(photo["threshold_cosine"]!.ToJsonString(), answer["photos"][0]!["threshold_cosine"]!.ToJsonString());
        Assert.All(answer["photos"][1]!["faces"]!.AsArray(), face => Assert.Empty(face!["performers"]!.AsArray()));
        var refused = await server.PostAsync("/api/rematch", new { photos = new object[] { new { kept_faces = "AQID" } } });
        Assert.Equal((422, "photos[0].kept_faces"), (refused.Status, refused["field"].GetValue<string>()));
    }

    [Fact]
    public async Task Every_change_of_the_gallery_has_a_higher_version_and_nothing_else_has()
    {
        var versions = new List<long> { Gallery.Version };
        await server.EnrolVectorAsync("Ann", (0, 1));
        versions.Add(Gallery.Version);
        await server.EnrolVectorAsync("Bea", (1, 1));
        versions.Add(Gallery.Version);
        var (ann, bea) = (await server.IdOfAsync("Ann"), await server.IdOfAsync("Bea"));
        foreach (var (method, route, body) in ((HttpMethod, string, object?)[])
        [
            (HttpMethod.Patch, $"/api/gallery/people/{ann}", new { name = "Anna" }),
            (HttpMethod.Post, $"/api/gallery/people/{ann}/merge", new { from = new[] { bea } }),
            (HttpMethod.Delete, $"/api/gallery/people/{ann}", null),
        ])
        {
            using var content = body is null ? null : JsonContent.Create(body);
            Assert.InRange((await server.SendAsync(method, route, content)).Status, 200, 204);
            versions.Add(Gallery.Version);
        }

        Assert.Equal(versions.Distinct().Order(), versions);
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{ann}")).Status);
        await server.PredictAsync(files.Sample(1));
        Assert.Equal(versions[^1], Gallery.Version);
    }

    private FaceGallery Gallery => server.Services.GetRequiredService<FaceGallery>();

    private static string People(JsonNode face) =>
        string.Join(',', face["performers"]!.AsArray().Select(person => $"{person!["id"]} {person["confidence"]}"));

    private static double Loss(List<float[]> exact, List<float[]> stored)
    {
        var most = 0.0;
        foreach (var gallery in exact)
        {
            for (var i = 0; i < exact.Count; i++)
            {
                most = Math.Max(
                    most, Math.Abs(TensorPrimitives.Dot<float>(gallery, exact[i]) - TensorPrimitives.Dot<float>(gallery, stored[i])));
            }
        }

        return most;
    }

    /// <summary>The other form that was weighed: whole numbers from -127 to 127.</summary>
    private static float[] InBytes(float[] vector)
    {
        var scale = 127 / MathF.Abs(TensorPrimitives.MaxMagnitude<float>(vector));
        float[] rounded = [.. vector.Select(value => MathF.Round(value * scale))];
        TensorPrimitives.Divide(rounded, TensorPrimitives.Norm<float>(rounded), rounded);
        return rounded;
    }

    private async Task<JsonNode> AnswerAsync(string? keep) =>
        JsonNode.Parse(await PredictAsync(keep))!;

    private async Task<string> PredictAsync(string? keep)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/predict_1")
        {
            Content = JsonContent.Create(new { image_data = Convert.ToBase64String(files.Sample(1)) }),
        };
        if (keep is not null) request.Headers.Add("X-StashAI-Keep", keep);
        using var response = await server.Client.SendAsync(request, Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
