using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Tests.Dialects.OpenAi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Dialects;

/// <summary>Clients that download results and read slowly hold their pages: together they must not take all memory.</summary>
public sealed class DownloadRoomTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Few_downloads_have_whole_pages_and_read_ahead_and_many_share()
    {
        var room = new DownloadRoom();
        var all = Enumerable.Range(0, 4).Select(_ => room.Begin()).ToList();
        Assert.All(all, one => Assert.Equal((500, true), (one.TasksOfPage(500), one.MayReadAhead)));

        all.Add(room.Begin());
        all[0].Read([Of(1024)]);
        Assert.Equal((16, false), (all[4].TasksOfPage(500), all[4].MayReadAhead));
        // A fifth of the room for each.
        Assert.InRange(all[0].TasksOfPage(10_000), 3000, 3400);

        all[4].Dispose();
        all[4].Dispose();
        Assert.Equal((500, true), (all[0].TasksOfPage(500), all[0].MayReadAhead));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(6_000)]
    [InlineData(60_000)]
    public void What_a_thousand_slow_clients_hold_is_bounded(int bytesOfTask)
    {
        var room = new DownloadRoom();
        var task = Of(bytesOfTask);
        long held = 0;
        for (var i = 0; i < 1000; i++)
        {
            var download = room.Begin();
            // The store ends a page past 4 MB. A client that waits with its second page holds no more of the first.
            download.Read([task]);
            held += Math.Min((long)download.TasksOfPage(500) * bytesOfTask, (4 * 1024 * 1024) + bytesOfTask);
        }

        Assert.InRange(held, 0, 160 * 1024 * 1024);
    }

    [Fact]
    public async Task A_file_of_results_is_the_same_in_small_pages()
    {
        await using var host = await OpenAiHost.StartAsync();
        string[] lines = [.. Enumerable.Range(0, 40).Select(i => OpenAiHost.Line($"id {i}", i % 3 == 1 ? "refused" : $"text {i}"))];
        var batch = await host.UntilAsync((await host.SubmitAsync("", lines)).Text("id"), "completed");
        string[] paths =
        [
            $"/v1/files/{batch.Text("output_file_id")}/content", $"/v1/files/{batch.Text("error_file_id")}/content",
            $"/api/jobs/{batch.Text("job_id")}/results?format=ndjson", $"/api/jobs/{batch.Text("job_id")}/results?format=csv",
        ];
        var alone = await Task.WhenAll(paths.Select(path => host.Http.GetStringAsync(path, Cancellation)));
        var room = host.Gateway.Services.GetRequiredService<DownloadRoom>();
        using var first = room.Begin();
        using var second = room.Begin();
        using var third = room.Begin();
        using var fourth = room.Begin();

        Assert.Equal(alone, await Task.WhenAll(paths.Select(path => host.Http.GetStringAsync(path, Cancellation))));
        using var fifth = room.Begin();
        Assert.False(fifth.MayReadAhead);
        fifth.Dispose();
        fourth.Dispose();
        using var last = room.Begin();
        // Every download above has given its room back.
        Assert.True(last.MayReadAhead);
    }

    private static TaskView Of(int bytes) => new()
    {
        Key = 1,
        Version = 1,
        State = TaskState.Completed,
        Attempt = 1,
        CancelRequested = false,
        Input = default,
        Output = new byte[bytes],
        ErrorKind = ErrorKind.None,
        ErrorMessage = null,
        ProcessingMs = null,
        StartedAt = null,
        FinishedAt = null,
        DueAt = null,
    };
}
