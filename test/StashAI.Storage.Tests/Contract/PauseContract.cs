using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Pauses: what runs goes on, nothing new begins, and people or their own end end them.</summary>
public abstract class PauseContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task A_paused_job_gives_nothing_and_what_runs_of_it_goes_on()
    {
        var job = await EnqueueAsync(3);
        var other = await EnqueueAsync(1);
        var running = (await ClaimAsync(1))[0];
        var before = (await JobAsync(job)).Version;

        var changes = await Store.Control.PauseJobAsync(job.Key, true, Cancellation);

        var view = await JobAsync(job);
        Assert.True(view.IsPaused);
        Assert.True(view.Version > before);
        Assert.Equal([new JobChange(job.Key, job.JobId, view.Version, JobState.Running, JobState.Running)], changes.Jobs);
        Assert.All(await ClaimAsync(9), task => Assert.Equal(other.Key, task.Job.Key));
        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(running)));
        Assert.Empty(await ClaimAsync(9));
        Assert.True((await Store.Control.PauseJobAsync(job.Key, true, Cancellation)).IsEmpty);

        await Store.Control.PauseJobAsync(job.Key, false, Cancellation);
        Assert.False((await JobAsync(job)).IsPaused);
        Assert.Equal(2, (await ClaimAsync(9)).Count);
    }

    [Fact]
    public async Task A_job_that_is_over_cannot_be_paused()
    {
        var job = await EnqueueAsync(1);
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.True((await Store.Control.PauseJobAsync(job.Key, true, Cancellation)).IsEmpty);
        Assert.True((await Store.Control.PauseJobAsync(77, true, Cancellation)).IsEmpty);
        Assert.False((await JobAsync(job)).IsPaused);
    }

    [Fact]
    public async Task A_pause_saves_no_credit()
    {
        var paused = await EnqueueAsync(50);
        var busy = await EnqueueAsync(100);
        await Store.Control.PauseJobAsync(paused.Key, true, Cancellation);
        await ClaimAsync(40);
        await Store.Control.PauseJobAsync(paused.Key, false, Cancellation);

        var next = await ClaimAsync(10);

        Assert.InRange(next.Count(task => task.Job.Key == busy.Key), 4, 6);
    }

    [Fact]
    public async Task A_paused_service_gives_nothing_in_any_lane_and_holds_no_other_up()
    {
        await EnqueueAsync(2);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        await Store.Control.PauseServiceAsync(TestJobs.Service, true, Cancellation);
        await Store.Control.PauseServiceAsync(TestJobs.Service, true, Cancellation);
        await EnqueueAsync(2, TestJobs.Job with { Upstream = new Uri("http://127.0.0.1:10/later") });

        Assert.Equal(["other", "other"], (await ClaimAsync(9)).Select(task => task.Job.Service));
        Assert.Equal(["echo"], (await Store.Read.ReadPausesAsync(Cancellation)).Services);

        await Store.Control.PauseServiceAsync(TestJobs.Service, false, Cancellation);
        Assert.Equal(4, (await ClaimAsync(9)).Count);
    }

    [Fact]
    public async Task When_everything_goes_on_a_service_that_was_paused_by_itself_stays_paused()
    {
        await EnqueueAsync(2);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        await Store.Control.PauseServiceAsync("other", true, Cancellation);
        await Store.Control.PauseServiceAsync(Pauses.Everything, true, Cancellation);
        Assert.Empty(await ClaimAsync(9));
        var pauses = await Store.Read.ReadPausesAsync(Cancellation);
        Assert.True(pauses.All);
        Assert.True(pauses.Includes("any"));

        await Store.Control.PauseServiceAsync(Pauses.Everything, false, Cancellation);

        Assert.Equal(["echo", "echo"], (await ClaimAsync(9)).Select(task => task.Job.Service));
    }

    [Fact]
    public async Task A_pause_of_a_job_ends_at_its_time_and_not_before()
    {
        var job = await EnqueueAsync(2);
        var forever = await EnqueueAsync(1);
        var end = Clock.GetUtcNow().AddHours(9);
        await Store.Control.PauseJobAsync(job.Key, true, end, Cancellation);
        await Store.Control.PauseJobAsync(forever.Key, true, Cancellation);
        Assert.Equal((end, null), ((await JobAsync(job)).PausedUntil, (await JobAsync(forever)).PausedUntil));

        Clock.Advance(TimeSpan.FromHours(9) - TimeSpan.FromMilliseconds(1));
        var early = await Store.Control.EndPausesAsync(9, Cancellation);
        Assert.Equal((0, 0, TimeSpan.FromMilliseconds(1)), (early.Changes.Jobs.Count, early.Services, early.Next));
        RegisterAgain();
        Assert.Empty(await ClaimAsync(9));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var before = (await JobAsync(job)).Version;
        var ended = await Store.Control.EndPausesAsync(9, Cancellation);

        var view = await JobAsync(job);
        Assert.Equal((false, null, before + 1), (view.IsPaused, view.PausedUntil, view.Version));
        Assert.Equal([new JobChange(job.Key, job.JobId, view.Version, JobState.Pending, JobState.Pending)], ended.Changes.Jobs);
        Assert.Null(ended.Next);
        Assert.All(await ClaimAsync(9), task => Assert.Equal(job.Key, task.Job.Key));
        Assert.True((await JobAsync(forever)).IsPaused);
        var timeline = await Store.Measure.ReadTimelineAsync(view, Cancellation);
        Assert.Equal([TimelineEvent.Paused, TimelineEvent.Resumed], timeline.Events.Select(one => one.Event));
    }

    [Fact]
    public async Task Pauses_of_services_and_of_everything_end_at_their_times()
    {
        await EnqueueAsync(2);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        var now = Clock.GetUtcNow();
        await Store.Control.PauseServiceAsync("other", true, now.AddHours(2), Cancellation);
        await Store.Control.PauseServiceAsync(Pauses.Everything, true, now.AddHours(1), Cancellation);
        var pauses = await Store.Read.ReadPausesAsync(Cancellation);
        Assert.Equal(
            (now.AddHours(2), now.AddHours(1), now.AddHours(1)),
            (pauses.EndOf("other"), pauses.EndOf("echo"), pauses.EndOf(Pauses.Everything)));
        Assert.Equal(TimeSpan.FromHours(1), (await Store.Control.EndPausesAsync(9, Cancellation)).Next);

        Clock.Advance(TimeSpan.FromHours(1));
        var first = await Store.Control.EndPausesAsync(9, Cancellation);
        RegisterAgain();
        Assert.Equal((1, TimeSpan.FromHours(1)), (first.Services, first.Next));
        Assert.Equal(["echo", "echo"], (await ClaimAsync(9)).Select(task => task.Job.Service));
        Clock.Advance(TimeSpan.FromHours(1));
        var second = await Store.Control.EndPausesAsync(9, Cancellation);
        RegisterAgain();
        Assert.Equal((1, null), (second.Services, second.Next));
        Assert.Contains(await ClaimAsync(9), task => task.Job.Service == "other");
        Assert.Empty((await Store.Read.ReadPausesAsync(Cancellation)).Services);
    }

    [Fact]
    public async Task Another_pause_moves_the_end_and_a_resume_takes_it_away()
    {
        var job = await EnqueueAsync(1);
        var (soon, late) = (Clock.GetUtcNow().AddHours(1), Clock.GetUtcNow().AddHours(3));
        await Store.Control.PauseJobAsync(job.Key, true, Cancellation);
        await Store.Control.PauseServiceAsync(TestJobs.Service, true, Cancellation);
        foreach (var end in (DateTimeOffset?[])[soon, late, null, soon])
        {
            Assert.Single((await Store.Control.PauseJobAsync(job.Key, true, end, Cancellation)).Jobs);
            Assert.True((await Store.Control.PauseJobAsync(job.Key, true, end, Cancellation)).IsEmpty);
            await Store.Control.PauseServiceAsync(TestJobs.Service, true, end, Cancellation);
            Assert.Equal(end, (await JobAsync(job)).PausedUntil);
            Assert.Equal(end, (await Store.Read.ReadPausesAsync(Cancellation)).EndOf(TestJobs.Service));
        }

        await Store.Control.PauseJobAsync(job.Key, false, Cancellation);
        await Store.Control.PauseServiceAsync(TestJobs.Service, false, Cancellation);
        Assert.Null((await JobAsync(job)).PausedUntil);
        Clock.Advance(TimeSpan.FromHours(2));
        var ended = await Store.Control.EndPausesAsync(9, Cancellation);
        Assert.Equal((0, 0, null), (ended.Changes.Jobs.Count, ended.Services, ended.Next));
    }

    [Fact]
    public async Task The_pause_of_a_job_that_was_cancelled_meanwhile_ends_too()
    {
        var job = await EnqueueAsync(1);
        await Store.Control.PauseJobAsync(job.Key, true, Clock.GetUtcNow().AddHours(1), Cancellation);
        await Store.Control.CancelJobAsync(job.Key, Cancellation);

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null((await Store.Control.EndPausesAsync(9, Cancellation)).Next);

        await Store.Control.RetryJobAsync(job.Key, true, Cancellation);
        RegisterAgain();
        Assert.Single(await ClaimAsync(9));
    }

    [Fact]
    public async Task Ends_hold_over_restarts_and_whichever_process_comes_first_ends_them_once()
    {
        var end = Clock.GetUtcNow().AddHours(1);
        var jobs = new List<EnqueuedJob>();
        for (var i = 0; i < 3; i++) jobs.Add(await EnqueueAsync(1));
        await using (var earlier = await Host.OpenAsync(Clock, Cancellation))
        {
            foreach (var job in jobs) await earlier.Control.PauseJobAsync(job.Key, true, end, Cancellation);
            await earlier.Control.PauseServiceAsync("other", true, end, Cancellation);
        }

        var later = await OpenAnotherAsync();
        Assert.Equal(end, (await later.Read.ReadPausesAsync(Cancellation)).EndOf("other"));
        Clock.Advance(TimeSpan.FromHours(1));
        var first = await later.Control.EndPausesAsync(2, Cancellation);
        var second = await Store.Control.EndPausesAsync(9, Cancellation);

        Assert.Equal((2, 1), (first.Changes.Jobs.Count, first.Services));
        Assert.True(first.Next <= TimeSpan.Zero);
        Assert.Equal((1, 0, null), (second.Changes.Jobs.Count, second.Services, second.Next));
    }

    [Fact]
    public async Task Pauses_hold_for_every_process_and_outlive_them()
    {
        var job = await EnqueueAsync(2);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        await using (var earlier = await Host.OpenAsync(Clock, Cancellation))
        {
            await earlier.Control.PauseJobAsync(job.Key, true, Cancellation);
            await earlier.Control.PauseServiceAsync("other", true, Cancellation);
        }

        var later = await OpenAnotherAsync();

        Assert.Empty(await ClaimAsync(9, later.Nodes.Register("later", Lease), later));
        Assert.Empty(await ClaimAsync(9));
    }
}
