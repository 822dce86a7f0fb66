using System.Net;
using System.Security.Cryptography;
using System.Text;
using StashAI.Client;
using StashAI.Client.Models;
using StashAI.Client.Submit;
using StashAI.Testing.Connections;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>Large submits go on where they broke.</summary>
[Collection(nameof(CliServer))]
public sealed class ResumedSubmitTests(CliServer server, PostgresFixture postgres)
{
    private const int FileBytes = 3_000_000;

    private const int Files = 6;

    /// <summary>The size of the body, whose files are base64.</summary>
    private const long BodyBytes = Files * FileBytes / 3 * 4;

    /// <summary>What a cut may cost: the chunk that was under way, and the heads of the requests.</summary>
    private const long ChunkBytes = 4_300_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_submit_goes_on_after_a_kill_of_the_server(bool isPostgres)
    {
        using var folder = await PhotosAsync();
        using var data = new TempFolder();
        (string, string)[] settings = isPostgres ? [("DATABASE_URL", (await postgres.CreateDatabaseAsync(Cancellation)).Url)] : [];
        var process = await server.ServeAsync(data.Path, settings);
        try
        {
            await using var relay = new ScriptedRelay(process.Url);
            relay.CutAt(BodyBytes / 2, async () =>
            {
                await process.KillAsync();
                await process.DisposeAsync();
                process = await server.ServeAsync(data.Path, settings);
                relay.Target = process.Url;
            });
            using var client = new StashClient(relay.Address);
            var progress = new Recorded();

            var submission = await client.SubmitFilesAsync(
                "pictures", Directory.EnumerateFiles(folder.Path).Order(), new SubmitOptions { Progress = progress }, Cancellation);

            Assert.Equal(Files, submission.TotalTasks);
            Assert.InRange(relay.Sent, BodyBytes, BodyBytes + ChunkBytes);
            var end = await client.WaitAsync(submission.JobId, Cancellation);
            Assert.Equal((JobState.Completed, Files), (end.State, end.CompletedTasks));
            Assert.Equal(1, (await client.CountJobsAsync(new JobFilter(), Cancellation)).Count);
            Assert.True(progress.Values.TrueForAll(value => value.IsResumable));
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_submit_goes_on_after_each_cut_of_the_connection()
    {
        using var folder = await PhotosAsync();
        await using var relay = new ScriptedRelay(server.Url);
        foreach (var part in (double[])[0.1, 0.5, 0.9]) relay.CutAt((long)(BodyBytes * part));
        using var client = new StashClient(relay.Address);

        var submission = await client.SubmitFilesAsync(
            "pictures", Directory.EnumerateFiles(folder.Path).Order(), cancellationToken: Cancellation);

        Assert.InRange(relay.Sent, BodyBytes, BodyBytes + (3 * ChunkBytes));
        Assert.Equal(JobState.Completed, (await client.WaitAsync(submission.JobId, Cancellation)).State);
    }

    [Fact]
    public async Task Items_that_can_be_read_once_go_on_after_a_cut_too()
    {
        await using var relay = new ScriptedRelay(server.Url);
        relay.CutAt(5_000_000);
        using var client = new StashClient(relay.Address);
        var started = 0;

        var submission = await client.SubmitAsync(
            "translation", Texts(), new SubmitOptions { ItemsCanBeReadAgain = false, Name = $"Once {Guid.NewGuid()}" }, Cancellation);

        Assert.Equal((1, 100), (started, submission.TotalTasks));
        await client.CancelAsync(submission.JobId, Cancellation);

        async IAsyncEnumerable<SubmitItem> Texts()
        {
            started++;
            for (var i = 0; i < 100; i++) yield return SubmitItem.FromText(new string((char)('a' + (i % 26)), 100_000));
            await Task.CompletedTask;
        }
    }

    [Fact]
    public async Task An_interrupted_command_goes_on_when_it_is_given_again_and_a_third_time_it_is_a_new_job()
    {
        Assert.SkipWhen(Interrupts.AreIgnored, Interrupts.WhySkipped);
        using var folder = await PhotosAsync();
        await using var relay = new ScriptedRelay(server.Url);
        string[] command = ["submit", "pictures", folder.Path, "--server", relay.Address.ToString()];
        await using var first = server.Launch(command);
        relay.CutAt(BodyBytes / 2, async () =>
        {
            await first.SignalAsync(UnixSignal.Interrupt, Cancellation);
            // Else it might go on by itself before it notices.
            await first.WaitForExitAsync(Cancellation);
        });

        Assert.Equal(130, await first.WaitForExitAsync(Cancellation));
        Assert.Contains(first.StandardError, line => line.Contains("the same command again goes on from there", StringComparison.Ordinal));
        var again = await server.RunAsync(command);
        Assert.Equal(0, again.ExitCode);
        Assert.InRange(relay.Sent, BodyBytes, BodyBytes + ChunkBytes);
        var third = await server.RunAsync(command);

        Assert.Equal(0, third.ExitCode);
        Assert.NotEqual(again.Lines[0], third.Lines[0]);
    }

    [Fact]
    public async Task A_server_without_uploads_gets_the_submit_in_one_request()
    {
        using var folder = await PhotosAsync();
        using var handler = new OldServer();
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new StashClient(http, new Uri(server.Url));

        var submission = await client.SubmitFilesAsync(
            "pictures", Directory.EnumerateFiles(folder.Path).Order(), cancellationToken: Cancellation);

        Assert.Equal((Files, 1), (submission.TotalTasks, handler.Submits));
    }

    private static async Task<TempFolder> PhotosAsync()
    {
        var folder = new TempFolder();
        for (var i = 0; i < Files; i++)
            await File.WriteAllBytesAsync(folder.File($"photo{i}.jpg"), RandomNumberGenerator.GetBytes(FileBytes), Cancellation);
        return folder;
    }

    private sealed class Recorded : IProgress<SubmitProgress>
    {
        public List<SubmitProgress> Values { get; } = [];

        public void Report(SubmitProgress value) => Values.Add(value);
    }

    /// <summary>Makes the server look as one of an earlier version.</summary>
    private sealed class OldServer() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        public int Submits { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (path == "/")
            {
                return new(HttpStatusCode.OK)
                {
                    RequestMessage = request,
                    Content = new StringContent(
                        """{"version":"1.0.0","routes":["GET /","POST /api/{service}/batch"]}""", Encoding.UTF8, "application/json"),
                };
            }

            Assert.DoesNotContain("uploads", path, StringComparison.Ordinal);
            if (request.Method == HttpMethod.Post) Submits++;
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
