using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Retries by a person: a fresh budget, an open job, each task once, whatever else happens meanwhile.</summary>
public abstract class RetryContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task A_failed_task_runs_again_with_a_fresh_budget()
    {
        var job = await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        await ApplyAsync(Ended(task, TaskEvent.Fail));
        Assert.NotNull((await JobAsync(job)).FinishedAt);

        var result = await Store.Control.RetryTaskAsync(task.Key, Cancellation);

        Host.Verify();
        Assert.Equal((1, new TaskChange(task.Key, 4, TaskState.Available)), (result.Retried, Assert.Single(result.Changes.Tasks)));
        var change = Assert.Single(result.Changes.Jobs);
        Assert.Equal((JobState.Failed, JobState.Running), (change.Before, change.After));
        var view = await TaskAsync(task.Key);
        Assert.Equal((TaskState.Available, 0, ErrorKind.None), (view.State, view.Attempt, view.ErrorKind));
        Assert.Equal((null, null, null, null), (view.ErrorMessage, view.StartedAt, view.FinishedAt, view.ProcessingMs));
        Assert.Null((await JobAsync(job)).FinishedAt);
        var again = await ClaimOneAsync();
        Assert.Equal((2, 1), (again.Fence, again.Attempt));
        await ApplyAsync(Done(again));
        Assert.Equal(JobState.Completed, (await JobAsync(job)).State);
    }

    [Fact]
    public async Task A_task_runs_again_with_an_edited_input_and_keeps_its_first_one()
    {
        var job = await EnqueueAsync(2);
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));
        await ApplyAsync(Done(tasks[1]));
        Assert.Null(await Store.Read.FindFirstInputAsync(tasks[0].Key, Cancellation));

        Assert.Equal(1, (await Store.Control.RetryTaskAsync(tasks[0].Key, "2"u8.ToArray(), Cancellation)).Retried);
        var again = await ClaimOneAsync();
        Assert.Equal("2"u8.ToArray(), again.Input.ToArray());
        Assert.Equal(TestJobs.Input(0), await Store.Read.FindFirstInputAsync(tasks[0].Key, Cancellation));
        Assert.Equal(0, (await Store.Control.RetryTaskAsync(tasks[0].Key, "3"u8.ToArray(), Cancellation)).Retried);
        await ApplyAsync(Ended(again, TaskEvent.Fail));
        Assert.Equal(1, (await Store.Control.RetryTaskAsync(tasks[0].Key, "4"u8.ToArray(), Cancellation)).Retried);

        Host.Verify();
        Assert.Equal("4"u8.ToArray(), (await TaskAsync(tasks[0].Key)).Input.ToArray());
        Assert.Equal(TestJobs.Input(0), await Store.Read.FindFirstInputAsync(tasks[0].Key, Cancellation));
        Assert.Equal(0, (await Store.Control.RetryTaskAsync(tasks[1].Key, "5"u8.ToArray(), Cancellation)).Retried);
        Assert.Equal(TestJobs.Input(1), (await TaskAsync(TaskKey.From(job.Key, 1))).Input.ToArray());
    }

    [Fact]
    public async Task What_is_open_completed_or_unknown_is_not_retried()
    {
        var job = await EnqueueAsync(4);
        var tasks = await ClaimAsync(3);
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.RetryLater, 60));

        for (var i = 0; i < 5; i++) Assert.Equal(0, (await Store.Control.RetryTaskAsync(TaskKey.From(job.Key, i), Cancellation)).Retried);
        Assert.Equal(0, (await Store.Control.RetryTaskAsync(TaskKey.From(4711, 0), Cancellation)).Retried);
        Assert.True((await Store.Control.RetryJobAsync(job.Key, true, Cancellation)).Changes.IsEmpty);
        Assert.True((await Store.Control.RetryJobAsync(4711, true, Cancellation)).Changes.IsEmpty);
    }

    [Theory]
    [InlineData(false, 2, 1)]
    [InlineData(true, 3, 0)]
    public async Task The_failed_tasks_of_a_job_are_retried_and_if_asked_the_cancelled_ones(
        bool withCancelled, int retried, int stayCancelled)
    {
        var job = await EnqueueAsync(4);
        var tasks = await ClaimAsync(4);
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));
        await ApplyAsync(Ended(tasks[2], TaskEvent.Abort));
        await ApplyAsync(Ended(tasks[3], TaskEvent.Fail));

        var result = await Store.Control.RetryJobAsync(job.Key, withCancelled, Cancellation);

        Assert.Equal((retried, retried), (result.Retried, result.Changes.Tasks.Count));
        Assert.Equal(new JobCounters(4, retried, 0, 0, 1, 0, stayCancelled), (await JobAsync(job)).Counters);
        Assert.Equal(0, (await Store.Control.RetryJobAsync(job.Key, withCancelled, Cancellation)).Retried);
        Assert.Equal(retried, (await ClaimAsync(10)).Count);
    }

    [Fact]
    public async Task Cancels_and_retries_count_all_tasks_also_those_that_the_upkeep_of_another_process_took_over()
    {
        const int Tasks = 3;
        var other = await OpenAnotherAsync();
        using var isOver = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var upkeep = FinishWhatWasBegunAsync(other.Maintain, isOver.Token);
        var job = await EnqueueAsync(Tasks);
        for (var round = 0; round < 100; round++)
        {
            Assert.Equal(Tasks, (await Store.Control.CancelJobAsync(job.Key, Cancellation)).Cancelled);
            Assert.Equal(Tasks, (await Store.Control.RetryJobAsync(job.Key, true, Cancellation)).Retried);
        }

        await isOver.CancelAsync();
        await upkeep;
    }

    [Fact]
    public async Task A_job_may_be_retried_while_it_runs()
    {
        var job = await EnqueueAsync(3);
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));

        Assert.Equal(1, (await Store.Control.RetryJobAsync(job.Key, false, Cancellation)).Retried);

        Assert.Equal([0, 2], (await ClaimAsync(10)).Select(task => TaskKey.OrdinalOf(task.Key)));
        Assert.Equal(JobState.Running, (await JobAsync(job)).State);
    }

    [Fact]
    public async Task A_cancelled_job_that_never_began_is_pending_again_and_keeps_its_order()
    {
        var job = await EnqueueAsync(5);
        await Store.Control.CancelJobAsync(job.Key, Cancellation);

        var result = await Store.Control.RetryJobAsync(job.Key, true, Cancellation);

        Host.Verify();
        var change = Assert.Single(result.Changes.Jobs);
        Assert.Equal((JobState.Cancelled, JobState.Pending), (change.Before, change.After));
        Assert.Equal([0, 1, 2, 3, 4], (await ClaimAsync(10)).Select(task => TaskKey.OrdinalOf(task.Key)));
    }

    [Fact]
    public async Task One_task_of_a_cancel_that_is_under_way_is_retried_and_the_others_stay_cancelled()
    {
        var job = await EnqueueAsync(8000);
        await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, 7), Cancellation);
        Host.BeginCancel(job.Key);

        var result = await Store.Control.RetryTaskAsync(TaskKey.From(job.Key, 7), Cancellation);

        Assert.Equal(1, result.Retried);
        Assert.Equal(new JobCounters(8000, 1, 0, 0, 0, 0, 7999), (await JobAsync(job)).Counters);
        Assert.True((await Store.Maintain.FinishCancelsAsync(1000, Cancellation)).IsEmpty);
        Assert.Equal([7], (await ClaimAsync(10)).Select(task => TaskKey.OrdinalOf(task.Key)));
    }

    [Theory]
    [InlineData(4999)]
    [InlineData(5000)]
    [InlineData(23_000)]
    public async Task A_large_job_is_retried_whole_in_pieces(int tasks)
    {
        var job = await EnqueueAsync(tasks);
        await Store.Control.CancelJobAsync(job.Key, Cancellation);

        var result = await Store.Control.RetryJobAsync(job.Key, true, Cancellation);

        Assert.Equal((tasks, tasks), (result.Retried, result.Changes.Tasks.Count));
        Assert.Equal(new JobCounters(tasks, tasks, 0, 0, 0, 0, 0), (await JobAsync(job)).Counters);
    }

    [Fact]
    public async Task A_retry_that_its_process_did_not_finish_is_finished_by_upkeep()
    {
        var job = await EnqueueAsync(6000);
        await Store.Control.CancelJobAsync(job.Key, Cancellation);
        var other = await OpenAnotherAsync();
        Host.BeginRetry(job.Key, 2);

        var turns = 0;
        for (; !(await other.Maintain.FinishRetriesAsync(1000, Cancellation)).IsEmpty; turns++) Host.Verify();

        Assert.Equal(6, turns);
        Assert.Equal(6000, (await JobAsync(job)).Counters.Available);
    }

    [Fact]
    public async Task A_retry_visits_each_task_once()
    {
        var job = await EnqueueAsync(3);
        foreach (var task in await ClaimAsync(3)) await ApplyAsync(Ended(task, TaskEvent.Fail));
        Host.BeginRetry(job.Key, 1);
        Assert.Single((await Store.Maintain.FinishRetriesAsync(1, Cancellation)).Tasks);
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.Fail));

        while (!(await Store.Maintain.FinishRetriesAsync(1, Cancellation)).IsEmpty) Host.Verify();

        Assert.Equal(new JobCounters(3, 2, 0, 0, 0, 1, 0), (await JobAsync(job)).Counters);
    }

    [Fact]
    public async Task A_cancel_ends_a_retry_that_is_under_way()
    {
        var job = await EnqueueAsync(10);
        foreach (var task in await ClaimAsync(9)) await ApplyAsync(Ended(task, TaskEvent.Fail));
        Host.BeginRetry(job.Key, 1);
        await Store.Maintain.FinishRetriesAsync(4, Cancellation);

        Assert.Equal(5, (await Store.Control.CancelJobAsync(job.Key, Cancellation)).Cancelled);

        Assert.True((await Store.Maintain.FinishRetriesAsync(4, Cancellation)).IsEmpty);
        Assert.Equal(new JobCounters(10, 0, 0, 0, 0, 5, 5), (await JobAsync(job)).Counters);
    }

    [Fact]
    public async Task The_outcome_of_the_claim_before_the_retry_stays_known()
    {
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        var failed = Ended(task, TaskEvent.Fail);
        await ApplyAsync(failed);
        await Store.Control.RetryTaskAsync(task.Key, Cancellation);

        Assert.Equal(ApplyStatus.AlreadyApplied, await ApplyAsync(failed));
        await ClaimOneAsync();
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(failed));
    }

    [Fact]
    public async Task Retries_amid_claims_and_failures_lose_no_task()
    {
        var job = await EnqueueAsync(3000, TestJobs.Job with { MaxParallel = 64 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var other = await OpenAnotherAsync();
        var begun = new TaskCompletionSource();
        var work = Task.Run(
            async () =>
            {
                for (var round = 0; !stop.IsCancellationRequested; round++)
                {
                    var batch = await Store.Work.ClaimAsync(Node, 64, 0, [TestJobs.Service], Cancellation);
                    await Store.Work.ApplyAsync(Node, [.. batch.Tasks.Select(task => Ended(task, TaskEvent.Fail))], Cancellation);
                    if (round == 10) begun.SetResult();
                }
            },
            Cancellation);
        await begun.Task;

        var retried = 0;
        for (var i = 0; i < 10; i++) retried += (await other.Control.RetryJobAsync(job.Key, false, Cancellation)).Retried;
        await stop.CancelAsync();
        await work;

        Assert.True(retried > 0);
        var counters = (await JobAsync(job)).Counters;
        Assert.Equal((3000, 0), (counters.Failed + counters.Available, counters.Running));
    }

    private static async Task FinishWhatWasBegunAsync(IMaintain maintain, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await maintain.FinishCancelsAsync(1, CancellationToken.None);
            await maintain.FinishRetriesAsync(1, CancellationToken.None);
        }
    }
}
