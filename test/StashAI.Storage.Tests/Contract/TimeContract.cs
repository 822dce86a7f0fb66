using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Jobs that start later, and jobs that must be over by a time.</summary>
public abstract class TimeContract(IStoreHost host) : StoreContract(host)
{
    private NewJob Later => TestJobs.Job with { StartAt = Clock.GetUtcNow().AddSeconds(10) };

    private NewJob Limited => TestJobs.Job with { Deadline = Clock.GetUtcNow().AddSeconds(10) };

    [Fact]
    public async Task A_job_that_starts_later_is_scheduled_until_then()
    {
        var job = await EnqueueAsync(3, Later);
        var start = Clock.GetUtcNow().AddSeconds(10);

        var view = await JobAsync(job);
        Assert.Equal((JobState.Pending, true, start), (view.State, view.StartsLater, view.StartAt));
        Assert.Equal(new JobCounters(3, 0, 3, 0, 0, 0, 0), view.Counters);
        Assert.Equal(new QueueTotals(0, 3, 0, 0, 0, 0), await Store.Read.ReadTotalsAsync(Cancellation));
        var task = (await Store.Read.ListTasksAsync(job.Key, 0, 10, false, Cancellation))[2];
        Assert.Equal((TaskState.Scheduled, start), (task.State, task.DueAt));
        Assert.Equal(TaskState.Scheduled, (await Store.Read.ReadVersionsAsync([], [task.Key], Cancellation)).Tasks[0].State);
        Assert.Empty(await ClaimAsync(10));
        Clock.Advance(TimeSpan.FromSeconds(9.999));
        var (early, next) = await Store.Maintain.PromoteAsync(10, Cancellation);
        Assert.Equal((true, start), (early.IsEmpty, next));

        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var (changes, later) = await Store.Maintain.PromoteAsync(10, Cancellation);

        Host.Verify();
        Assert.Equal((job.JobId, 0, null), (Assert.Single(changes.Jobs).JobId, changes.Tasks.Count, later));
        view = await JobAsync(job);
        Assert.Equal((JobState.Pending, false, new JobCounters(3, 3, 0, 0, 0, 0, 0)), (view.State, view.StartsLater, view.Counters));
        Assert.Equal([0, 1, 2], (await ClaimAsync(10)).Select(claimed => TaskKey.OrdinalOf(claimed.Key)));
    }

    [Fact]
    public async Task Whether_a_job_starts_later_costs_the_same_for_any_number_of_tasks()
    {
        var job = await EnqueueAsync(20_000, Later);
        Clock.Advance(TimeSpan.FromSeconds(10));

        var (changes, _) = await Store.Maintain.PromoteAsync(1, Cancellation);

        Assert.Single(changes.Jobs);
        Assert.Equal(20_000, (await JobAsync(job)).Counters.Available);
    }

    [Fact]
    public async Task A_start_that_has_passed_is_at_once()
    {
        await EnqueueAsync(1, TestJobs.Job with { StartAt = Clock.GetUtcNow() });
        Assert.Single(await ClaimAsync(1));
    }

    [Fact]
    public async Task A_job_that_starts_later_is_cancelled_and_retried_like_any_other()
    {
        var job = await EnqueueAsync(3, Later);
        Assert.Equal(1, (await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, 1), Cancellation)).Cancelled);
        Host.Verify();
        Assert.Equal(1, (await Store.Control.RetryTaskAsync(TaskKey.From(job.Key, 1), Cancellation)).Retried);
        Host.Verify();
        Assert.Equal(3, (await JobAsync(job)).Counters.Scheduled);
        Assert.Equal(3, (await Store.Control.CancelJobAsync(job.Key, Cancellation)).Cancelled);
        Assert.Equal(JobState.Cancelled, (await JobAsync(job)).State);
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Store.Maintain.PromoteAsync(10, Cancellation);
        Assert.Empty(await ClaimAsync(10));

        await Store.Control.RetryJobAsync(job.Key, true, Cancellation);

        Assert.Equal(3, (await ClaimAsync(10)).Count);
    }

    [Fact]
    public async Task What_waits_when_the_deadline_passes_fails_and_what_runs_is_left_to_its_owner()
    {
        var job = await EnqueueAsync(4, Limited);
        var tasks = await ClaimAsync(2);
        Assert.Equal(Clock.GetUtcNow().AddSeconds(10), tasks[0].Job.Deadline);
        await ApplyAsync(Ended(tasks[1], TaskEvent.RetryLater, 60));
        Clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.True((await Store.Maintain.ExpireAsync(10, Cancellation)).IsEmpty);
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        var changes = await Store.Maintain.ExpireAsync(10, Cancellation);

        Host.Verify();
        Assert.Equal([1, 2, 3], changes.Tasks.Select(task => TaskKey.OrdinalOf(task.Key)));
        var view = await TaskAsync(TaskKey.From(job.Key, 3));
        Assert.Equal((TaskState.Failed, ErrorKind.DeadlineExceeded), (view.State, view.ErrorKind));
        Assert.Equal(new JobCounters(4, 0, 0, 1, 0, 3, 0), (await JobAsync(job)).Counters);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Release));
        Assert.Empty(await ClaimAsync(10));
        Assert.Single((await Store.Maintain.ExpireAsync(10, Cancellation)).Tasks);
        Assert.Equal(JobState.Failed, (await JobAsync(job)).State);
    }

    [Fact]
    public async Task Deadlines_are_kept_in_pieces_and_stop_claims_at_the_first()
    {
        var jobs = new[] { await EnqueueAsync(5, Limited), await EnqueueAsync(2, Limited), await EnqueueAsync(1) };
        Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(3, (await Store.Maintain.ExpireAsync(3, Cancellation)).Tasks.Count);
        Assert.Equal(jobs[2].Key, (await ClaimOneAsync()).Job.Key);
        Assert.Equal(3, (await Store.Maintain.ExpireAsync(3, Cancellation)).Tasks.Count);
        Assert.Single((await Store.Maintain.ExpireAsync(3, Cancellation)).Tasks);

        Assert.True((await Store.Maintain.ExpireAsync(3, Cancellation)).IsEmpty);
        foreach (var job in jobs.Take(2)) Assert.Equal(JobState.Failed, (await JobAsync(job)).State);
        Assert.Equal(JobState.Running, (await JobAsync(jobs[2])).State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_who_retries_after_the_deadline_drops_it(bool wasNoticed)
    {
        var job = await EnqueueAsync(6000, Limited);
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.Fail));
        Clock.Advance(TimeSpan.FromSeconds(10));
        if (wasNoticed) await Store.Maintain.ExpireAsync(10, Cancellation);

        var result = await Store.Control.RetryTaskAsync(TaskKey.From(job.Key, 0), Cancellation);

        Assert.Equal(1, result.Retried);
        Assert.True((await Store.Maintain.ExpireAsync(10, Cancellation)).IsEmpty);
        var view = await JobAsync(job);
        Assert.Equal((new JobCounters(6000, 1, 0, 0, 0, 5999, 0), (DateTimeOffset?)null), (view.Counters, view.Deadline));
        Assert.Single(await ClaimAsync(10));
    }
}
