using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using StashAI.Visage.Tests.Fuzzing;

namespace StashAI.Visage.Tests.Video;

/// <summary>Files that make ffmpeg open other files or hosts, never end, or crash it.</summary>
public sealed class HostileVideoTests(RealFiles files, TestVideos videos)
{
    /// <summary>
    /// Formats that name other files. Each names a pipe and a listening port: whoever opened the pipe would wait for its writer, so an
    /// answer proves that nobody did.
    /// </summary>
    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{file}\n#EXTINF:10,\n{url}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{url}\n#EXTINF:10,\n{file}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nconcat:{file}|{url}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI=\"{url}\"\n#EXTINF:1,\n{file}\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile '{file}'\nfile '{url}'\n")]
    [InlineData("<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
        + "mediaPresentationDuration=\"PT1S\">\n<Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\" "
        + "bandwidth=\"1\"><BaseURL>{url}</BaseURL><SegmentList><SegmentURL "
        + "media=\"file://{file}\"/></SegmentList></Representation></AdaptationSet></Period></MPD>\n")]
    [InlineData("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n")]
    [InlineData("[Reference]\nRef1={url}\nRef2=file://{file}\n")]
    [InlineData("RTSPtext\nrtsp://127.0.0.1:{port}/\n")]
    [InlineData("<ASX version=\"3.0\"><ENTRY><REF HREF=\"{url}\"/><REF HREF=\"file://{file}\"/></ENTRY></ASX>\n")]
    [InlineData(
        "# VobSub index file, v7 (do not modify this line!)\nsize: 720x576\nid: en, index: 0\ntimestamp: 00:00:01:000, filepos: 0\n")]
    [InlineData("#!AMR\nfile://{file}\n")]
    public async Task A_file_that_names_others_is_refused_and_none_of_them_is_touched(string form)
    {
        TestVideos.SkipIfMissing();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The pipe of this test is made on Linux.");
        using var folder = new TemporaryFolder();
        var pipe = folder["frames.ts"];
        await RunAsync("mkfifo", pipe);
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        var port = ((IPEndPoint)host.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var text = form.Replace("{file}", pipe, StringComparison.Ordinal)
            .Replace("{url}", $"http://127.0.0.1:{port}/frames.ts", StringComparison.Ordinal)
            .Replace("{port}", port, StringComparison.Ordinal);
        await using var server = await VisageServer.StartAsync(files);

        var answer = await VideoTests.PostAsync(server, Encoding.UTF8.GetBytes(text));

        Assert.True(answer.Status == 422, answer.Detail);
        Assert.False(host.Pending());
    }

    /// <summary>An example of the same playlist without the refusal, so that the test above is known to try something.</summary>
    [Fact]
    public async Task Without_the_refusal_a_playlist_would_open_what_it_names()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(
            folder["frames.ts"], await videos.ReadAsync(files, "small.ts"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            folder["list"], $"#EXTM3U\n#EXT-X-TARGETDURATION:30\n#EXTINF:20,\nfile://{folder["frames.ts"]}\n#EXT-X-ENDLIST\n",
            TestContext.Current.CancellationToken);
        await TestVideos.RunAsync("-f", "hls", "-i", folder["list"], "-frames:v", "1", folder["seen.png"]);
        Assert.True(File.Exists(folder["seen.png"]));
    }

    [Fact]
    public async Task Damaged_videos_get_an_answer_each_and_leave_nothing() => await FuzzAsync(24);

    [Fact(Explicit = true)]
    public async Task Hundreds_of_damaged_videos_get_an_answer_each_and_leave_nothing() => await FuzzAsync(600);

    [Fact]
    public async Task A_client_that_goes_away_ends_the_run()
    {
        using var programs = new FakePrograms("exec sleep 1000");
        await using var server = await VisageServer.StartAsync(files, options => options with { Ffmpeg = programs.Ffmpeg });
        using var gone = new CancellationTokenSource();
        using var content = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue("video/mp4") } };
        var answer = server.Client.PostAsync("/api/video", content, gone.Token);
        using var run = await programs.RunAsync();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_service_that_stops_ends_the_run()
    {
        using var programs = new FakePrograms("exec sleep 1000");
        Process run;
        Task<Answer> answer;
        await using (var server = await VisageServer.StartAsync(files, options => options with { Ffmpeg = programs.Ffmpeg }))
        {
            answer = VideoTests.PostAsync(server, [1, 2, 3]);
            run = await programs.RunAsync();
            await server.StopAsync();
            Assert.Equal(503, (await answer).Status);
        }

        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        run.Dispose();
    }

