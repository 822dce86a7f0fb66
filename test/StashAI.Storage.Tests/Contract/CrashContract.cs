using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// Tasks whose process is lost again and again: suspects run alone, and one that is lost alone is poisoned (docs/adr/0010).
/// </summary>
public abstract class CrashContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task One_crash_costs_a_task_nothing()
    {
        await EnqueueAsync(3);
        var tasks = await ClaimAsync(2);

        await CrashAsync();

        Assert.All(tasks, task => Assert.Equal(1, Host.CrashesOf(task.Key)));
        Assert.Equal([(2, 1), (2, 1), (1, 1)], (await ClaimAsync(3)).Select(task => (task.Fence, task.Attempt)));
    }

    [Fact]
    public async Task What_crashed_twice_is_passed_by_and_runs_alone_on_a_node_that_holds_nothing()
    {
        await EnqueueAsync(4);
        var suspect = await MakeSuspectAsync();

        var waits = await AskAsync(isIdle: false);
        Assert.Equal((suspect, 0), (waits.Suspect, waits.Tasks.Count));
        waits = await AskAsync(isIdle: false);
        Assert.Equal((suspect, 0), (waits.Suspect, waits.Tasks.Count));

        var alone = await AskAsync(isIdle: true);
        var task = Assert.Single(alone.Tasks);
        Assert.Equal((suspect, suspect, 3, 1), (alone.Suspect, task.Key, task.Fence, task.Attempt));
        Assert.Empty((await AskAsync(isIdle: true)).Tasks);

        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(task)));
        var after = await AskAsync(isIdle: true);
        Assert.Equal((null, 3), (after.Suspect, after.Tasks.Count));
    }

    [Fact]
    public async Task One_node_lets_its_work_end_for_a_suspect_and_the_others_go_on()
    {
        await EnqueueAsync(10);
        var suspect = await MakeSuspectAsync();
        var (second, third) = (Store.Nodes.Register("second", Lease), Store.Nodes.Register("third", Lease));

        Assert.Equal(suspect, (await AskAsync(isIdle: false)).Suspect);
        Assert.Equal(2, (await ClaimAsync(2, second)).Count);
        Assert.Equal(2, (await ClaimAsync(2, third)).Count);
        Assert.Equal(suspect, Assert.Single((await AskAsync(isIdle: true)).Tasks).Key);
        Assert.Equal(2, (await ClaimAsync(2, second)).Count);
    }

    [Fact]
    public async Task A_node_that_holds_nothing_need_not_wait_for_the_one_that_called()
    {
        await EnqueueAsync(3);
        var suspect = await MakeSuspectAsync();
        var second = Store.Nodes.Register("second", Lease);
        await AskAsync(isIdle: false);

        Assert.Equal(suspect, Assert.Single((await AskAsync(isIdle: true, second)).Tasks).Key);

        var goesOn = await AskAsync(isIdle: false);
        Assert.Equal((null, 2), (goesOn.Suspect, goesOn.Tasks.Count));
    }

    [Fact]
    public async Task Two_nodes_each_run_a_suspect()
    {
        await EnqueueAsync(4);
        var suspects = await MakeSuspectsAsync(2);
        var second = Store.Nodes.Register("second", Lease);

        Assert.Equal(suspects[0], (await AskAsync(isIdle: false)).Suspect);
        Assert.Equal(suspects[1], (await AskAsync(isIdle: false, second)).Suspect);
        Assert.Equal(suspects[1], Assert.Single((await AskAsync(isIdle: true, second)).Tasks).Key);
        Assert.Equal(suspects[0], Assert.Single((await AskAsync(isIdle: true)).Tasks).Key);
    }

    [Fact]
    public async Task A_call_dies_with_its_node()
    {
        await EnqueueAsync(2);
        var suspect = await MakeSuspectAsync();
        var second = Store.Nodes.Register("second", Lease);
        Assert.Equal(suspect, (await AskAsync(isIdle: false, second)).Suspect);
        Store.Nodes.Leave(second);

        Assert.Equal(suspect, (await AskAsync(isIdle: false)).Suspect);
    }

    [Fact]
    public async Task What_is_lost_alone_is_poisoned_and_a_person_may_try_it_again()
    {
        var job = await EnqueueAsync(2);
        var suspect = await MakeSuspectAsync();
        await AskAsync(isIdle: true);

        await CrashAsync();

        var task = await TaskAsync(suspect);
        Assert.Equal((TaskState.Failed, ErrorKind.Poisoned, Quarantine.PoisonedMessage), (task.State, task.ErrorKind, task.ErrorMessage));
        Assert.Equal(
            [(1, 1, (int)TaskEvent.LoseLease), (2, 1, (int)TaskEvent.LoseLease), (3, 1, (int)TaskEvent.Poison)], Host.Attempts(suspect));
        Assert.Equal(ErrorKind.Poisoned, Assert.Single((await Store.Read.FindJobAsync(job.JobId, Cancellation))!.Errors).Kind);
        Assert.Single(await ClaimAsync(5));

        Assert.Equal(1, (await Store.Control.RetryTaskAsync(suspect, Cancellation)).Retried);
        Assert.Equal(0, Host.CrashesOf(suspect));
        Assert.Equal(suspect, (await ClaimOneAsync()).Key);
    }

    [Fact]
    public async Task A_suspect_stays_one_until_it_ends()
    {
        await EnqueueAsync(1);
        var suspect = await MakeSuspectAsync();

        await ApplyAsync(Ended((await AskAsync(isIdle: true)).Tasks[0], TaskEvent.Release));
        Assert.Equal(suspect, (await AskAsync(isIdle: false)).Suspect);
        await ApplyAsync(Ended((await AskAsync(isIdle: true)).Tasks[0], TaskEvent.RetryLater, 5));
        Assert.Null((await AskAsync(isIdle: true)).Suspect);
        Clock.Advance(TimeSpan.FromSeconds(5));
        await Store.Maintain.PromoteAsync(10, Cancellation);

        Assert.Equal(suspect, (await AskAsync(isIdle: false)).Suspect);
        Assert.Equal(1, (await Store.Control.CancelTaskAsync(suspect, Cancellation)).Cancelled);
        Assert.Null((await AskAsync(isIdle: false)).Suspect);
    }

    [Fact]
    public async Task A_suspect_that_is_cancelled_while_it_runs_and_is_lost_is_cancelled()
    {
        await EnqueueAsync(1);
        var suspect = await MakeSuspectAsync();
        await AskAsync(isIdle: true);
        await Store.Control.CancelTaskAsync(suspect, Cancellation);

        await CrashAsync();

        Assert.Equal(TaskState.Cancelled, (await TaskAsync(suspect)).State);
    }

    [Fact]
    public async Task Limits_hold_for_suspects_and_a_place_is_kept_for_one_that_a_node_called_for()
    {
        await Store.Gate.DeclareAsync([TestJobs.Manifest with { MaxRunning = 2 }], Cancellation);
        await EnqueueAsync(10);
        var suspect = await MakeSuspectAsync();
        var second = Store.Nodes.Register("second", Lease);
        Assert.Equal(suspect, (await AskAsync(isIdle: false)).Suspect);

        // One place for others, one for the suspect.
        var other = Assert.Single(await ClaimAsync(5, second));
        Assert.Empty(await ClaimAsync(5, second));
        Assert.Single((await AskAsync(isIdle: true)).Tasks);
        await ApplyAsync(Done(other), second);
        Assert.Single(await ClaimAsync(5, second));
        Assert.Empty(await ClaimAsync(5, second));
    }

    [Fact]
    public async Task A_suspect_whose_lane_is_shut_or_whose_job_is_paused_holds_nobody_up()
    {
        var job = await EnqueueAsync(2);
        var suspect = await MakeSuspectAsync();
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        await Store.Control.PauseJobAsync(job.Key, true, Cancellation);
        Assert.Single(await ClaimAsync(1));
        await Store.Control.PauseJobAsync(job.Key, false, Cancellation);
        Assert.Equal(suspect, (await AskAsync(isIdle: false)).Suspect);

        await Store.Control.PauseServiceAsync(TestJobs.Service, true, Cancellation);

        Assert.Single(await ClaimAsync(5));
    }

    [Fact]
    public async Task Jobs_of_suspects_alone_do_not_stand_before_others()
    {
        for (var i = 0; i < 6; i++) await EnqueueAsync(1, TestJobs.Job with { Priority = 9 });
        var suspects = await MakeSuspectsAsync(6);
        var last = await EnqueueAsync(1, TestJobs.Job with { Priority = 1 });
        var second = Store.Nodes.Register("second", Lease);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(suspects[i], (await AskAsync(isIdle: false, Store.Nodes.Register($"n{i}", Lease))).Suspect);
        }

        Assert.Equal(last.Key, Assert.Single(await ClaimAsync(1, second)).Job.Key);
    }

    [Fact]
    public async Task What_a_leaving_node_held_is_no_crash()
    {
        await EnqueueAsync(2);
        var tasks = await ClaimAsync(2);
        Store.Nodes.Leave(Node);

        Assert.Equal(2, (await Store.Maintain.RescueAsync(10, RescueScope.Proven, Cancellation)).Tasks.Count);

        Assert.All(tasks, task => Assert.Equal(0, Host.CrashesOf(task.Key)));
        Assert.All(tasks, task => Assert.Empty(Host.Attempts(task.Key)));
    }

    [Fact]
    public async Task A_node_that_comes_back_takes_the_blame_from_what_it_held()
    {
        await EnqueueAsync(2);
        var task = await ClaimOneAsync();
        var back = Store.Nodes.Register("back", Lease, null, Node);
        Assert.True((await Store.Maintain.RescueAsync(10, Cancellation)).IsEmpty);
        Clock.Advance(Lease);

        Assert.Single((await Store.Maintain.RescueAsync(10, RescueScope.Proven, Cancellation)).Tasks);

        Assert.Equal(0, Host.CrashesOf(task.Key));
        Assert.False(Store.Nodes.Renew(back, Lease).Alive);
    }

    [Fact]
    public async Task Who_had_a_gap_rescues_only_what_is_proven()
    {
        await EnqueueAsync(2);
        await ClaimAsync(2);
        Clock.Advance(Lease);

        Assert.True((await Store.Maintain.RescueAsync(10, RescueScope.Proven, Cancellation)).IsEmpty);
        Assert.Equal(2, (await Store.Maintain.RescueAsync(10, RescueScope.Expired, Cancellation)).Tasks.Count);
    }

    [Fact]
    public async Task What_a_node_does_not_know_that_it_holds_goes_back_without_blame()
    {
        await EnqueueAsync(6);
        var known = await ClaimAsync(2);
        var lost = await ClaimAsync(3);
        var again = await ApplyAsync(Ended(known[1], TaskEvent.Release));
        var newer = await ClaimOneAsync();
        Assert.Equal((ApplyStatus.Applied, known[1].Key), (again, newer.Key));

        // The claim that is known of the second task is an older one than the node has.
        var changes = await Store.Work.ReleaseUnknownAsync(Node, known.Select(task => (task.Key, task.Fence)).ToHashSet(), Cancellation);
        Host.Verify();

        Assert.Equal(lost.Select(task => task.Key).Append(newer.Key).Order(), changes.Tasks.Select(task => task.Key).Order());
        Assert.All(changes.Tasks, task => Assert.Equal((TaskState.Available, 0), (task.State, Host.CrashesOf(task.Key))));
        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(known[0])));
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(newer)));
    }

    [Fact]
    public async Task An_outcome_that_the_database_refuses_is_told_apart_from_one_that_cannot_be_recorded_now()
    {
        await EnqueueAsync(2);
        var tasks = await ClaimAsync(2);
        using (Host.BreakResult(tasks[1].Key))
        {
            var error = await Assert.ThrowsAsync<OutcomeRefusedException>(
                () => Store.Work.ApplyAsync(Node, [Done(tasks[0]), Done(tasks[1])], Cancellation));
            Assert.Contains("refused by a test", error.Message, StringComparison.Ordinal);
            Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(tasks[0])));
        }

        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(tasks[1])));
    }

    /// <summary>The node is lost and another takes its place.</summary>
    private async Task CrashAsync()
    {
        Clock.Advance(Lease);
        await Store.Maintain.RescueAsync(100, Cancellation);
        Host.Verify();
        RegisterAgain();
    }

    private async Task<long> MakeSuspectAsync() => (await MakeSuspectsAsync(1))[0];

    /// <summary>Claims as many tasks and is lost with them, twice.</summary>
    private async Task<List<long>> MakeSuspectsAsync(int count)
    {
        await ClaimAsync(count);
        await CrashAsync();
        var keys = (await ClaimAsync(count)).Select(task => task.Key).Order().ToList();
        await CrashAsync();
        return keys;
    }

    private async Task<ClaimedBatch> AskAsync(bool isIdle, long? node = null)
    {
        var batch = await Store.Work.ClaimAsync(
            new ClaimRequest { NodeKey = node ?? Node, Slots = 5, Services = [TestJobs.Service, "other"], IsIdle = isIdle }, Cancellation);
        Host.Verify();
        return batch;
    }
}
