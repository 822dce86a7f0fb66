using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Client.Models;
using StashAI.Client.Submit;

namespace StashAI.Client.Tests;

public sealed class JobTests(RunningServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_are_listed_by_state_service_name_and_time_page_by_page()
    {
        using var client = server.Connect();
        var name = $"Listed {Guid.NewGuid()}";
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await client.SubmitTextsAsync("echo.up", [$"text {i}"], new SubmitOptions { Name = name }, Cancellation)).JobId);
            await client.WaitAsync(ids[^1], Cancellation);
        }

        var query =
            new JobQuery
            {
                Name = name.ToUpperInvariant(),
                Service = "echo",
                States = [JobState.Completed, JobState.Partial],
                PageSize = 1
            };
        var found = await client.JobsAsync(query, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(ids.AsEnumerable().Reverse(), found.Select(job => job.Id));
        Assert.Empty(await client.JobsAsync(query with { States = [JobState.Failed] }, Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await client.JobsAsync(query with { CreatedAfter = found[0].CreatedAt!.Value.AddHours(1) }, Cancellation)
            .ToListAsync(Cancellation));
        Assert.Empty(await client.JobsAsync(query with { CreatedBefore = found[^1].CreatedAt }, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Tasks_show_their_errors_and_one_shows_its_attempts()
    {
        using var client = server.Connect();
        var job = await client.SubmitTextsAsync("echo.up", ["fine", "bad one"], cancellationToken: Cancellation);
        await client.WaitAsync(job.JobId, Cancellation);

        var failed =
            Assert.Single(await client.TasksAsync(new TaskQuery { JobId = job.JobId, States = [TaskState.Failed] }, Cancellation)
                .ToListAsync(Cancellation));
        var detail = await client.TaskAsync(failed.Id, Cancellation);
        var view = await client.JobAsync(job.JobId, Cancellation);

        Assert.Equal((1, "rejected"), (failed.Index, failed.ErrorKind));
        Assert.Equal((422, "failed"), (Assert.Single(detail.Attempts).HttpStatus, detail.Attempts[0].Outcome));
        Assert.Equal(JobState.Partial, view.State);
        Assert.Equal(("rejected", 1), (Assert.Single(view.ErrorSummary!).ErrorKind, view.ErrorSummary![0].Count));
    }

    [Fact]
    public async Task An_id_may_be_shortened_while_it_is_clear()
    {
        using var client = server.Connect();
        var job = (await client.SubmitTextsAsync("echo.up", ["a", "b"], cancellationToken: Cancellation)).JobId;
        var task = await client.TasksAsync(new TaskQuery { JobId = job }, Cancellation).FirstAsync(one => one.Index == 1, Cancellation);

        Assert.Equal(job, await client.FindJobIdAsync(job.ToString()[..26].ToUpperInvariant(), Cancellation));
        Assert.Equal(task.Id, await client.FindTaskIdAsync($"{job}/1", Cancellation));
        // All ids begin with the time, so their first digits are those of every job of this hour.
        await client.SubmitTextsAsync("echo.up", ["c"], cancellationToken: Cancellation);
        var several = await Assert.ThrowsAsync<IdPrefixException>(() => client.FindJobIdAsync(job.ToString()[..5], Cancellation));
        var none = await Assert.ThrowsAsync<IdPrefixException>(() => client.FindJobIdAsync("ffffffff", Cancellation));
        var noId = await Assert.ThrowsAsync<IdPrefixException>(() => client.FindJobIdAsync("the last one", Cancellation));
        Assert.Contains("give more digits", several.Message, StringComparison.Ordinal);
        Assert.Contains("No job's id begins with 'ffffffff'", none.Message, StringComparison.Ordinal);
        Assert.Contains("is not the id of a job", noId.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IdPrefixException>(() => client.FindTaskIdAsync($"{job}/7", Cancellation));
    }

    [Fact]
    public async Task A_job_is_paused_resumed_cancelled_and_retried()
    {
        using var client = server.Connect();
        var id = (await client.SubmitTextsAsync(
            "echo.up", ["later"], new SubmitOptions
            {
                StartAt = new DateTimeOffset(2034, 1, 1, 0, 0, 0,
                TimeSpan.Zero)
            }, Cancellation)).JobId;

        Assert.Equal(JobState.Pending, (await client.JobAsync(id, Cancellation)).State);
        Assert.True((await client.PauseJobAsync(id, Cancellation)).Paused);
        Assert.True((await client.JobAsync(id, Cancellation)).Paused);
        var end = new DateTimeOffset(2033, 1, 1, 7, 0, 0, TimeSpan.Zero);
        Assert.Equal(end, (await client.PauseJobUntilAsync(id, end, Cancellation)).PausedUntil);
        Assert.Equal(end, (await client.JobAsync(id, Cancellation)).PausedUntil);
        Assert.False((await client.ResumeJobAsync(id, Cancellation)).Paused);
        Assert.True((await client.CancelAsync(id, Cancellation)).Cancelled);
        Assert.False((await client.CancelAsync(id, Cancellation)).Cancelled);
        Assert.Equal(JobState.Cancelled, (await client.JobAsync(id, Cancellation)).State);
        Assert.Equal(0, (await client.RetryAsync(id, onlyFailed: true, Cancellation)).RetriedTasks);
        Assert.Equal(1, (await client.RetryAsync(id, cancellationToken: Cancellation)).RetriedTasks);
    }

    [Fact]
    public void A_view_is_written_as_it_was_read()
    {
        const string json = """{"kind":"transcript","segments":"/segments","text":"/text"}""";

        var view = JsonSerializer.Deserialize<ServiceView>(json, StashJson.Options)!;

        Assert.Equal(("transcript", "/segments"), (view.Kind, view.Parts["segments"]));
        Assert.Equal(json, JsonSerializer.Serialize(view, StashJson.Options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ServiceView>("""{"text":"/text"}""", StashJson.Options));
    }

    [Fact]
    public async Task Services_show_their_operations_and_can_be_paused()
    {
        using var client = server.Connect();

        var service = Assert.Single(await client.ServicesAsync(Cancellation), one => one.Name == "echo");
        var paused = await client.PauseServiceAsync("interactions", Cancellation);
        var later = await client.PauseServiceUntilAsync(
            "interactions", new DateTimeOffset(2033, 1, 1, 7, 0, 0, TimeSpan.Zero), Cancellation);
        var resumed = await client.ResumeServiceAsync("interactions", Cancellation);

        Assert.Equal(["up", "size", "tag"], service.Operations!.Select(operation => operation.Name));
        Assert.Equal((true, false), (paused.Paused, resumed.Paused));
        Assert.Equal((null, 2033, null), (paused.PausedUntil, later.PausedUntil?.Year, resumed.PausedUntil));
        var visage = await client.ServiceAsync("visage", Cancellation);
        Assert.Equal("faces", visage.View?.Kind);
        Assert.Equal("video", visage.Operations!.Single(operation => operation.Name == "video").View?.Kind);
        Assert.Equal("echo", (await client.ServiceAsync("echo", Cancellation)).Name);
        Assert.Equal("connected", (await client.HealthAsync(Cancellation)).Database);
    }
}
