using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>The circuit of a lane: it parks the queue of a service that is down, for all nodes, and finds out when it is back.</summary>
public abstract class CircuitContract(IStoreHost host) : StoreContract(host)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(15);

    private static AdapterManifest Bare { get; } =
        TestJobs.Manifest with
        {
            Circuit = new CircuitSettings { Failures = 3, FirstPause = Pause, LongestPause = TimeSpan.FromSeconds(15) },
        };

    private static AdapterManifest WithHealth { get; } = Bare with { HealthPath = "/health" };

    [Fact]
    public async Task Failures_in_a_row_open_it_and_only_those_before_cost_an_attempt()
    {
        await DeclareAsync(Bare);
        await EnqueueAsync(8);
        var tasks = await ClaimAsync(5);

        var applied = await Store.Work.ApplyAsync(Node, [.. tasks.Select(task => Down(task))], Cancellation);

        Assert.Equal(
            [ApplyStatus.Applied, ApplyStatus.Applied, ApplyStatus.Parked, ApplyStatus.Parked, ApplyStatus.Parked], applied.Statuses);
        var change = Assert.Single(applied.Changes.Lanes);
        Assert.Equal((CircuitState.Closed, CircuitState.Open, Clock.GetUtcNow() + Pause), (change.Before, change.After, change.Until));
        Assert.Equal([1, 1, 0, 0, 0], await AttemptsAsync(tasks));
        Assert.Equal([(1, 1, (int)TaskEvent.Park)], Host.Attempts(tasks[4].Key));
        Assert.Equal((CircuitState.Open, Clock.GetUtcNow() + Pause), await LaneAsync());
        Host.Verify();
    }

    [Fact]
    public async Task An_answer_between_failures_keeps_it_closed()
    {
        await DeclareAsync(Bare);
        await EnqueueAsync(9);
        foreach (var task in await ClaimAsync(9))
        {
            await ApplyAsync(
                TaskKey.OrdinalOf(task.Key) % 3 == 2 ? Ended(task, TaskEvent.Fail) with { Call = new CallReport(422) } : Down(task));
        }

        Assert.Equal(CircuitState.Closed, (await LaneAsync()).State);
    }

    [Fact]
    public async Task While_it_is_open_nobody_claims_from_the_lane_and_others_go_on()
    {
        await OpenAsync(Bare);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        var store = await OpenAnotherAsync();

        Assert.All(await ClaimAsync(9, store.Nodes.Register("second", Lease), store), task => Assert.Equal("other", task.Job.Service));
        Assert.Equal(Pause, (await Store.Work.ClaimAsync(Node, 9, 9, [TestJobs.Service], Cancellation)).OpensIn);
    }

    [Fact]
    public async Task Without_a_health_path_one_task_at_a_time_tries_and_an_answer_closes_it()
    {
        await OpenAsync(Bare);
        Clock.Advance(Pause);
        var store = await OpenAnotherAsync();
        var second = store.Nodes.Register("second", Lease);

        var batch = await Store.Work.ClaimAsync(Node, 9, 9, [TestJobs.Service], Cancellation);

        var trial = Assert.Single(batch.Tasks);
        Assert.Equal(CircuitState.HalfOpen, Assert.Single(batch.Changes.Lanes).After);
        Assert.Empty(await ClaimAsync(9, second, store));
        var applied = await Store.Work.ApplyAsync(Node, [Done(trial)], Cancellation);
        Assert.Equal(CircuitState.Closed, Assert.Single(applied.Changes.Lanes).After);
        Assert.Equal(4, (await ClaimAsync(4, second, store)).Count);
    }

    [Fact]
    public async Task Each_trial_that_fails_doubles_the_pause_up_to_the_longest_and_another_task_tries_next()
    {
        await OpenAsync(Bare);
        var tried = new List<long>();
        foreach (var seconds in (int[])[10, 15, 15])
        {
            Clock.Advance((await LaneAsync()).AskedAgainAt!.Value - Clock.GetUtcNow());
            RegisterAgain();
            await Store.Maintain.PromoteAsync(100, Cancellation);
            var trial = await ClaimOneAsync();
            Assert.Equal(ApplyStatus.Parked, await ApplyAsync(Down(trial)));
            Assert.Equal((CircuitState.Open, Clock.GetUtcNow().AddSeconds(seconds)), await LaneAsync());
            Assert.Equal(trial.Attempt - 1, (await TaskAsync(trial.Key)).Attempt);
            tried.Add(trial.Key);
        }

        Assert.NotEqual(tried[0], tried[1]);
    }

    [Fact]
    public async Task A_trial_whose_process_is_lost_is_followed_by_another()
    {
        await OpenAsync(Bare);
        Clock.Advance(Pause);
        await ClaimOneAsync();
        Assert.Empty(await ClaimAsync(1));
        Clock.Advance(Lease);
        RegisterAgain();
        await Store.Maintain.RescueAsync(10, Cancellation);

        Assert.Single(await ClaimAsync(9));
    }

    [Fact]
    public async Task With_a_health_path_one_node_asks_and_no_task_does()
    {
        await OpenAsync(WithHealth);
        var store = await OpenAnotherAsync();
        Assert.Null((await ProbeAsync()).Probe);
        Clock.Advance(Pause);

        var begun = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ProbeAsync(i % 2 == 0 ? Store : store)));

        var (probe, changes) = Assert.Single(begun, answer => answer.Probe is not null);
        Assert.Equal(new Uri("http://127.0.0.1:9/health"), probe!.Address);
        Assert.Equal(CircuitState.HalfOpen, Assert.Single(changes.Lanes).After);
        Assert.Empty(await ClaimAsync(9));
        Assert.Equal(CircuitState.Closed, Assert.Single((await store.Gate.EndProbeAsync(probe, true, Cancellation)).Lanes).After);
        Assert.NotEmpty(await ClaimAsync(9));
        Assert.True((await store.Gate.EndProbeAsync(probe, false, Cancellation)).IsEmpty);
    }

    [Fact]
    public async Task After_the_health_path_said_yes_one_task_at_a_time_is_called_until_one_was_answered()
    {
        await OpenAsync(WithHealth);
        var store = await OpenAnotherAsync();
        var second = store.Nodes.Register("second", TimeSpan.FromHours(1));
        Clock.Advance(Pause);
        await Store.Gate.EndProbeAsync((await ProbeAsync()).Probe!, true, Cancellation);

        var first = Assert.Single(await ClaimAsync(9));
        Assert.Empty(await ClaimAsync(9));
        Assert.Empty(await ClaimAsync(9, second, store));
        await ApplyAsync(Down(first));
        var next = Assert.Single(await ClaimAsync(9, second, store));
        Assert.Empty(await ClaimAsync(9));

        await store.Work.ApplyAsync(second, [Done(next)], Cancellation);

        Assert.Equal(4, (await ClaimAsync(4)).Count);
        Host.Verify();
    }

    [Fact]
    public async Task A_probe_that_fails_doubles_the_pause_and_one_that_is_lost_is_taken_over()
    {
        await OpenAsync(WithHealth);
        Clock.Advance(Pause);
        var lost = (await ProbeAsync()).Probe!;
        Clock.Advance(HoldTime);
        var next = (await ProbeAsync()).Probe!;

        Assert.True((await Store.Gate.EndProbeAsync(lost, true, Cancellation)).IsEmpty);
        Assert.Equal(CircuitState.Open, Assert.Single((await Store.Gate.EndProbeAsync(next, false, Cancellation)).Lanes).After);

        Assert.Equal((CircuitState.Open, Clock.GetUtcNow().AddSeconds(10)), await LaneAsync());
    }

    [Fact]
    public async Task Answers_500_ask_the_health_path_and_open_it_only_when_that_fails()
    {
        await DeclareAsync(WithHealth);
        await EnqueueAsync(20);
        foreach (var task in await ClaimAsync(3)) Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Ended(task, TaskEvent.RetryLater)));
        Assert.Equal(CircuitState.Doubted, (await LaneAsync()).State);
        var running = await ClaimAsync(2);
        Assert.Equal(2, running.Count);
        await Store.Gate.EndProbeAsync((await ProbeAsync()).Probe!, true, Cancellation);
        Assert.Equal(CircuitState.Closed, (await LaneAsync()).State);

        foreach (var task in await ClaimAsync(3)) await ApplyAsync(Ended(task, TaskEvent.RetryLater));
        await Store.Gate.EndProbeAsync((await ProbeAsync()).Probe!, false, Cancellation);

        Assert.Equal(CircuitState.Open, (await LaneAsync()).State);
        Assert.Equal(ApplyStatus.Parked, await ApplyAsync(Ended(running[0], TaskEvent.Fail)));
    }

    [Fact]
    public async Task Without_a_health_path_500_says_nothing_of_the_service()
    {
        await DeclareAsync(Bare);
        await EnqueueAsync(9);
        foreach (var task in await ClaimAsync(9)) await ApplyAsync(Ended(task, TaskEvent.RetryLater));

        Assert.Equal(CircuitState.Closed, (await LaneAsync()).State);
    }

    [Fact]
    public async Task A_cancel_goes_before_the_circuit()
    {
        await OpenAsync(Bare, tasks: 4);
        var task = (await Store.Read.ListTasksAsync(
            (await Store.Read.ListJobsAsync(new JobFilter([], null, 1, 0), Cancellation)).Jobs[0].Key, 3, 1, false, Cancellation))[0];
        Clock.Advance(Pause);
        var trial = await ClaimOneAsync();
        Assert.Equal(task.Key, trial.Key);
        await Store.Control.CancelTaskAsync(trial.Key, Cancellation);

        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Down(trial)));

        Assert.Equal(TaskState.Cancelled, (await TaskAsync(trial.Key)).State);
        Assert.Equal(CircuitState.Open, (await LaneAsync()).State);
    }

    private static AttemptResult Down(ClaimedTask task) => Ended(task, TaskEvent.RetryLater, delaySeconds: 2) with
    {
        ErrorKind = ErrorKind.Connection,
        Call = CallReport.None,
    };

    private async Task OpenAsync(AdapterManifest manifest, int tasks = 20)
    {
        await DeclareAsync(manifest);
        await EnqueueAsync(tasks);
        foreach (var task in await ClaimAsync(3)) await ApplyAsync(Down(task));
    }

    private Task DeclareAsync(AdapterManifest manifest) => Store.Gate.DeclareAsync([manifest], Cancellation);

    private Task<(LaneProbe? Probe, ChangeSet Changes)> ProbeAsync(IQueueStore? store = null) =>
        (store ?? Store).Gate.BeginProbeAsync([TestJobs.Service], HoldTime, Cancellation);

    private async Task<(CircuitState State, DateTimeOffset? AskedAgainAt)> LaneAsync()
    {
        var lane = (await Store.Read.ListLanesAsync(Cancellation)).First(lane => lane.Service == TestJobs.Service);
        return (lane.Circuit, lane.NextProbeAt);
    }

    private async Task<IEnumerable<int>> AttemptsAsync(IReadOnlyList<ClaimedTask> tasks) =>
        (await Store.Read.FindTasksAsync([.. tasks.Select(task => task.Key)], false, Cancellation)).Select(task => task.Attempt);
}
