using System.Text;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Outcomes: each recorded once, by the holder of the fence alone, as the state machine says (S4, S12).</summary>
public abstract class OutcomeContract(IStoreHost host) : StoreContract(host)
{
    [Theory]
    [InlineData(TaskEvent.Succeed)]
    [InlineData(TaskEvent.RetryLater)]
    [InlineData(TaskEvent.Throttle)]
    [InlineData(TaskEvent.Fail)]
    [InlineData(TaskEvent.Release)]
    [InlineData(TaskEvent.Abort)]
    public async Task An_outcome_moves_its_task_as_the_state_machine_says(TaskEvent how)
    {
        var job = await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        var before = await JobAsync(job);

        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Ended(task, how, delaySeconds: 9)));

        var transition = TaskStateMachine.Find(TaskState.Running, how)!;
        var view = await TaskAsync(task.Key);
        Assert.Equal(transition.To, view.State);
        Assert.Equal(transition.Effect.HasFlag(TaskEffect.GiveAttemptBack) ? 0 : 1, view.Attempt);
        Assert.Equal(transition.To == TaskState.Scheduled ? Clock.GetUtcNow().AddSeconds(9) : null, view.DueAt);
        Assert.Equal(TaskStateMachine.IsTerminal(transition.To) ? Clock.GetUtcNow() : null, view.FinishedAt);
        Assert.Equal(task.Version + 1, view.Version);
        Assert.True((await JobAsync(job)).Version > before.Version);
        Assert.Equal(how is TaskEvent.Succeed or TaskEvent.Release ? [] : [(1, 1, (int)how)], Host.Attempts(task.Key));
    }

    [Theory]
    [InlineData(TaskEvent.Succeed)]
    [InlineData(TaskEvent.RetryLater)]
    [InlineData(TaskEvent.Throttle)]
    [InlineData(TaskEvent.Fail)]
    [InlineData(TaskEvent.Release)]
    [InlineData(TaskEvent.Abort)]
    public async Task An_outcome_that_is_repeated_changes_nothing(TaskEvent how)
    {
        var job = await EnqueueAsync(2);
        var task = await ClaimOneAsync();
        var result = Ended(task, how, delaySeconds: 9);
        await ApplyAsync(result);
        var before = (await TaskAsync(task.Key), await JobAsync(job));

        var again = await Store.Work.ApplyAsync(Node, [result, Ended(task, TaskEvent.Fail), Done(task)], Cancellation);

        Assert.Equal([ApplyStatus.AlreadyApplied, ApplyStatus.AlreadyApplied, ApplyStatus.AlreadyApplied], again.Statuses);
        Assert.True(again.Changes.IsEmpty);
        Assert.Equal((before.Item1.Version, before.Item2.Version), ((await TaskAsync(task.Key)).Version, (await JobAsync(job)).Version));
    }

    [Fact]
    public async Task Twice_in_one_batch_counts_once()
    {
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();

        var applied = await Store.Work.ApplyAsync(Node, [Done(task), Done(task), Ended(task, TaskEvent.Fail)], Cancellation);

        Assert.Equal([ApplyStatus.Applied, ApplyStatus.AlreadyApplied, ApplyStatus.AlreadyApplied], applied.Statuses);
    }

    [Fact]
    public async Task Another_nodes_claim_cannot_be_recorded()
    {
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        var stranger = Store.Nodes.Register("second", Lease);

        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(task), stranger));
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Ended(task, TaskEvent.Fail), stranger));
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(task with { Key = TaskKey.From(77, 0) })));
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(task with { Fence = 2 })));
        Assert.Equal(TaskState.Running, (await TaskAsync(task.Key)).State);
    }

    [Fact]
    public async Task An_old_claim_of_the_same_node_is_stale_once_the_task_was_claimed_again()
    {
        await EnqueueAsync(1);
        var old = await ClaimOneAsync();
        await ApplyAsync(Ended(old, TaskEvent.Release));
        var current = await ClaimOneAsync();

        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(old)));
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Ended(old, TaskEvent.Release)));
        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(current)));
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(old)));
    }

    [Fact]
    public async Task A_success_keeps_its_answer_and_its_time()
    {
        var job = await EnqueueAsync(2);
        foreach (var task in await ClaimAsync(2)) await ApplyAsync(Done(task, """{"name": "Ann"}"""));

        var view = await JobAsync(job);
        Assert.Equal((JobState.Completed, 100.0, 100.0), (view.State, view.Counters.ProgressPercentage, view.Counters.ProcessedPercentage));
        Assert.Equal((TimeSpan.FromMilliseconds(25), Clock.GetUtcNow()), (view.ProcessingTime, view.FinishedAt));
        var first = await TaskAsync(TaskKey.From(job.Key, 0), withOutput: true);
        Assert.Equal(
            ("""{"name": "Ann"}""", 12.5, ErrorKind.None),
            (Encoding.UTF8.GetString(first.Output.Span), first.ProcessingMs, first.ErrorKind));
        Assert.True((await TaskAsync(TaskKey.From(job.Key, 0))).Output.IsEmpty);
    }

    [Fact]
    public async Task A_success_after_a_failure_leaves_no_error_behind()
    {
        await EnqueueAsync(1);
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.RetryLater));
        await Store.Maintain.PromoteAsync(10, Cancellation);
        var task = await ClaimOneAsync();
        await ApplyAsync(Done(task));

        var view = await TaskAsync(task.Key);
        Assert.Equal((TaskState.Completed, ErrorKind.None, null, 2), (view.State, view.ErrorKind, view.ErrorMessage, view.Attempt));
        Assert.Equal([(1, 1, (int)TaskEvent.RetryLater)], Host.Attempts(task.Key));
    }

    [Theory]
    [InlineData(3, 0, 0, JobState.Completed)]
    [InlineData(2, 1, 0, JobState.Partial)]
    [InlineData(2, 0, 1, JobState.Partial)]
    [InlineData(0, 3, 0, JobState.Failed)]
    [InlineData(0, 2, 1, JobState.Cancelled)]
    [InlineData(0, 0, 3, JobState.Cancelled)]
    public async Task A_job_closes_with_its_last_task_in_the_state_its_counters_mean(int done, int failed, int cancelled, JobState expected)
    {
        var job = await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(JobState.Running, (await JobAsync(job)).State);
            await ApplyAsync(i < done ? Done(tasks[i]) : Ended(tasks[i], i < done + failed ? TaskEvent.Fail : TaskEvent.Abort));
        }

        var view = await JobAsync(job);
        Assert.Equal((expected, new JobCounters(3, 0, 0, 0, done, failed, cancelled)), (view.State, view.Counters));
    }

    [Fact]
    public async Task A_retry_waits_for_its_time_and_not_longer()
    {
        await EnqueueAsync(1);
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.RetryLater, delaySeconds: 10));

        Clock.Advance(TimeSpan.FromSeconds(9.999));
        var (early, due) = await Store.Maintain.PromoteAsync(10, Cancellation);
        Assert.True(early.IsEmpty);
        Assert.Equal(Clock.GetUtcNow().AddMilliseconds(1), due);
        Assert.Empty(await ClaimAsync(1));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var (changes, next) = await Store.Maintain.PromoteAsync(10, Cancellation);

        Assert.Equal(TaskState.Available, Assert.Single(changes.Tasks).State);
        Assert.Single(changes.Jobs);
        Assert.Null(next);
        Assert.Equal((2, 2), ((await ClaimOneAsync()) is var task ? (task.Fence, task.Attempt) : default));
    }

    [Fact]
    public async Task Promotion_is_bounded_and_says_when_to_come_again()
    {
        await EnqueueAsync(5);
        foreach (var task in await ClaimAsync(5)) await ApplyAsync(Ended(task, TaskEvent.RetryLater, TaskKey.OrdinalOf(task.Key)));
        Clock.Advance(TimeSpan.FromSeconds(3));

        var (first, due) = await Store.Maintain.PromoteAsync(3, Cancellation);
        Assert.Equal(3, first.Tasks.Count);
        Assert.Equal(Clock.GetUtcNow(), due);
        var (second, later) = await Store.Maintain.PromoteAsync(3, Cancellation);

        Assert.Single(second.Tasks);
        Assert.Equal(Clock.GetUtcNow().AddSeconds(1), later);
    }

    [Fact]
    public async Task A_throttled_call_blocks_its_lane_and_costs_no_attempt()
    {
        var job = await EnqueueAsync(3);
        await EnqueueAsync(1, TestJobs.Job with { Service = "other" });
        var task = (await ClaimAsync(1))[0];
        await ApplyAsync(Ended(task, TaskEvent.Throttle, delaySeconds: 20) with { ErrorKind = ErrorKind.Throttled });

        Assert.Equal(["other"], (await ClaimAsync(10)).Select(claimed => claimed.Job.Service));
        Clock.Advance(TimeSpan.FromSeconds(20));
        await Store.Maintain.PromoteAsync(10, Cancellation);

        var again = await ClaimAsync(10);
        Assert.Equal([0, 1, 2], again.Select(claimed => TaskKey.OrdinalOf(claimed.Key)));
        Assert.Equal((2, 1), (again[0].Fence, again[0].Attempt));
        Assert.Equal(3, (await JobAsync(job)).Counters.Running);
    }

    [Fact]
    public async Task A_shorter_throttle_does_not_open_a_lane_earlier()
    {
        await EnqueueAsync(3);
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Throttle, delaySeconds: 20));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Throttle, delaySeconds: 1));
        Clock.Advance(TimeSpan.FromSeconds(5));
        await Store.Maintain.PromoteAsync(10, Cancellation);

        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_task_that_is_throttled_again_waits_as_long_as_it_has_been_so_far()
    {
        await EnqueueAsync(1);
        // The first delay, then the time since the first throttle, up to the limit.
        foreach (var wait in (int[])[2, 2, 4, 8, 16, 30, 30])
        {
            var task = await ClaimOneAsync();
            await ApplyAsync(Ended(task, TaskEvent.Throttle, delaySeconds: 2) with { GrowsUpTo = TimeSpan.FromSeconds(30) });
            Assert.Equal(Clock.GetUtcNow().AddSeconds(wait), (await TaskAsync(task.Key)).DueAt);
            await PassAsync(TimeSpan.FromSeconds(wait));
            RegisterAgain();
            await Store.Maintain.PromoteAsync(10, Cancellation);
        }

        var exact = await ClaimOneAsync();
        await ApplyAsync(Ended(exact, TaskEvent.Throttle, delaySeconds: 2));
        Assert.Equal(Clock.GetUtcNow().AddSeconds(2), (await TaskAsync(exact.Key)).DueAt);
    }

    [Fact]
    public async Task A_throttle_blocks_its_lane_as_long_as_it_says()
    {
        await EnqueueAsync(3);
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Throttle, delaySeconds: 20) with { LaneDelay = TimeSpan.Zero });
        Assert.Equal(2, TaskKey.OrdinalOf((await ClaimOneAsync()).Key));

        var other = await EnqueueAsync(1);
        await ApplyAsync(Ended(tasks[1], TaskEvent.Throttle, delaySeconds: 1) with { LaneDelay = TimeSpan.FromSeconds(5) });
        await PassAsync(TimeSpan.FromSeconds(4));
        Assert.Empty(await ClaimAsync(10));
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(TaskKey.From(other.Key, 0), (await ClaimOneAsync()).Key);
    }

    [Fact]
    public async Task Throttled_for_more_than_a_day_a_task_fails()
    {
        await EnqueueAsync(1);
        for (var hours = 0; hours <= 24; hours += 8)
        {
            var task = await ClaimOneAsync();
            await ApplyAsync(Ended(task, TaskEvent.Throttle, delaySeconds: 8 * 3600) with { ErrorKind = ErrorKind.Throttled });
            Assert.Equal(TaskState.Scheduled, (await TaskAsync(task.Key)).State);
            await PassAsync(TimeSpan.FromHours(8));
            RegisterAgain();
            await Store.Maintain.PromoteAsync(10, Cancellation);
        }

        var last = await ClaimOneAsync();
        await ApplyAsync(Ended(last, TaskEvent.Throttle, delaySeconds: 1) with { ErrorKind = ErrorKind.Throttled });

        var view = await TaskAsync(last.Key);
        Assert.Equal((TaskState.Failed, ErrorKind.Throttled), (view.State, view.ErrorKind));
    }

    [Theory]
    [InlineData(3e14)]
    [InlineData(9e14)]
    [InlineData(-1e9)]
    public async Task An_absurd_delay_neither_breaks_readers_nor_parks_the_lane_for_ever(double milliseconds)
    {
        await EnqueueAsync(2);
        var tasks = await ClaimAsync(1);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Throttle) with { Delay = TimeSpan.FromMilliseconds(milliseconds) });

        Assert.InRange((await TaskAsync(tasks[0].Key)).DueAt!.Value, Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(1));
        await Store.Maintain.PromoteAsync(10, Cancellation);
        Clock.Advance(TimeSpan.FromDays(1));
        RegisterAgain();
        await Store.Maintain.PromoteAsync(10, Cancellation);

        Assert.Equal(2, (await ClaimAsync(10)).Count);
    }

    [Fact]
    public async Task The_history_keeps_every_attempt_that_did_not_complete()
    {
        await EnqueueAsync(1);
        TaskEvent[] story = [TaskEvent.RetryLater, TaskEvent.Throttle, TaskEvent.Release, TaskEvent.RetryLater, TaskEvent.Fail];
        var key = 0L;
        foreach (var how in story)
        {
            var task = await ClaimOneAsync();
            key = task.Key;
            await ApplyAsync(Ended(task, how));
            await Store.Maintain.PromoteAsync(10, Cancellation);
        }

        Assert.Equal(
            [
                (1, 1, (int)TaskEvent.RetryLater), (2, 2, (int)TaskEvent.Throttle), (4, 2, (int)TaskEvent.RetryLater),
                (5, 3, (int)TaskEvent.Fail),
            ],
            Host.Attempts(key));
        var view = await TaskAsync(key);
        Assert.Equal(
            (TaskState.Failed, 3, "It said no.", ErrorKind.ServiceError), (view.State, view.Attempt, view.ErrorMessage, view.ErrorKind));
    }
}
