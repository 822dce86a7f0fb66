using System.Security.Cryptography;
using System.Text;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract.Results;

/// <summary>Tasks that wait for a result which another one computes: who is woken, and when.</summary>
public abstract class ResultWaitContract(IStoreHost host) : ResultStoreContract(host)
{
    [Theory]
    [InlineData(TaskEvent.RetryLater)]
    [InlineData(TaskEvent.Throttle)]
    [InlineData(TaskEvent.Fail)]
    [InlineData(TaskEvent.Release)]
    [InlineData(TaskEvent.Abort)]
    public async Task After_a_failure_the_waiting_tasks_take_turns(TaskEvent how)
    {
        await EnqueueAsync(4);
        var tasks = await ClaimAsync(4);
        await AskAsync(tasks[0]);
        foreach (var task in tasks.Skip(1))
        {
            await AskAsync(task);
            await WaitAsync(task);
        }

        await ApplyAsync(Ended(tasks[0], how, delaySeconds: 5) with { ResultKey = Key });

        var woken = Assert.Single((await WakeAsync()).Tasks);
        Assert.Equal(tasks[1].Key, woken.Key);
        // The next one is woken only when this one has had its turn.
        Assert.True((await WakeAsync()).IsEmpty);
        // A throttled task blocks its lane.
        Clock.Advance(TimeSpan.FromSeconds(6));
        var heir = (await ClaimAsync(4)).Single(task => task.Key == tasks[1].Key);
        Assert.True((await WakeAsync()).IsEmpty);
        Assert.True((await AskAsync(heir)).Computes);
        await ApplyAsync(Ended(heir, TaskEvent.Fail));
        Assert.Equal(tasks[2].Key, Assert.Single((await WakeAsync()).Tasks).Key);
    }