    [Fact]
    public async Task A_run_that_takes_too_long_is_ended_with_a_reason()
    {
        using var programs = new FakePrograms("exec sleep 1000");
        await using var server = await VisageServer.StartAsync(
            files, options => options with { Ffmpeg = programs.Ffmpeg, VideoTimeout = TimeSpan.FromSeconds(2) });
        var answer = await VideoTests.PostAsync(server, [1, 2, 3]);
        Assert.Equal(422, answer.Status);
        Assert.Contains("VISAGE_VIDEO_TIMEOUT_SECONDS", answer.Detail, StringComparison.Ordinal);
        var run = await programs.StartedAsync();
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(run));
    }

    [Theory]
    [InlineData("kill -SEGV $$", "no frame that can be decoded")]
    [InlineData("head -c 100 /dev/zero", "no frame that can be decoded")]
    [InlineData("head -c 100000000 /dev/zero >&2", "no frame that can be decoded")]
    [InlineData("echo stolen > ${0%/*}/stolen; exit 1", "no frame that can be decoded")]
    [InlineData("exit 7", "no frame that can be decoded")]
    public async Task A_run_that_crashes_or_misbehaves_is_a_refusal(string script, string reason)
    {
        using var programs = new FakePrograms(script);
        await using var server = await VisageServer.StartAsync(files, options => options with { Ffmpeg = programs.Ffmpeg });
        var answer = await VideoTests.PostAsync(server, [1, 2, 3]);
        Assert.True(answer.Status == 422, answer.Detail);
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        // Not even a program of an attacker's could write a file.
        Assert.False(
            File.Exists(Path.Combine(programs.Folder, "stolen")) && new FileInfo(Path.Combine(programs.Folder, "stolen")).Length > 0);
    }

    [Fact]
    public async Task The_run_has_limits()
    {
        Assert.SkipUnless(TestVideos.Find("prlimit") is not null, "prlimit is not installed.");
        using var programs = new FakePrograms("mkdir \"${0%/*}/$(ulimit -v)-$(ulimit -t)-$(ulimit -f)-$(ulimit -c)\"");
        await using var server = await VisageServer.StartAsync(
            files, options => options with { Ffmpeg = programs.Ffmpeg, VideoTimeout = TimeSpan.FromSeconds(50) });
        await VideoTests.PostAsync(server, [1, 2, 3]);
        Assert.True(
            Directory.Exists(Path.Combine(programs.Folder, "4194304-100-0-0")),
            string.Join(", ", Directory.GetDirectories(programs.Folder)));
    }

    [Fact]
    public async Task The_run_knows_nothing_of_the_environment_of_the_service()
    {
        using var programs = new FakePrograms("mkdir \"${0%/*}/secret-${STASHAI_TEST_SECRET:-unknown}\"");
        Environment.SetEnvironmentVariable("STASHAI_TEST_SECRET", "known");
        await using var server = await VisageServer.StartAsync(files, options => options with { Ffmpeg = programs.Ffmpeg });
        await VideoTests.PostAsync(server, [1, 2, 3]);
        Assert.True(Directory.Exists(Path.Combine(programs.Folder, "secret-unknown")));
        Assert.False(Directory.Exists(Path.Combine(programs.Folder, "secret-known")));
    }

    private async Task FuzzAsync(int count)
    {
        List<(string Name, byte[] Bytes)> originals = [];
        foreach (var name in new[] { "small.mp4", "small.webm", "small.avi", "small.ts" })
            originals.Add((name, await videos.ReadAsync(files, name)));
        await using var server = await VisageServer.StartAsync(files);
        var statuses = new SortedDictionary<(string, int), int>();
        var slowest = (Took: TimeSpan.Zero, Seed: 0);
        for (var seed = 0; seed < count; seed++)
        {
            var (name, original) = originals[seed % originals.Count];
            var began = Stopwatch.GetTimestamp();
            var answer = await VideoTests.PostAsync(
                server, Mutations.Mutate(original, new Random(seed)), "?frames_per_minute=15&max_frames=5");
            Assert.True(answer.Status is 200 or 422, $"seed {seed}, {name}: {answer.Status} {answer.Body?["detail"]}");
            if (Stopwatch.GetElapsedTime(began) is var took && took > slowest.Took) slowest = (took, seed);
            statuses[(name, answer.Status)] = statuses.GetValueOrDefault((name, answer.Status)) + 1;
        }

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(server.SecretPath)!, "video-*"));
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", statuses.Select(one => $"{one.Key}: {one.Value}"))}; the slowest took {slowest.Took.TotalSeconds:0.0} s "
            + $"(seed {slowest.Seed})"));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
