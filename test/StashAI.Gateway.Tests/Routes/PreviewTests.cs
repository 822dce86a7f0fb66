using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using StashAI.Gateway.Wire.Previews;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Previews: small, upright, and only of pictures.</summary>
public sealed class PreviewTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly byte[] Heic = [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8];

    public static TheoryData<string, byte[]> ForeignPictures => new()
    {
        { "HEIC", Heic },
        { "AVIF", [0, 0, 0, 24, .. "ftypavif"u8, 0, 0, 0, 0, .. "mif1avif"u8] },
        { "JPEG XL", [0xFF, 0x0A] },
        { "TIFF", [.. "II*\0"u8, 8, 0, 0, 0] },
        { "12-bit JPEG", [0xFF, 0xD8, 0xFF, 0xC1, 0, 17, 12, 1, 0, 1, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0] },
    };

    [Theory]
    [InlineData(3000, 1500, 1024, 512)]
    [InlineData(400, 300, 400, 300)]
    public void A_preview_has_1024_pixels_at_most(int width, int height, int newWidth, int newHeight)
    {
        var file = Picture(width, height, SKEncodedImageFormat.Png);

        var preview = PreviewEncoder.Encode(file, 0, file.Length);

        Assert.Equal([0xFF, 0xD8, 0xFF], preview![..3]);
        using var codec = SKCodec.Create(new MemoryStream(preview));
        Assert.Equal((newWidth, newHeight), (codec.Info.Width, codec.Info.Height));
    }

    [Fact]
    public void What_is_no_picture_has_none() => Assert.Null(PreviewEncoder.Encode("no picture"u8.ToArray(), 0, 10));

    [Fact]
    public async Task A_large_job_shows_previews_and_where_the_originals_are()
    {
        await using var gateway = await StartAsync(TimeSpan.FromMinutes(1));
        // Bytes behind the end of a picture do not matter to it; together they are more than an answer holds.
        byte[] photo = [.. Picture(1600, 900, SKEncodedImageFormat.Jpeg), .. new byte[3 * 1024 * 1024]];
        var base64 = Convert.ToBase64String(photo);
        var jobId = (await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{base64}}","{{base64}}"]}""")).Text("job_id");

        var input = (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("tasks")[1].GetProperty("input_data");
        var original = await gateway.Http.GetByteArrayAsync(input.Text("input_url"), Cancellation);
        var references = (await gateway.GetAsync($"/api/queue/job/{jobId}?inputs=ref")).GetProperty("tasks")[0].GetProperty("input_data");

        Assert.StartsWith("/9j/", input.Text("image"), StringComparison.Ordinal);
        Assert.True(input.Text("image").Length < 200_000);
        Assert.Equal(photo.Length, original.Length);
        Assert.False(references.TryGetProperty("image", out _));
    }

    [Fact]
    public async Task A_reader_does_not_wait_and_a_later_one_on_any_gateway_has_what_was_made_meanwhile()
    {
        await using var gateway = await StartAsync(TimeSpan.Zero);
        byte[] photo = [.. Picture(1600, 900, SKEncodedImageFormat.Jpeg), .. new byte[3 * 1024 * 1024]];
        byte[] recording = [.. "ID3"u8, .. new byte[3 * 1024 * 1024]];
        var jobId = (await gateway.PostAsync(
            "/api/visage/job",
            $$"""{"images":["{{Convert.ToBase64String(photo)}}","{{Convert.ToBase64String(recording)}}"]}""")).Text("job_id");

        var input = await InputAsync(gateway, jobId, 0);
        while (input.Has("preview_pending"))
        {
            Assert.Null(input.GetProperty("image").GetString());
            Assert.NotEmpty(input.Text("input_url"));
            input = await InputAsync(gateway, jobId, 0);
        }

        Assert.StartsWith("/9j/", input.Text("image"), StringComparison.Ordinal);
        while ((await InputAsync(gateway, jobId, 1)).Has("preview_pending")) await Task.Yield();
        Assert.False((await InputAsync(gateway, jobId, 1)).Has("image"));
        await using var second = await StartAsync(TimeSpan.Zero, gateway);
        Assert.Equal(input.Text("image"), (await InputAsync(second, jobId, 0)).Text("image"));
    }

    [Fact]
    public async Task A_submit_has_the_first_previews_made_and_a_reader_the_others()
    {
        await using var gateway = await StartAsync(TimeSpan.Zero);
        var photo = $"\"{Convert.ToBase64String(new byte[90_000])}\"";
        var body = $$"""{"images":[{{string.Join(',', Enumerable.Repeat(photo, PreviewMaker.Ahead + 2))}}]}""";

        var jobId = (await gateway.PostAsync("/api/visage/job", body)).Text("job_id");
        // One job follows the other.
        var next = (await gateway.PostAsync("/api/visage/job", body)).Text("job_id");
        while (!(await MadeAsync(gateway, next)).Contains(0)) await Task.Yield();

        Assert.Equal(Enumerable.Range(0, PreviewMaker.Ahead), await MadeAsync(gateway, jobId));
        while ((await MadeAsync(gateway, jobId)).Count < PreviewMaker.Ahead + 2)
            await gateway.GetAsync($"/api/queue/job/{jobId}?offset={PreviewMaker.Ahead}&limit=2");
    }

    [Fact]
    public async Task Readers_that_want_the_same_preview_share_the_work()
    {
        await using var gateway = await StartAsync(TimeSpan.FromMinutes(1));
        byte[] photo = [.. Picture(1600, 900, SKEncodedImageFormat.Jpeg), .. new byte[5 * 1024 * 1024]];
        var jobId = (await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{Convert.ToBase64String(photo)}}"]}""")).Text("job_id");

        var inputs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => InputAsync(gateway, jobId, 0)));

        Assert.Single(inputs.Select(input => input.Text("image")).Distinct());
    }

    [Theory]
    [MemberData(nameof(ForeignPictures))]
    public async Task The_face_service_makes_the_previews_of_formats_that_the_gateway_does_not_decode(string name, byte[] start)
    {
        await using var gateway = await StartAsync(TimeSpan.FromMinutes(1));
        var asked = 0;
        gateway.Visage.Script = call => call.Path == "/api/preview" && Interlocked.Increment(ref asked) > 0
            ? Reply.Status(200, "a small picture", contentType: "image/jpeg")
            : Reply.Json("""{"data":[[]]}""");
        byte[] photo = [.. start, .. new byte[5 * 1024 * 1024]];
        var jobId = (await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{Convert.ToBase64String(photo)}}"]}""")).Text("job_id");

        var input = await InputAsync(gateway, jobId, 0);
        var again = await InputAsync(gateway, jobId, 0);

        Assert.True(input.Has("image"), name);
        Assert.Equal("a small picture", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(input.Text("image"))));
        Assert.Equal(input.Text("image"), again.Text("image"));
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData(422, false)]
    [InlineData(404, true)]
    [InlineData(503, true)]
    public async Task Without_a_service_that_can_make_it_a_photo_has_no_preview_for_now(int status, bool isAskedAgain)
    {
        await using var gateway = await StartAsync(TimeSpan.FromMinutes(1));
        gateway.Visage.Script = call => call.Path == "/api/preview" ? Reply.Status(status, "{}") : Reply.Json("""{"data":[[]]}""");
        byte[] photo = [.. Heic, .. new byte[5 * 1024 * 1024]];
        var jobId = (await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{Convert.ToBase64String(photo)}}"]}""")).Text("job_id");
        await gateway.EndOfAsync(jobId);

        var input = await InputAsync(gateway, jobId, 0);
        gateway.Visage.Script = _ => Reply.Status(200, "a small picture", contentType: "image/jpeg");
        var again = await InputAsync(gateway, jobId, 0);

        Assert.False(input.Has("image"));
        Assert.False(input.Has("preview_pending"));
        Assert.Equal(isAskedAgain, again.Has("image"));
    }

    [Fact]
    public async Task The_preview_of_a_RAW_file_is_the_JPEG_inside_it()
    {
        await using var gateway = await StartAsync(TimeSpan.FromMinutes(1));
        gateway.Visage.Script = call => Reply.Status(call.Path == "/api/preview" ? 500 : 200, """{"data":[[]]}""");
        var jpeg = Picture(3000, 1500, SKEncodedImageFormat.Jpeg);
        // A file of Panasonic: one directory, whose one entry is the JPEG.
        byte[] raw = [.. "IIU\0"u8, 8, 0, 0, 0, 1, 0, 46, 0, 7, 0, .. BitConverter.GetBytes(jpeg.Length), 26, 0, 0, 0, 0, 0, 0, 0, .. jpeg,
            .. new byte[5 * 1024 * 1024]];
        var jobId = (await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{Convert.ToBase64String(raw)}}"]}""")).Text("job_id");

        var preview = Convert.FromBase64String((await InputAsync(gateway, jobId, 0)).Text("image"));

        using var codec = SKCodec.Create(new MemoryStream(preview));
        Assert.Equal((1024, 512), (codec.Info.Width, codec.Info.Height));
    }

    private static Task<GatewayHost> StartAsync(TimeSpan wait, GatewayHost? beside = null) => GatewayHost.StartAsync(
        configure: builder => builder.Services.AddSingleton(new PreviewPace(wait)), beside: beside);

    /// <summary>The tasks of a job whose previews were made.</summary>
    private static async Task<IReadOnlyList<int>> MadeAsync(GatewayHost gateway, string jobId)
    {
        var store = gateway.Services.GetRequiredService<IRead>();
        var job = (await store.FindJobAsync(Guid.Parse(jobId), Cancellation))!;
        var keys = Enumerable.Range(0, job.Counters.Total).Select(ordinal => TaskKey.From(job.Key, ordinal)).ToArray();
        var parts = await store.ListPayloadsAsync(keys, Cancellation);
        var made = await gateway.Services.GetRequiredService<IPreviews>().FindPreviewsAsync(
            [.. parts.SelectMany(part => part).Select(part => part.Key)], Cancellation);
        return [.. keys.Where(key => made.Contains(parts[key].Single().Key)).Select(TaskKey.OrdinalOf)];
    }

    private static async Task<JsonElement> InputAsync(GatewayHost gateway, string jobId, int task) =>
        (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("tasks")[task].GetProperty("input_data");

    private static byte[] Picture(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.SteelBlue);
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
