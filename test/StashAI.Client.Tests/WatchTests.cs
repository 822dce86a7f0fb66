using System.Net;
using StashAI.Client.Errors;
using StashAI.Client.Live;
using StashAI.Client.Models;
using StashAI.Client.Submit;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.Client.Tests;

public sealed class WatchTests(RunningServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nothing")]
    [InlineData("/ws/")]
    [InlineData("/ws/ /api/events")]
    public async Task A_watch_hears_of_the_end_whatever_a_proxy_lets_through(string blocks)
    {
        var blocked = blocks.Split(' ');
        using var client = server.Connect((request, wire, cancellation) =>
            blocked.Any(path => request.RequestUri!.AbsolutePath.StartsWith(path, StringComparison.Ordinal))
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request })
                : wire.SendAsync(request, cancellation));
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var job = (await client.SubmitTextsAsync("echo.up", ["a", held], cancellationToken: Cancellation)).JobId;

        var seen = new List<JobProgress>();
        await foreach (var progress in client.WatchAsync(job, Cancellation))
        {
            seen.Add(progress);
            if (progress.CompletedTasks == 1) gate.Open();
        }

        Assert.Equal((JobState.Completed, 2), (seen[^1].State, seen[^1].CompletedTasks));
        Assert.Equal(seen.Select(one => one.Version).Distinct().Order(), seen.Select(one => one.Version));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("/ws/")]
    [InlineData("/ws/ /api/events")]
    public async Task A_list_of_jobs_and_the_services_are_followed_whatever_a_proxy_lets_through(string blocks)
    {
        var blocked = blocks.Split(' ');
        using var client = server.Connect((request, wire, cancellation) =>
            blocked.Any(path => request.RequestUri!.AbsolutePath.StartsWith(path, StringComparison.Ordinal))
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request })
                : wire.SendAsync(request, cancellation));
        var name = $"list 100%_ü&= {Guid.NewGuid()}";
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var options = new SubmitOptions { Name = name };
        var first = (await client.SubmitTextsAsync("echo.up", ["a"], options, Cancellation)).JobId;
        await client.WaitAsync(first, Cancellation);

        Guid? second = null;
        var isFirst = true;
        await foreach (var update in client.WatchJobsAsync(new JobFilter { Name = name }, Cancellation))
        {
            Assert.True(update.IsPage || !isFirst);
            Assert.All(update.Jobs, job => Assert.Equal(name, job.Name));
            if (isFirst)
            {
                Assert.Equal((first, 1L), (Assert.Single(update.Jobs).Id, update.Total!.Value));
                second = (await client.SubmitTextsAsync("echo.up", [held], options, Cancellation)).JobId;
            }

            isFirst = false;
            if (update.Jobs.FirstOrDefault(job => job.Id == second) is not { } job) continue;
            if (job.State == JobState.Running) gate.Open();
            if (job.IsOver) break;
        }

        var services = await client.WatchServicesAsync(Cancellation).FirstAsync(Cancellation);
        Assert.True(services.IsComplete);
        Assert.Contains(services.Services, service => service is { Name: "echo", Waiting: not null });
        await Assert.ThrowsAsync<StashInvalidRequestException>(
            async () => await client.WatchJobsAsync(new JobFilter { IdPrefix = "xyz" }, Cancellation).FirstAsync(Cancellation));
    }

    [Fact]
    public void An_older_server_that_knows_no_lists_is_polled() => Assert.Throws<LiveUnsupportedException>(
        () => ListMessages.ReadJobs("""{"type":"error","message":"Unknown message type: subscribe_jobs"}"""u8));

    [Fact]
    public async Task Several_jobs_are_followed_until_the_last_has_ended()
    {
        using var client = server.Connect();
        var jobs = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var submission = await client.SubmitTextsAsync("echo.up", [$"text {i}"], cancellationToken: Cancellation);
            jobs.Add(submission.JobId);
        }

        var ends = await client.WatchAsync(jobs, Cancellation).Where(progress => progress.IsOver).ToListAsync(Cancellation);

        Assert.Equal(jobs.Order(), ends.Select(progress => progress.JobId).Order());
    }

    [Fact]
    public async Task A_watch_survives_the_death_of_the_server()
    {
        using var folder = new TempFolder();
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var own = await server.ServeAsync(folder.Path, "http://127.0.0.1:0", ("NODE_LEASE_SECONDS", "3600"));
        var url = own.Url;
        try
        {
            using var client = new StashClient(new Uri(url));
            var job = (await client.SubmitTextsAsync("echo.up", ["a", held], cancellationToken: Cancellation)).JobId;
            var last = JobState.Unknown;
            await foreach (var progress in client.WatchAsync(job, Cancellation))
            {
                last = progress.State;
                if (progress.CompletedTasks != 1 || own.HasExited) continue;
                await own.KillAsync();
                await own.DisposeAsync();
                gate.Open();
                own = await server.ServeAsync(folder.Path, url, ("NODE_LEASE_SECONDS", "3600"));
            }

            Assert.Equal(JobState.Completed, last);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_job_that_does_not_exist_is_said_at_once()
    {
        using var client = server.Connect();

        await Assert.ThrowsAsync<StashNotFoundException>(() => client.WaitAsync(Guid.NewGuid(), Cancellation));
        var job = (await client.SubmitTextsAsync("echo.up", ["a"], cancellationToken: Cancellation)).JobId;
        await Assert.ThrowsAsync<StashNotFoundException>(async () =>
            await client.WatchAsync([job, Guid.NewGuid()], Cancellation).ToListAsync(Cancellation));
    }
}
