using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Cancels: at once for what waits, through the owner for what runs (S9).</summary>
public abstract class CancelContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task A_waiting_task_is_cancelled_at_once()
    {
        var job = await EnqueueAsync(2);

        var result = await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, 1), Cancellation);

        Assert.Equal((1, 0), (result.Cancelled, result.AbortRequested.Count));
        Assert.Equal([new TaskChange(TaskKey.From(job.Key, 1), 2, TaskState.Cancelled)], result.Changes.Tasks);
        var view = await TaskAsync(TaskKey.From(job.Key, 1));
        Assert.Equal((TaskState.Cancelled, ErrorKind.Cancelled, Clock.GetUtcNow()), (view.State, view.ErrorKind, view.FinishedAt));
        Assert.Equal(JobState.Pending, (await JobAsync(job)).State);
        Assert.Equal(0, (await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, 1), Cancellation)).Cancelled);
        Assert.Equal([0], (await ClaimAsync(10)).Select(task => TaskKey.OrdinalOf(task.Key)));
    }

    [Fact]
    public async Task Scheduled_and_released_tasks_are_cancelled_too()
    {
        var job = await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        await ApplyAsync(Ended(tasks[0], TaskEvent.RetryLater, 60));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Release));
        foreach (var task in tasks.Take(2)) Assert.Equal(1, (await Store.Control.CancelTaskAsync(task.Key, Cancellation)).Cancelled);
        Host.Verify();
        Clock.Advance(TimeSpan.FromSeconds(20));
        Store.Nodes.Renew(Node, Lease);
        Clock.Advance(TimeSpan.FromSeconds(29));
        Store.Nodes.Renew(Node, Lease);
        Clock.Advance(TimeSpan.FromSeconds(29));

        Assert.True((await Store.Maintain.PromoteAsync(10, Cancellation)).Changes.IsEmpty);
        Assert.Empty(await ClaimAsync(10));
        await ApplyAsync(Done(tasks[2]));
        Assert.Equal(JobState.Partial, (await JobAsync(job)).State);
    }

    [Theory]
    [InlineData(TaskEvent.Abort, TaskState.Cancelled)]
    [InlineData(TaskEvent.RetryLater, TaskState.Cancelled)]
    [InlineData(TaskEvent.Throttle, TaskState.Cancelled)]
    [InlineData(TaskEvent.Release, TaskState.Cancelled)]
    [InlineData(TaskEvent.Fail, TaskState.Failed)]
    [InlineData(TaskEvent.Succeed, TaskState.Completed)]
    public async Task A_running_task_is_flagged_for_its_owner_and_ends_as_its_call_does(TaskEvent how, TaskState expected)
    {
        await EnqueueAsync(2);
        var task = await ClaimOneAsync();

        var result = await Store.Control.CancelTaskAsync(task.Key, Cancellation);
        Assert.Equal((0, task.Key), (result.Cancelled, Assert.Single(result.AbortRequested)));
        Assert.True((await TaskAsync(task.Key)).CancelRequested);
        Assert.Equal([task.Key], Store.Nodes.Renew(Node, Lease).CancelRequested);
        Assert.Empty((await Store.Control.CancelTaskAsync(task.Key, Cancellation)).AbortRequested);
        await ApplyAsync(Ended(task, how, 5));

        var view = await TaskAsync(task.Key);
        Assert.Equal((expected, false), (view.State, view.CancelRequested));
        Assert.Empty(Store.Nodes.Renew(Node, Lease).CancelRequested);
        // A throttle answered to a cancelled task must not leave the lane open by accident or the task scheduled.
        Assert.Null(view.DueAt);
    }

    [Fact]
    public async Task A_flagged_task_whose_node_is_lost_is_cancelled()
    {
        var job = await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        await Store.Control.CancelTaskAsync(task.Key, Cancellation);
        Clock.Advance(Lease);

        await Store.Maintain.RescueAsync(10, Cancellation);

        var view = await TaskAsync(task.Key);
        Assert.Equal((TaskState.Cancelled, ErrorKind.Cancelled, false), (view.State, view.ErrorKind, view.CancelRequested));
        Assert.Equal(JobState.Cancelled, (await JobAsync(job)).State);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4999)]
    [InlineData(5000)]
    [InlineData(12_000)]
    public async Task A_job_is_cancelled_whole(int tasks)
    {
        var other = await EnqueueAsync(3);
        var job = await EnqueueAsync(tasks, TestJobs.Job with { Priority = 9 });
        var running = await ClaimAsync(2);
        await ApplyAsync(Ended(running[0], TaskEvent.RetryLater, 60));

        var result = await Store.Control.CancelJobAsync(job.Key, Cancellation);

        Assert.Equal((tasks - 1, running[1].Key), (result.Cancelled, Assert.Single(result.AbortRequested)));
        var change = Assert.Single(result.Changes.Jobs);
        Assert.Equal((JobState.Running, JobState.Running), (change.Before, change.After));
        Assert.Equal(tasks, result.Changes.Tasks.Count);
        Assert.All(await ClaimAsync(10), task => Assert.Equal(other.Key, task.Job.Key));
        await ApplyAsync(Ended(running[1], TaskEvent.Abort));
        Assert.Equal(JobState.Cancelled, (await JobAsync(job)).State);
        Assert.Equal(0, (await Store.Control.CancelJobAsync(job.Key, Cancellation)).Cancelled);
    }

    [Fact]
    public async Task A_job_that_never_began_closes_by_its_cancel()
    {
        var job = await EnqueueAsync(6000);

        var result = await Store.Control.CancelJobAsync(job.Key, Cancellation);

        var change = Assert.Single(result.Changes.Jobs);
        Assert.Equal((JobState.Pending, JobState.Cancelled), (change.Before, change.After));
        var view = await JobAsync(job);
        Assert.Equal((change.Version, JobState.Cancelled, (DateTimeOffset?)null), (view.Version, view.State, view.StartedAt));
    }

    [Fact]
    public async Task A_cancel_that_its_process_did_not_finish_is_finished_by_upkeep()
    {
        var job = await EnqueueAsync(6000);
        var other = await OpenAnotherAsync();
        Host.BeginCancel(job.Key);
        Assert.Empty(await ClaimAsync(10));

        for (var i = 0; i < 10 && (await JobAsync(job)).State != JobState.Cancelled; i++)
        {
            await other.Maintain.FinishCancelsAsync(1000, Cancellation);
        }

        Assert.Equal(new JobCounters(6000, 0, 0, 0, 0, 0, 6000), (await JobAsync(job)).Counters);
    }

    [Fact]
    public async Task What_is_over_or_unknown_cannot_be_cancelled()
    {
        var job = await EnqueueAsync(1);
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal(0, (await Store.Control.CancelJobAsync(job.Key, Cancellation)).Cancelled);
        Assert.Equal(0, (await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, 0), Cancellation)).Cancelled);
        Assert.Equal(0, (await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, 5), Cancellation)).Cancelled);
        Assert.Equal(0, (await Store.Control.CancelJobAsync(4711, Cancellation)).Cancelled);
        Assert.Equal(JobState.Completed, (await JobAsync(job)).State);
    }

    [Fact]
    public async Task A_cancel_amid_claims_and_results_loses_no_task()
    {
        var job = await EnqueueAsync(7000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var begun = new TaskCompletionSource();
        var work = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var batch = await Store.Work.ClaimAsync(Node, 16, 0, [TestJobs.Service], Cancellation);
                    await Store.Work.ApplyAsync(Node, [.. batch.Tasks.Select(task => Done(task))], Cancellation);
                    begun.TrySetResult();
                }
            },
            Cancellation);
        await begun.Task;

        var result = await Store.Control.CancelJobAsync(job.Key, Cancellation);
        await stop.CancelAsync();
        await work;

        var counters = (await JobAsync(job)).Counters;
        Assert.Equal((7000, 0, result.Cancelled), (counters.Completed + counters.Cancelled, counters.Open, counters.Cancelled));
        Assert.Equal(JobState.Partial, (await JobAsync(job)).State);
    }
}