    [Fact]
    public async Task A_task_that_was_woken_and_is_held_up_keeps_nobody_else_waiting()
    {
        await EnqueueAsync(2);
        await EnqueueAsync(1);
        var tasks = await ClaimAsync(3);
        await AskAsync(tasks[0]);
        await AskAsync(tasks[1]);
        await WaitAsync(tasks[1]);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));
        Assert.Equal(tasks[1].Key, Assert.Single((await WakeAsync()).Tasks).Key);

        Assert.True((await AskAsync(tasks[2])).Computes);
        var heir = await ClaimOneAsync();
        Assert.False((await AskAsync(heir)).Computes);
        await WaitAsync(heir);
        await CompleteAsync(tasks[2], "{}");
        Assert.Equal(heir.Key, Assert.Single((await WakeAsync()).Tasks).Key);
    }

    [Fact]
    public async Task A_waiting_task_can_be_cancelled_and_its_successor_is_woken()
    {
        await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        await AskAsync(tasks[0]);
        foreach (var task in tasks.Skip(1))
        {
            await AskAsync(task);
            await WaitAsync(task);
        }

        await Store.Control.CancelTaskAsync(tasks[1].Key, Cancellation);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));

        Assert.Equal(tasks[2].Key, Assert.Single((await WakeAsync()).Tasks).Key);
        Assert.Equal(TaskState.Cancelled, (await TaskAsync(tasks[1].Key)).State);
    }

    [Fact]
    public async Task A_task_that_is_told_to_wait_is_woken_even_if_the_result_came_before_that_was_recorded()
    {
        await EnqueueAsync(2);
        var tasks = await ClaimAsync(2);
        await AskAsync(tasks[0]);
        await AskAsync(tasks[1]);
        await CompleteAsync(tasks[0], "{}");
        Assert.True((await WakeAsync()).IsEmpty);

        await WaitAsync(tasks[1]);

        Assert.Equal(tasks[1].Key, Assert.Single((await WakeAsync()).Tasks).Key);
    }

    [Fact]
    public async Task What_a_task_waited_for_does_not_end_its_pause_after_a_failure()
    {
        await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        await AskAsync(tasks[0]);
        await AskAsync(tasks[1]);
        await WaitAsync(tasks[1]);
        await AskAsync(tasks[2]);
        await WaitAsync(tasks[2]);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));
        await WakeAsync();
        var heir = await ClaimOneAsync();
        await AskAsync(heir);
        await ApplyAsync(Ended(heir, TaskEvent.RetryLater, delaySeconds: 600));
        await WakeAsync();
        await WakeAsync();

        Assert.Equal(TaskState.Scheduled, (await TaskAsync(heir.Key)).State);
        Assert.Equal(TaskState.Available, (await TaskAsync(tasks[2].Key)).State);
    }

    [Fact]
    public async Task Many_at_once_are_woken_in_small_steps()
    {
        const int Count = 50;
        await EnqueueAsync(Count);
        var tasks = await ClaimAsync(Count);
        await AskAsync(tasks[0]);
        foreach (var task in tasks.Skip(1)) await AskAsync(task);
        await Store.Work.ApplyAsync(Node, [.. tasks.Skip(1).Select(Waiting)], Cancellation);
        await CompleteAsync(tasks[0], "{}");
        var steps = new List<int>();
        while (await Store.Results.WakeWaitersAsync(20, Cancellation) is { IsEmpty: false } changes) steps.Add(changes.Tasks.Count);

        Assert.Equal([20, 20, 9], steps);
    }

    [Theory]
    [InlineData(TaskEvent.AwaitResult)]
    [InlineData(TaskEvent.Release)]
    public async Task A_claim_that_ends_without_a_call_keeps_what_the_task_had(TaskEvent how)
    {
        await EnqueueAsync(1);
        var throttled = Ended(await ClaimOneAsync(), TaskEvent.Throttle, 1) with { ErrorKind = ErrorKind.Throttled };
        await ApplyAsync(throttled);
        for (var hours = 0; hours < 24; hours += 8)
        {
            await PassAsync(TimeSpan.FromHours(8));
            RegisterAgain();
            await Store.Maintain.PromoteAsync(10, Cancellation);
            await ApplyAsync(new AttemptResult { Task = await ClaimOneAsync(), Event = how });
            var kept = await TaskAsync(throttled.Task.Key);
            Assert.Equal((ErrorKind.Throttled, "It said no.", 3d), (kept.ErrorKind, kept.ErrorMessage, kept.ProcessingMs));
        }

        Clock.Advance(TimeSpan.FromSeconds(30));
        RegisterAgain();
        await Store.Maintain.PromoteAsync(10, Cancellation);
        await ApplyAsync(throttled with { Task = await ClaimOneAsync() });

        Assert.Equal(TaskState.Failed, (await TaskAsync(throttled.Task.Key)).State);
    }

    [Fact]
    public async Task After_a_failure_a_task_is_called_that_can_run()
    {
        await EnqueueAsync(1);
        var paused = await EnqueueAsync(1);
        var full = await EnqueueAsync(2, TestJobs.Job with { MaxParallel = 2 });
        var open = await EnqueueAsync(1);
        var tasks = await ClaimAsync(5);
        await WaitForAsync(tasks.Where(task => task.Job.Key != full.Key || TaskKey.OrdinalOf(task.Key) == 0));
        await Store.Control.PauseJobAsync(paused.Key, true, Cancellation);
        await Store.Control.ChangeJobAsync(full.Key, new JobPatch { MaxParallel = 1 }, Cancellation);

        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));

        Assert.Equal(open.Key, TaskKey.JobOf(Assert.Single((await WakeAsync()).Tasks).Key));
        // The full job comes next, and the paused one only when a person lets it.
        await ApplyAsync(Ended(Assert.Single(await ClaimAsync(1)), TaskEvent.Fail));
        Assert.Equal(full.Key, TaskKey.JobOf(Assert.Single((await WakeAsync()).Tasks).Key));
        Assert.True((await WakeAsync()).IsEmpty);
    }

    [Fact]
    public async Task A_task_that_was_called_and_can_run_no_more_is_relieved_by_one_that_can()
    {
        await EnqueueAsync(1);
        var first = await EnqueueAsync(1);
        var second = await EnqueueAsync(1);
        var tasks = await ClaimAsync(3);
        await WaitForAsync(tasks);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));
        Assert.Equal(first.Key, TaskKey.JobOf(Assert.Single((await WakeAsync()).Tasks).Key));

        await Store.Control.PauseJobAsync(first.Key, true, Cancellation);

        Assert.Equal(second.Key, TaskKey.JobOf(Assert.Single((await WakeAsync()).Tasks).Key));
        Assert.True((await WakeAsync()).IsEmpty);
        Assert.True((await AskAsync(await ClaimOneAsync())).Computes);
    }

    [Fact]
    public async Task Tasks_of_a_paused_job_are_called_when_it_goes_on()
    {
        await EnqueueAsync(1);
        var paused = await EnqueueAsync(3);
        var tasks = await ClaimAsync(4);
        await WaitForAsync(tasks);
        await Store.Control.PauseJobAsync(paused.Key, true, Cancellation);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));
        Assert.True((await WakeAsync()).IsEmpty);

        await Store.Control.PauseJobAsync(paused.Key, false, Cancellation);

        Assert.Equal(tasks[1].Key, Assert.Single((await WakeAsync()).Tasks).Key);
        Assert.True((await WakeAsync()).IsEmpty);
    }

    [Fact]
    public async Task A_refresh_that_fails_calls_one_of_its_copies_although_an_old_result_is_known()
    {
        await EnqueueAsync(1);
        var refresh = await EnqueueAsync(4, TestJobs.Job with { Cache = ResultCache.Refresh });
        var tasks = await ClaimAsync(5);
        await AskAsync(tasks[0]);
        await CompleteAsync(tasks[0], "{}");
        foreach (var task in tasks.Skip(1))
        {
            await Store.Results.AskAsync(Query(task) with { OldestJob = refresh.Key }, Cancellation);
            if (task != tasks[1]) await WaitAsync(task);
        }

        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));

        Assert.Equal(tasks[2].Key, Assert.Single((await WakeAsync()).Tasks).Key);
        Assert.True((await WakeAsync()).IsEmpty);
        var heir = await ClaimOneAsync();
        Assert.True((await Store.Results.AskAsync(Query(heir) with { OldestJob = refresh.Key }, Cancellation)).Computes);
        await CompleteAsync(heir, "{}");
        Assert.Equal(2, (await WakeAsync()).Tasks.Count);
    }

    [Fact]
    public async Task While_a_subject_is_erased_copies_that_may_name_it_are_called_one_by_one()
    {
        await EnqueueAsync(4);
        var tasks = await ClaimAsync(4);
        foreach (var task in tasks)
        {
            await Store.Results.AskAsync(Query(task) with { MayNameSubjects = true }, Cancellation);
            if (task != tasks[0]) await WaitAsync(task);
        }

        var erasure = await Store.Erasures.AddErasureAsync(Guid.NewGuid(), new ErasedSubject(["id"], ["Ann"]), null, Cancellation);
        await Store.Erasures.BeginErasingAsync(erasure.Key, [TestJobs.Service], Cancellation);
        await CompleteAsync(tasks[0], "{}");

        Assert.Single((await WakeAsync()).Tasks);
        Assert.True((await WakeAsync()).IsEmpty);
    }

    [Fact]
    public async Task Whatever_waits_is_called_at_last()
    {
        // Cancelled tasks, and those of a job that is gone, are passed by.
        await EnqueueAsync(1);
        var cancelled = await EnqueueAsync(2);
        var removed = await EnqueueAsync(1);
        var last = await EnqueueAsync(1);
        var tasks = await ClaimAsync(5);
        await WaitForAsync(tasks);
        await Store.Control.CancelJobAsync(cancelled.Key, Cancellation);
        await Store.Control.CancelJobAsync(removed.Key, Cancellation);
        await Store.Control.RemoveJobAsync(removed.Key, Cancellation);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));

        Assert.Equal(last.Key, TaskKey.JobOf(Assert.Single((await WakeAsync()).Tasks).Key));
        await CompleteAsync(await ClaimAndAskAsync(), "{}");
        Assert.True((await WakeAsync()).IsEmpty);
        Assert.Equal(0, await Store.Results.ForgetResultsAsync(null, 10, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }

        Assert.Equal(0, Host.CountRows()["result_waiters"]);
    }

    [Fact]
    public async Task The_longest_wait_for_a_result_is_not_taken_for_one_of_another_clock()
    {
        await EnqueueAsync(2);
        var tasks = await ClaimAsync(2);
        await AskAsync(tasks[0]);
        await AskAsync(tasks[1]);
        await ApplyAsync(Waiting(tasks[1]) with { Delay = WaitLimits.Result });

        await Store.Maintain.EndImpossibleWaitsAsync(new WaitLimits(TimeSpan.Zero, TimeSpan.Zero, Lease), 10, Cancellation);
        await Store.Maintain.PromoteAsync(10, Cancellation);

        Assert.Equal(TaskState.Scheduled, (await TaskAsync(tasks[1].Key)).State);
    }

    /// <summary>The first task computes, and the others wait.</summary>
    private async Task WaitForAsync(IEnumerable<ClaimedTask> tasks)
    {
        foreach (var task in tasks)
        {
            if (!(await AskAsync(task)).Computes) await WaitAsync(task);
        }
    }

    private async Task<ClaimedTask> ClaimAndAskAsync()
    {
        var task = await ClaimOneAsync();
        Assert.True((await AskAsync(task)).Computes);
        return task;
    }
}
