using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Tests.Video;

/// <summary>Real videos, read by the real ffmpeg: who is on them, and when.</summary>
public sealed class VideoTests(RealFiles files, TestVideos videos)
{
    public static TheoryData<string> Kinds => [.. TestVideos.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task People_are_found_with_their_times_in_each_kind_of_file(string name)
    {
        var video = await videos.ReadAsync(files, name);
        await using var server = await StartAsync();

        var answer = await PostAsync(server, video, "?frames_per_minute=30");

        Assert.True(answer.Status == 200, answer.Body?.ToJsonString());
        var frames = answer["frames"].AsArray();
        Assert.InRange(frames.Count, 8, 11);
        Assert.Equal(frames.Select(Start).Order(), frames.Select(Start));
        Assert.InRange(answer["duration"].GetValue<double>(), 19, 22);
        Assert.Equal((960, 640), (answer["image_width"].GetValue<int>(), answer["image_height"].GetValue<int>()));
        var ada = PersonOf(answer, "Ada");
        var times = ada["times"]!.AsArray().Select(time => time!.GetValue<double>()).ToList();
        Assert.Equal(times.Count, ada["frames"]!.GetValue<int>());
        Assert.Contains(times, time => time < 9.5);
        Assert.DoesNotContain(times, time => time is > 10.5 and < 14.5);
        Assert.Contains(times, time => time > 15);
        Assert.All(frames.Where(frame => Start(frame) is > 10.5 and < 14.5), frame => Assert.Empty(frame!["faces"]!.AsArray()));
        Assert.False(answer["incomplete"].GetValue<bool>());
        var cover = answer["cover"];
        Assert.Equal((false, 3), (cover["attached"]!.GetValue<bool>(), cover["faces"]!.AsArray().Count));
        Assert.Equal([0xFF, 0xD8], Convert.FromBase64String(cover["image"]!.GetValue<string>()).Take(2));
    }

    [Fact]
    public async Task Each_frame_ends_where_the_next_begins_and_the_last_with_the_video()
    {
        await using var server = await StartAsync();
        var answer = await PostAsync(server, await videos.ReadAsync(files, "film.mp4"), "?frames_per_minute=12");
        var frames = answer["frames"].AsArray();
        Assert.Equal((double[])[0, 6, 10, 15], frames.Select(frame => Math.Round(Start(frame))));
        for (var i = 0; i + 1 < frames.Count; i++) Assert.Equal(Start(frames[i + 1]), frames[i]!["end"]!.GetValue<double>());
        Assert.Equal(answer["duration"].GetValue<double>(), frames[^1]!["end"]!.GetValue<double>());
    }

    [Fact]
    public async Task A_video_that_is_shown_upright_only_by_its_matrix_has_the_same_faces()
    {
        await using var server = await StartAsync();
        var answer = await PostAsync(server, await videos.ReadTurnedAsync(files), "?frames_per_minute=30");
        Assert.Equal((960, 640), (answer["image_width"].GetValue<int>(), answer["image_height"].GetValue<int>()));
        Assert.NotEmpty(PersonOf(answer, "Ada")["times"]!.AsArray());
    }

    [Theory]
    [InlineData("cover.mp4")]
    [InlineData("cover.mkv")]
    public async Task An_attached_cover_comes_before_a_frame_and_needs_no_frames(string name)
    {
        await using var server = await StartAsync();
        await server.EnrolAsync(
            "Bea", files.Sample(6), await CentreAsync(server, 6, "x", "width"), await CentreAsync(server, 6, "y", "height"));

        var answer = await PostAsync(server, await videos.ReadAsync(files, name), "?frames_per_minute=0");

        Assert.True(answer["cover"]["attached"]!.GetValue<bool>());
        Assert.Equal(4, answer["cover"]["faces"]!.AsArray().Count);
        Assert.Empty(answer["frames"].AsArray());
        var bea = PersonOf(answer, "Bea");
        Assert.Equal((true, 0, 0), (bea["on_cover"]!.GetValue<bool>(), bea["frames"]!.GetValue<int>(), bea["times"]!.AsArray().Count));
    }

    [Fact]
    public async Task Without_frames_and_without_a_cover_the_best_frame_is_the_cover()
    {
        await using var server = await StartAsync();
        var answer = await PostAsync(server, await videos.ReadAsync(files, "film.mp4"), "?frames_per_minute=0");
        Assert.Equal((0, 3), (answer["frames"].AsArray().Count, answer["cover"]["faces"]!.AsArray().Count));
        Assert.True(PersonOf(answer, "Ada")["on_cover"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Of_a_long_film_the_most_frames_are_spread_over_its_length()
    {
        await using var server = await StartAsync();
        var answer = await PostAsync(server, await videos.ReadAsync(files, "long.mp4"), "?frames_per_minute=600&max_frames=80");
        var frames = answer["frames"].AsArray();
        Assert.InRange(frames.Count, 79, 80);
        Assert.InRange(Start(frames[^1]), 390, 400);
        Assert.False(answer["incomplete"].GetValue<bool>());
    }

    [Fact(Explicit = true)]
    public async Task Of_10_000_frames_at_most_2_000_are_analysed()
    {
        await using var server = await StartAsync();
        var answer = await PostAsync(server, await videos.ReadAsync(files, "long.mp4"), "?frames_per_minute=600");
        Assert.InRange(answer["frames"].AsArray().Count, 1990, 2000);
    }

    [Theory]
    [InlineData("film.mkv", 0.5)]
    [InlineData("film.ts", 0.6)]
    [InlineData("film.webm", 0.6)]
    public async Task What_is_there_of_a_truncated_video_is_read(string name, double part)
    {
        var whole = await videos.ReadAsync(files, name);
        await using var server = await StartAsync();
        var answer = await PostAsync(server, whole[..(int)(whole.Length * part)], "?frames_per_minute=60");
        Assert.True(answer.Status == 200, answer.Body?.ToJsonString());
        Assert.NotEmpty(PersonOf(answer, "Ada")["times"]!.AsArray());
        // A transport stream does not say how long it should be.
        Assert.Equal(name != "film.ts", answer["incomplete"].GetValue<bool>());
    }

    [Theory]
    [InlineData("sound.m4a", "no moving pictures")]
    [InlineData("sound-cover.m4a", "no moving pictures")]
    [InlineData("ffv1.mkv", "encoded as ffv1")]
    [InlineData("half.mp4", "moov atom not found")]
    [InlineData("text.mp4", "not a video that can be read")]
    [InlineData("empty.mp4", "is empty")]
    [InlineData("photo.jpg", "a file of the format jpeg_pipe")]
    public async Task What_is_no_video_is_refused_with_its_reason(string name, string reason)
    {
        var body = name switch
        {
            "half.mp4" => (await videos.ReadAsync(files, "film.mp4"))[..50_000],
            "text.mp4" => "This is a letter, whatever its name says."u8.ToArray(),
            "empty.mp4" => [],
            "photo.jpg" => files.Sample(1),
            _ => await videos.ReadAsync(files, name),
        };
        TestVideos.SkipIfMissing();
        await using var server = await VisageServer.StartAsync(files);
        var answer = await PostAsync(server, body);
        Assert.Equal((422, "body"), (answer.Status, answer["field"].GetValue<string>()));
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("/proc/", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frames_per_minute=-1", "frames_per_minute")]
    [InlineData("frames_per_minute=601", "frames_per_minute")]
    [InlineData("frames_per_minute=NaN", "frames_per_minute")]
    [InlineData("max_frames=0", "max_frames")]
    [InlineData("max_frames=2001", "max_frames")]
    [InlineData("max_frames=1.5", "max_frames")]
    [InlineData("threshold=2", "threshold")]
    [InlineData("results=0", "results")]
    [InlineData("detail=most", "detail")]
    [InlineData("frames=1", "frames")]
    public async Task Wrong_parameters_are_refused_by_name(string query, string field)
    {
        await using var server = await VisageServer.StartAsync(files);
        var answer = await PostAsync(server, [1], $"?{query}");
        Assert.Equal((422, field), (answer.Status, answer["field"].GetValue<string>()));
    }

    [Fact]
    public async Task A_body_that_a_form_of_a_page_can_send_is_refused()
    {
        await using var server = await VisageServer.StartAsync(files);
        Assert.Equal(415, (await server.SendAsync(HttpMethod.Post, "/api/video", new StringContent("x"))).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_video_over_the_limit_is_refused_and_leaves_no_file(bool hasLength)
    {
        TestVideos.SkipIfMissing();
        await using var server = await VisageServer.StartAsync(
            files, options => options with { MaxVideoBytes = 100_000, MaxBodyBytes = 10_000 });
        using var content = new StreamContent(new MemoryStream(new byte[100_001]));
        if (!hasLength) content.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/video") { Content = content };
        request.Headers.TransferEncodingChunked = !hasLength;
        content.Headers.ContentType = new MediaTypeHeaderValue("video/mp4");
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await Answer.ReadAsync(response);
        Assert.Equal(413, answer.Status);
        Assert.Contains("VISAGE_MAX_VIDEO_BYTES", answer.Detail, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(server.SecretPath)!, "video-*"));
        // Within its own limit, a video may be larger than other bodies.
        Assert.Equal(422, (await PostAsync(server, new byte[100_000])).Status);
    }

    [Theory]
    [InlineData("none", "VISAGE_FFMPEG is none")]
    [InlineData("/nowhere/ffmpeg", "apt install ffmpeg")]
    public async Task Without_ffmpeg_a_video_is_refused_with_what_to_do(string path, string reason)
    {
        var ffmpeg = VisageServiceSettings.Ffmpeg.Form.Read(path, isSecret: false);
        await using var server = await VisageServer.StartAsync(files, options => options with { Ffmpeg = ffmpeg });
        var answer = await PostAsync(server, [1]);
        Assert.Equal(501, answer.Status);
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.False((await server.GetAsync("/health"))["video"].GetValue<bool>());
    }

    [Fact]
    public async Task Health_says_that_videos_are_read()
    {
        TestVideos.SkipIfMissing();
        await using var server = await VisageServer.StartAsync(files);
        Assert.True((await server.GetAsync("/health"))["video"].GetValue<bool>());
    }

    internal static async Task<Answer> PostAsync(VisageServer server, byte[] video, string query = "")
    {
        using var content = new ByteArrayContent(video);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await server.SendAsync(HttpMethod.Post, $"/api/video{query}", content);
    }

    private static double Start(JsonNode? frame) => frame!["start"]!.GetValue<double>();

    private static JsonNode PersonOf(Answer answer, string name) => Assert.Single(
        answer["people"].AsArray(), person => person!["performer"]!["name"]!.GetValue<string>() == name)!;

    private async Task<double> CentreAsync(VisageServer server, int sample, string at, string span)
    {
        var box = (await server.PredictAsync(files.Sample(sample))).Faces[0]!["box"]!;
        return box[at]!.GetValue<double>() + (box[span]!.GetValue<double>() / 2);
    }

    private async Task<VisageServer> StartAsync()
    {
        var server = await VisageServer.StartAsync(files);
        await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        return server;
    }
}
