using SkiaSharp;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Recognition;

/// <summary>Unusual photos that people have: panoramas, turned photos, animations whose first frame is empty.</summary>
public sealed class OddPhotoTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(12000, 6000, 0.7f)]
    [InlineData(6000, 12000, 0.1f)]
    [InlineData(30000, 1500, 0.4f)]
    [InlineData(65000, 400, 0.95f)]
    [InlineData(400, 40000, 0.5f)]
    [InlineData(8000, 6000, 0.2f)]
    [InlineData(10000, 800, 0.05f)]
    public async Task A_face_of_usual_size_is_found_wherever_it_is_in_a_panorama(int width, int height, float at)
    {
        using var sample = SKBitmap.Decode(files.Sample(1));
        var face = (await server.PredictAsync(files.Sample(1))).FaceAt(1580, 330)["box"]!;
        var (x, y, w, h) = (
            (float)Answer.Number(face["x"]), (float)Answer.Number(face["y"]), (float)Answer.Number(face["width"]),
            (float)Answer.Number(face["height"]));
        var margin = MathF.Max(w, h) * 0.8f;
        var from = SKRect.Create(x - margin, y - margin, w + (2 * margin), h + (2 * margin));
        var scale = MathF.Min(1, MathF.Min(height / from.Height, width / from.Width));
        using var panorama = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(panorama))
        {
            canvas.Clear(new SKColor(120, 150, 190));
            var (spanX, spanY) = (from.Width * scale, from.Height * scale);
            canvas.DrawBitmap(
                sample,
                from,
                SKRect.Create(
                    (width - spanX) * (width > height ? at : 0.5f), (height - spanY) * (width > height ? 0.5f : at), spanX, spanY),
                SKSamplingOptions.Default);
        }

        var answer = await server.PredictAsync(TestPictures.Encode(panorama, quality: 85));

        Assert.Equal(200, answer.Status);
        Assert.Single(answer.Faces);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_turned_photo_shows_all_its_faces(int sample)
    {
        using var upright = SKBitmap.Decode(files.Sample(sample));
        var expected = (await server.PredictAsync(files.Sample(sample))).Faces.Count;
        var found = new List<int>();
        foreach (var degrees in new[] { 90, 180, 270 })
        {
            using var turned = Turn(upright, degrees);
            found.Add((await server.PredictAsync(TestPictures.Encode(turned, quality: 90))).Faces.Count);
        }

        Assert.Equal([expected, expected, expected], found);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task The_faces_of_an_animation_that_begins_with_nothing_are_found(SKEncodedImageFormat format)
    {
        using var photo = SKBitmap.Decode(files.Sample(2));
        using var nothing = new SKBitmap(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        nothing.Erase(SKColors.Gray);
        var file = format == SKEncodedImageFormat.Png
            ? TestPictures.AnimatedPng(nothing, nothing, photo)
            : TestPictures.AnimatedWebp(nothing, nothing, photo);

        var answer = await server.PredictAsync(file);

        Assert.Equal(200, answer.Status);
        Assert.Equal(3, answer.Faces.Count);
        Assert.Equal(2, answer["frame"].GetValue<int>());
    }

    private static SKBitmap Turn(SKBitmap upright, int degrees)
    {
        var turned = degrees == 180 ? new SKBitmap(upright.Width, upright.Height) : new SKBitmap(upright.Height, upright.Width);
        using var canvas = new SKCanvas(turned);
        canvas.Translate(turned.Width / 2f, turned.Height / 2f);
        canvas.RotateDegrees(degrees);
        canvas.DrawBitmap(upright, -upright.Width / 2f, -upright.Height / 2f, SKSamplingOptions.Default);
        return turned;
    }
}
