using System.Security.Cryptography;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Models;
using StashAI.Client.Submit;
using StashAI.Testing.Files;

namespace StashAI.Client.Tests;

public sealed class SubmitTests(RunningServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_become_a_job_with_the_options_that_were_given()
    {
        using var client = server.Connect();
        var options = new SubmitOptions
        {
            Name = "Greetings",
            Priority = 7,
            MaxParallel = 2,
            MaxRetries = 1,
            Deadline =
                new DateTimeOffset(2035, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Config = new JsonObject { ["language"] = "de" },
        };

        var submission = await client.SubmitTextsAsync("echo.up", ["good", "morning"], options, Cancellation);
        var end = await client.WaitAsync(submission.JobId, Cancellation);
        var job = await client.JobAsync(submission.JobId, Cancellation);

        Assert.Equal((2, true), (submission.TotalTasks, submission.Durable));
        Assert.Equal((JobState.Completed, 2, 100), (end.State, end.CompletedTasks, end.ProcessedPercentage));
        Assert.Equal(("Greetings", 7, "echo", options.Deadline), (job.Name, job.Priority, job.Service, job.DeadlineAt));
        Assert.Equal("de", job.Config!.Value.GetProperty("language").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(48 * 1024)]
    [InlineData(48 * 1024 + 1)]
    [InlineData(200_000)]
    public async Task A_file_arrives_as_it_is(int size)
    {
        using var folder = new TempFolder();
        var bytes = RandomNumberGenerator.GetBytes(size);
        await File.WriteAllBytesAsync(folder.File("photo 1.jpg"), bytes, Cancellation);
        using var client = server.Connect();

        var submission = await client.SubmitFilesAsync("echo.size", [folder.File("photo 1.jpg")], cancellationToken: Cancellation);
        await client.WaitAsync(submission.JobId, Cancellation);
        var result = await client.ResultsAsync(submission.JobId, cancellationToken: Cancellation).SingleAsync(Cancellation);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), result.Output!.Value.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task A_file_stands_where_the_schema_of_the_service_wants_it_and_keeps_its_name()
    {
        using var client = server.Connect();
        SubmitItem[] items =
            [SubmitItem.FromBytes(new byte[5], "one.jpg"), SubmitItem.FromStream(_ => new(new MemoryStream(new byte[7])), "two.jpg")];

        var submission = await client.SubmitAsync("echo.tag", items, cancellationToken: Cancellation);
        await client.WaitAsync(submission.JobId, Cancellation);
        var results = await client.ResultsAsync(submission.JobId, cancellationToken: Cancellation).ToListAsync(Cancellation);

        Assert.Equal([("one.jpg", 5), ("two.jpg", 7)],
            results.Select(result => (result.ItemName, result.Output!.Value.GetProperty("bytes").GetInt32())));
    }

    [Fact]
    public async Task Progress_counts_items_and_bytes()
    {
        using var client = server.Connect();
        var seen = new List<SubmitProgress>();

        await client.SubmitTextsAsync("echo.up", ["a", "b", "c"], new SubmitOptions { Progress = new Recorded(seen) }, Cancellation);

        Assert.Equal(3, seen[^1].Items);
        Assert.True(seen[^1].Bytes > 0);
    }

    [Fact]
    public async Task An_item_that_cannot_be_used_is_named()
    {
        using var client = server.Connect();
        var items =
            new[] { SubmitItem.FromText("fine"),
                SubmitItem.FromJson(JsonNode.Parse("5")!.AsValue().GetValue<System.Text.Json.JsonElement>()) };

        var exception =
            await Assert.ThrowsAsync<StashInvalidRequestException>(() =>
                client.SubmitAsync("echo.up", items, cancellationToken: Cancellation));

        var error = Assert.Single(exception.Errors);
        Assert.Equal(("items[1]", 1), (error.Field, error.Item));
        Assert.Equal(422, (int)exception.Status!);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_the_callers_own_error_and_makes_no_job()
    {
        using var client = server.Connect();
        var name = $"missing {Guid.NewGuid()}";

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            client.SubmitFilesAsync("echo.size", ["/nowhere/at/all.jpg"], new SubmitOptions { Name = name }, Cancellation));

        Assert.Empty(await client.JobsAsync(new JobQuery { Name = name }, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_submit_whose_answer_is_lost_is_sent_again_and_makes_one_job()
    {
        var lost = 0;
        using var client = server.Connect(async (request, wire, cancellation) =>
        {
            var response = await wire.SendAsync(request, cancellation);
            if (request.Method != HttpMethod.Post || Interlocked.Increment(ref lost) > 1) return response;
            response.Dispose();
            throw new HttpRequestException("The connection broke.");
        });
        var name = $"once {Guid.NewGuid()}";

        await client.SubmitTextsAsync("echo.up", ["once"], new SubmitOptions { Name = name }, Cancellation);

        Assert.Equal(2, lost);
        Assert.Single(await client.JobsAsync(new JobQuery { Name = name }, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Few_items_that_can_be_read_once_are_read_once_and_sent_again()
    {
        var (sent, read) = (0, 0);
        using var client = server.Connect((request, wire, cancellation) =>
            request.Method == HttpMethod.Post && Interlocked.Increment(ref sent) == 1
                ? throw new HttpRequestException("The connection broke.")
                : wire.SendAsync(request, cancellation));

        var submission = await client.SubmitAsync("echo.up", Items(), new SubmitOptions { ItemsCanBeReadAgain = false }, Cancellation);

        Assert.Equal((2, 1, 1), (sent, read, submission.TotalTasks));

        async IAsyncEnumerable<SubmitItem> Items()
        {
            read++;
            yield return SubmitItem.FromText("once");
            await Task.CompletedTask;
        }
    }

    private sealed class Recorded(List<SubmitProgress> seen) : IProgress<SubmitProgress>
    {
        public void Report(SubmitProgress value) => seen.Add(value);
    }
}
