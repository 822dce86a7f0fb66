using SkiaSharp;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Api;

public sealed class PredictTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(6, 4)]
    public async Task All_faces_of_a_sample_photo_are_found(int sample, int faces)
    {
        var answer = await server.PredictAsync(files.Sample(sample));
        Assert.Equal(200, answer.Status);
        Assert.Equal(faces, answer.Faces.Count);
    }

    [Fact]
    public async Task A_face_comes_with_its_picture_its_box_its_landmarks_and_its_quality()
    {
        var answer = await server.PredictAsync(files.Sample(1));
        var face = answer.FaceAt(1580, 330);

        Assert.Equal([0xFF, 0xD8], Convert.FromBase64String(face["image"]!.GetValue<string>())[..2]);
        Assert.InRange(Answer.Number(face["confidence"]), 0.7, 1);
        Assert.InRange(Answer.Number(face["quality"]), 2.4, 8);
        Assert.Empty(face["performers"]!.AsArray());
        var points = face["landmarks"]!;
        Assert.True(Answer.Number(points["left_eye"]!["x"]) < Answer.Number(points["right_eye"]!["x"]));
        Assert.True(Answer.Number(points["left_eye"]!["y"]) < Answer.Number(points["nose"]!["y"]));
        Assert.True(Answer.Number(points["nose"]!["y"]) < Answer.Number(points["left_mouth"]!["y"]));
        Assert.Equal((1920, 1280), (answer["image_width"].GetValue<int>(), answer["image_height"].GetValue<int>()));
    }

    [Fact]
    public async Task A_person_enrolled_from_one_photo_is_found_in_another()
    {
        var person = await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        Assert.Equal(201, person.Status);

        var answer = await server.PredictAsync(files.Sample(3));

        var performer = Assert.Single(answer.FaceAt(1187, 354)["performers"]!.AsArray())!;
        Assert.Equal("Ada", performer["name"]!.GetValue<string>());
        Assert.Equal(person["id"].GetValue<string>(), performer["id"]!.GetValue<string>());
        Assert.InRange(Answer.Number(performer["cosine"]), 0.6, 0.85);
        Assert.InRange(performer["confidence"]!.GetValue<int>(), 97, 100);
        Assert.Equal(1 - Answer.Number(performer["cosine"]), Answer.Number(performer["distance"]), 4);
        Assert.Equal(1, performer["hits"]!.GetValue<int>());
        Assert.Equal(1, answer.Faces.Count(face => face!["performers"]!.AsArray().Count > 0));
    }

    [Fact]
    public async Task Identify_answers_the_same_as_predict_1_and_takes_the_picture_as_image_or_as_a_data_URL()
    {
        await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        var photo = Convert.ToBase64String(files.Sample(3));
        var first = await server.PostAsync("/api/predict_1", new { image_data = photo });
        var second = await server.PostAsync("/api/identify", new { image = "data:image/jpeg;base64," + photo });

        Assert.Equal(first.Body!.ToJsonString(), second.Body!.ToJsonString());
    }

    [Fact]
    public async Task Predict_0_answers_for_the_most_prominent_face()
    {
        await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        var answer = await server.PostAsync(
            "/api/predict_0", new { image_data = Convert.ToBase64String(Crop(files.Sample(3), 960, 100, 460, 520)) });

        Assert.Equal("Ada", answer["data"][0]![0]!["name"]!.GetValue<string>());
        Assert.NotNull(answer["face"]["box"]);
    }

    [Fact]
    public async Task The_threshold_is_the_least_confidence_of_a_match()
    {
        await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        await server.EnrolAsync("Bob", files.Sample(3), 1187, 354);
        var photo = Convert.ToBase64String(files.Sample(3));

        async Task<int> MatchesAsync(double threshold)
        {
            var answer = await server.PostAsync("/api/predict_1", new { image_data = photo, threshold, results = 10 });
            return answer.FaceAt(1187, 354)["performers"]!.AsArray().Count;
        }

        int[] matches = [await MatchesAsync(0), await MatchesAsync(0.9), await MatchesAsync(0.9999), await MatchesAsync(1)];
        Assert.Equal([2, 2, 1, 0], matches);
    }

    [Fact]
    public async Task Results_caps_the_people_of_a_face_and_the_closest_come_first()
    {
        await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        await server.EnrolAsync("Bob", files.Sample(3), 1187, 354);
        var answer = await server.PostAsync(
            "/api/predict_1", new { image_data = Convert.ToBase64String(files.Sample(3)), threshold = 0, results = 1 });

        Assert.Equal("Bob", Assert.Single(answer.FaceAt(1187, 354)["performers"]!.AsArray())!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_photo_without_a_face_is_a_result()
    {
        foreach (var route in new[] { "/api/predict_1", "/api/predict_0", "/api/identify" })
        {
            var answer = await server.PostAsync(route, new { image_data = Convert.ToBase64String(TestPictures.Landscape()) });
            Assert.Equal(200, answer.Status);
            Assert.Equal("[[]]", answer["data"].ToJsonString());
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public async Task Faces_of_a_turned_photo_are_found_where_its_orientation_puts_them(byte orientation)
    {
        using var upright = SKBitmap.Decode(files.Sample(1));
        var stored = TestPictures.WithOrientation(Store(upright, orientation), orientation);

        var answer = await server.PredictAsync(stored);

        Assert.Equal(3, answer.Faces.Count);
        Assert.NotNull(answer.FaceAt(1580, 330));
        Assert.Equal(1920, answer["image_width"].GetValue<int>());
    }

    [Fact]
    public async Task The_usable_part_of_a_cut_off_photo_is_looked_at()
    {
        var whole = files.Sample(1);
        var answer = await server.PredictAsync(whole[..(whole.Length * 2 / 3)]);

        Assert.Equal(200, answer.Status);
        Assert.True(answer["incomplete"].GetValue<bool>());
        Assert.NotNull(answer.FaceAt(1580, 330));
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public async Task People_are_recognised_in_a_photo_that_lies_on_its_side(int degrees)
    {
        await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        using var upright = SKBitmap.Decode(files.Sample(3));
        using var turned = new SKBitmap(degrees == 180 ? upright.Width : upright.Height, degrees == 180 ? upright.Height : upright.Width);
        using (var canvas = new SKCanvas(turned))
        {
            canvas.Translate(turned.Width / 2f, turned.Height / 2f);
            canvas.RotateDegrees(degrees);
            canvas.DrawBitmap(upright, -upright.Width / 2f, -upright.Height / 2f, SKSamplingOptions.Default);
        }

        var answer = await server.PostAsync(
            "/api/predict_1", new { image_data = Convert.ToBase64String(TestPictures.Encode(turned)), detail = "fine" });

        Assert.Equal(3, answer.Faces.Count);
        var found = Assert.Single(answer.Faces, face => face!["performers"]!.AsArray().Count > 0)!;
        Assert.InRange(Answer.Number(found["performers"]![0]!["cosine"]), 0.6, 1);
    }

    [Fact]
    public async Task Small_faces_are_found_in_tiles()
    {
        using var photo = SKBitmap.Decode(files.Sample(6));
        using var wide = new SKBitmap(1920, 1280);
        using (var canvas = new SKCanvas(wide))
        {
            canvas.Clear(SKColors.DarkSeaGreen);
            canvas.DrawBitmap(photo, SKRect.Create(1200, 700, 480, 384), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }

        var file = Convert.ToBase64String(TestPictures.Encode(wide));
        var fast = await server.PostAsync("/api/predict_1", new { image_data = file, detail = "fast" });
        var usual = await server.PostAsync("/api/predict_1", new { image_data = file });

        Assert.True(fast.Faces.Count < 4, $"{fast.Faces.Count} faces without tiles");
        Assert.Equal(4, usual.Faces.Count);
    }

    [Fact]
    public async Task Embeddings_come_when_asked_for()
    {
        var answer = await server.PostAsync(
            "/api/predict_1", new { image_data = Convert.ToBase64String(files.Sample(1)), return_embeddings = true });
        Assert.All(answer.Faces, face => Assert.Equal(2048, Convert.FromBase64String(face!["embedding"]!.GetValue<string>()).Length));
    }

    private static byte[] Crop(byte[] file, int x, int y, int width, int height)
    {
        using var photo = SKBitmap.Decode(file);
        using var part = new SKBitmap();
        Assert.True(photo.ExtractSubset(part, SKRectI.Create(x, y, width, height)));
        return TestPictures.Encode(part);
    }

    /// <summary>The pixels as a camera in this orientation stores them.</summary>
    private static byte[] Store(SKBitmap upright, byte orientation)
    {
        var isSideways = orientation != 3;
        using var stored = new SKBitmap(isSideways ? upright.Height : upright.Width, isSideways ? upright.Width : upright.Height);
        using (var canvas = new SKCanvas(stored))
        {
            canvas.Translate(stored.Width / 2f, stored.Height / 2f);
            canvas.RotateDegrees(orientation switch { 3 => 180, 6 => -90, _ => 90 });
            canvas.DrawBitmap(upright, -upright.Width / 2f, -upright.Height / 2f, SKSamplingOptions.Default);
        }

        return TestPictures.Encode(stored);
    }
}
