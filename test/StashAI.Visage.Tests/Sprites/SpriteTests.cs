using SkiaSharp;
using StashAI.Visage.Sprites;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Sprites;

public sealed class SpriteTests(RealFiles files)
{
    private const string Vtt = """
        WEBVTT

        00:00:00.000 --> 00:00:10.000
        sheet.jpg#xywh=0,0,320,214

        00:00:10.000 --> 00:00:20.500
        sheet.jpg#xywh=320,0,320,214

        1:00:20.500 --> 1:00:30.000
        sheet.jpg#xywh=0,214,320,214
        """;

    [Fact]
    public void Cues_are_read_with_their_times_and_places()
    {
        var cues = VttReader.Read(Vtt.ReplaceLineEndings("\r\n"));
        Assert.Equal(3, cues.Count);
        Assert.Equal(new SpriteCue(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20.5), 320, 0, 320, 214), cues[1]);
        Assert.Equal(3620.5, cues[2].Start.TotalSeconds);
    }

    [Theory]
    [InlineData("WEBVTT")]
    [InlineData("00:00.000 --> 00:01.000\nno place")]
    [InlineData("00:99.000 --> 00:01.000\na.jpg#xywh=0,0,1,1")]
    [InlineData("00:00.000 --> 00:01.000\na.jpg#xywh=0,0,99999999999,1")]
    public void An_invalid_VTT_file_is_refused(string vtt) => Assert.Throws<FormatException>(() => VttReader.Read(vtt));

    [Fact]
    public async Task People_of_a_sprite_sheet_are_found_with_their_times()
    {
        await using var server = await VisageServer.StartAsync(files);
        await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        var sprite = Convert.ToBase64String(Sheet());

        var answer = await server.PostAsync("/api/sprite", new { sprite, vtt = Vtt });

        Assert.Equal(200, answer.Status);
        Assert.Equal([3, 0, 3], answer["frames"].AsArray().Select(frame => frame!["faces"]!.AsArray().Count));
        var ada = Assert.Single(answer["people"].AsArray())!;
        Assert.Equal(("Ada", "[0,3620.5]"), (ada["performer"]!["name"]!.GetValue<string>(), ada["times"]!.ToJsonString()));
        var outside = await server.PostAsync("/api/sprite", new { sprite, vtt = "00:00.000 --> 00:01.000\na.jpg#xywh=600,0,320,214" });
        Assert.Equal(422, outside.Status);
        Assert.Equal("vtt", (await server.PostAsync("/api/sprite", new { sprite }))["field"].GetValue<string>());
    }

    [Fact]
    public async Task Frames_that_repeat_the_whole_sheet_many_times_are_refused()
    {
        await using var server = await VisageServer.StartAsync(files, options => options with { MaxPixels = 300_000 });
        var vtt = string.Concat(Enumerable.Repeat("00:00.000 --> 00:01.000\na.jpg#xywh=0,0,640,428\n\n", 3));

        var answer = await server.PostAsync("/api/sprite", new { sprite = Convert.ToBase64String(Sheet()), vtt });

        Assert.Equal((422, "vtt"), (answer.Status, answer["field"].GetValue<string>()));
        Assert.Contains("600,000 pixels", answer.Detail, StringComparison.Ordinal);
    }

    /// <summary>A sheet of three frames: sample 1, an empty frame, sample 3.</summary>
    private byte[] Sheet()
    {
        using var sheet = new SKBitmap(640, 428);
        using var canvas = new SKCanvas(sheet);
        using var first = SKBitmap.Decode(files.Sample(1));
        using var third = SKBitmap.Decode(files.Sample(3));
        var smooth = new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);
        canvas.DrawBitmap(first, SKRect.Create(0, 0, 320, 214), smooth);
        canvas.DrawBitmap(third, SKRect.Create(0, 214, 320, 214), smooth);
        return TestPictures.Encode(sheet);
    }
}
