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
        Assert.Equal((1, false), (all[4].TasksOfPage(500), all[4].MayReadAhead));
        // A fifth of the room for each.
        Assert.InRange(all[0].TasksOfPage(10_000), 3000, 3400);

        all[4].Dispose();
        all[4].Dispose();
        Assert.Equal((500, true), (all[0].TasksOfPage(500), all[0].MayReadAhead));
    }

    [Fact]
    public void Whoever_waits_takes_no_room_from_others_and_has_it_again_with_the_next_page()
    {
        var room = new DownloadRoom();
        var all = Enumerable.Range(0, 100).Select(_ => room.Begin()).ToList();
        all[1].Read([Of(1024)]);
        Assert.False(all[0].MayReadAhead);

        all.ForEach(one => one.Pause());

        Assert.Equal((500, true), (all[0].TasksOfPage(500), all[0].MayReadAhead));
        foreach (var one in all.Skip(1)) one.TasksOfPage(500);
        Assert.False(all[0].MayReadAhead);
        Assert.InRange(all[1].TasksOfPage(500), 100, 200);
        all.ForEach(one => one.Dispose());
        Assert.True(all[0].MayReadAhead);
    }

    [Fact]
    public void Results_that_are_read_by_their_keys_are_few_at_first_and_then_as_many_as_fit()
    {
        var download = new DownloadRoom().Begin();
        Assert.Equal(8, download.TasksByKeys(50));
        download.Read([Of(1024 * 1024)]);
        Assert.Equal(4, download.TasksByKeys(50));
        download.Read([Of(64 * 1024 * 1024)]);
        Assert.Equal(1, download.TasksByKeys(50));
        for (var i = 0; i < 20; i++) download.Read([Of(100)]);
        Assert.Equal(50, download.TasksByKeys(50));
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
