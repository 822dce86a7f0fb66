using System.Text.Json.Nodes;

namespace StashAI.Visage.Tests.Formats;

/// <summary>The faces of a photo do not depend on the format it is stored in.</summary>
public sealed class FormatTests(RealFiles files, EncodedPhotos photos) : IAsyncLifetime
{
    private VisageServer server = null!;

    public static TheoryData<string> Forms =>
        ["heic", "avif", "jxl", "tiff", "jpeg-tiff", "grey-tiff", "cmyk-tiff", "cmyk-jpeg", "pages-tiff"];

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_faces_of_a_photo_are_those_of_the_original(string form)
    {
        foreach (var sample in new[] { 1, 6 })
        {
            var original = await PredictAsync(files.Sample(sample));
            var other = await PredictAsync(await photos.ReadAsync(files, sample, form));

            AssertSameFaces(original, other, form == "grey-tiff" ? 0.75 : 0.9);
        }
    }

    [Theory]
    [InlineData("turned-tiff")]
    [InlineData("turned-jxl")]
    public async Task A_photo_is_turned_once(string form)
    {
        var original = await PredictAsync(files.Sample(1));

        AssertSameFaces(original, await PredictAsync(await photos.ReadAsync(files, 1, form)), 0.9);
    }

    [Theory]
    [InlineData("heic")]
    [InlineData("avif")]
    [InlineData("jxl")]
    [InlineData("tiff")]
    public async Task What_is_left_of_a_cut_off_file_is_used_or_the_file_is_refused(string form)
    {
        var whole = await photos.ReadAsync(files, 1, form);
        foreach (var share in new[] { 0.001, 0.01, 0.3, 0.7, 0.99 })
        {
            var answer = await server.PredictAsync(whole[..(int)(whole.Length * share)]);

            Assert.True(answer.Status is 200 or 422, $"{share}: {answer.Status} {answer.Body}");
            if (answer.Status == 200)
                Assert.True(answer["incomplete"].GetValue<bool>(), $"{share}");
            else
                Assert.Equal("image_data", answer["field"].GetValue<string>());
        }
    }

    private Task<Answer> PredictAsync(byte[] photo) => server.PostAsync(
        "/api/predict_1", new { image_data = Convert.ToBase64String(photo), return_embeddings = true });

    private static void AssertSameFaces(Answer original, Answer other, double leastCosine)
    {
        Assert.True(other.Status == 200, $"{other.Status} {other.Body}");
        Assert.False(other["incomplete"].GetValue<bool>());
        Assert.Equal(original["image_width"].GetValue<int>(), other["image_width"].GetValue<int>());
        Assert.Equal(original.Faces.Count, other.Faces.Count);
        foreach (var face in original.Faces)
        {
            var box = face!["box"]!;
            var same = other.FaceAt(
                Answer.Number(box["x"]) + (Answer.Number(box["width"]) / 2), Answer.Number(box["y"]) + (Answer.Number(box["height"]) / 2));
            Assert.InRange(Cosine(face, same), leastCosine, 1.001);
        }
    }

    private static double Cosine(JsonNode a, JsonNode b)
    {
        var (first, second) = (Vector(a), Vector(b));
        return System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(first, second);
    }

    private static float[] Vector(JsonNode face) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(
        Convert.FromBase64String(face["embedding"]!.GetValue<string>())).ToArray();
}
