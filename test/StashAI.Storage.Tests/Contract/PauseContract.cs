using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Pauses: what runs goes on, nothing new begins, and only people end them.</summary>
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
