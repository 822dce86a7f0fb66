using System.Collections.Concurrent;
using StashAI.Queue.Engine;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Suspects, lost answers, refused outcomes and gaps, with real calls.</summary>
public sealed class EngineCrashTests : IAsyncLifetime
{
    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task A_suspect_runs_alone_however_much_else_there_is_to_do()
    {
        using var clock = new ShiftableClock();
        var store = await house.OpenStoreAsync(clock);
        var job = await CrashTwiceAsync(store, clock);
        var (alone, company) = (0L, 0L);
        house.Service.Script = call =>
        {
            if (call.JsonField("n") != "0") Interlocked.Add(ref company, Volatile.Read(ref alone));
            else Interlocked.Add(ref company, Interlocked.Exchange(ref alone, 1) + house.Service.Ledger.InFlight - 1);
            // Until its outcome is recorded nothing else is called; the first call after that is company no more.
            return Reply.Json("{}");
        };
        var faulty = new FaultyStore(store)
        {
            BeforeApply = results =>
            {
                if (results.Any(result => result.Task.Job.Key == job.Key)) Volatile.Write(ref alone, 0);
                return Task.CompletedTask;
            },
        };
        using var engine = house.Engine(faulty, EngineHouse.Options with { Workers = 4 }, clock);
        await engine.StartAsync(Cancellation);
        var flow = await house.SubmitAsync(
            engine, 200, house.Job with { Upstream = new Uri(house.Service.Url + "/echo"), Priority = 9 }, from: 1);

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, flow)).State);
        Assert.Equal(0, company);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_process_that_was_frozen_past_its_lease_begins_no_call_when_it_wakes()
    {
        var clock = new JumpingClock();
        var store = new FaultyStore(await house.OpenStoreAsync());
        store.AfterClaim = batch =>
        {
            if (batch.Tasks.Count > 0) clock.Jump(TimeSpan.FromMinutes(1));
        };
        using var engine = await house.StartAsync(store, EngineHouse.Options with { Heartbeat = TimeSpan.FromHours(1) }, clock);

        var job = await house.SubmitAsync(engine, 1);
        await store.WaitForCountAsync(StoreCall.Apply, 1, Cancellation);

        var view = await EngineHouse.WaitForAsync(engine, job, view => view.Counters is { Available: 1, Running: 0 });
        Assert.Equal(JobState.Running, view.State);
        Assert.Equal(0, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_given_back_by_the_node_itself()
    {
        var store = new FaultyStore(await house.OpenStoreAsync())
        {
            Script = (call, number) => call == StoreCall.Claim && number < 6 ? StoreFault.AfterCommit : StoreFault.None,
        };
        using var engine = await house.StartAsync(store);
        var job = await house.SubmitAsync(engine, 12);

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);

        Assert.Equal(12, house.Service.Ledger.Count);
        Assert.All(await engine.Read.ListTasksAsync(job.Key, 0, 12, false, Cancellation), task => Assert.Equal(1, task.Attempt));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task An_outcome_that_the_database_refuses_fails_its_task_alone()
    {
        var store = new FaultyStore(await house.OpenStoreAsync())
        {
            BeforeApply = results => results.Any(result => result is { Event: TaskEvent.Succeed, Task.Key: var key }
                && TaskKey.OrdinalOf(key) == 7)
                ? throw new OutcomeRefusedException("it is too long", new IOException())
                : Task.CompletedTask,
        };
        using var engine = await house.StartAsync(store);
        var job = await house.SubmitAsync(engine, 40);

        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal((JobState.Partial, 39, 1), (view.State, view.Counters.Completed, view.Counters.Failed));
        var task = (await engine.Read.FindTasksAsync([TaskKey.From(job.Key, 7)], true, Cancellation))[0];
        Assert.Equal(
            (ErrorKind.InvalidAnswer, "The outcome of the call (2 bytes of answer) cannot be stored: it is too long"),
            (task.ErrorKind, task.ErrorMessage));
        Assert.Equal(40, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_listener_that_fails_repeats_nothing_and_is_told_to_read_the_job()
    {
        var store = new FaultyStore(await house.OpenStoreAsync());
        using var engine = await house.StartAsync(store);
        var listener = new FailingListener();
        using var subscription = engine.Feed.Listen(listener);
        var job = await house.SubmitAsync(engine, 20);

        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal((JobState.Completed, 20), (view.State, view.Counters.Completed));
        await engine.StopAsync(Cancellation);
        Assert.Equal((20, 20), (house.Service.Ledger.Count, store.CountOf(StoreCall.EndCall)));
        Assert.Contains(job.Key, listener.ToRead);
    }

    [Fact]
    public async Task A_task_that_waits_for_a_slot_is_cancelled_at_once()
    {
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 1 });
        // Once a call was made the engine claims ahead.
        await EngineHouse.WaitForEndAsync(engine, await house.SubmitAsync(engine, 1));
        house.Service.Script = _ => Reply.Hang();
        var job = await house.SubmitAsync(engine, 3);
        await EngineHouse.WaitForAsync(engine, job, view => view.Counters.Running == 3);
        await house.Service.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        Assert.Single((await engine.CancelTaskAsync(TaskKey.From(job.Key, 1), Cancellation)).AbortRequested);
        await EngineHouse.WaitForAsync(engine, job, view => view.Counters.Cancelled == 1);
        await engine.CancelTaskAsync(TaskKey.From(job.Key, 2), Cancellation);
        await EngineHouse.WaitForAsync(engine, job, view => view is { Counters: { Cancelled: 2, Running: 1 } });

        Assert.Equal((2, 1), (house.Service.Ledger.Count, house.Service.Ledger.InFlight));
        await engine.CancelJobAsync(job.Key, Cancellation);
        Assert.Equal(JobState.Cancelled, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_slot_that_falls_free_finds_the_next_task_of_a_job_that_was_full()
    {
        var store = new FaultyStore(await house.OpenStoreAsync());
        var claims = 0;
        house.Service.Script = _ =>
        {
            Volatile.Write(ref claims, store.CountOf(StoreCall.Claim));
            return Reply.Json("{}");
        };
        // The freed slot's claim comes before its outcome is recorded, and finds the job full; no poll helps.
        store.BeforeApply = _ => store.WaitForCountAsync(StoreCall.Claim, Volatile.Read(ref claims) + 1, Cancellation);
        using var engine = await house.StartAsync(
            store, EngineHouse.Options with { Workers = 1, MaxAhead = 0, PollInterval = TimeSpan.FromHours(1) });
        var job = await house.SubmitAsync(engine, 4, house.Job with { MaxParallel = 1 });

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Nobody_is_rescued_by_a_guess_before_a_lease_was_held_for_its_whole_time_without_a_gap()
    {
        using var clock = new ShiftableClock();
        var store = new FaultyStore(await house.OpenStoreAsync(clock));
        var options = EngineHouse.Options with { Workers = 0, Lease = TimeSpan.FromMinutes(10) };
        using var engine = await house.StartAsync(store, options, clock);
        Assert.Equal(RescueScope.Proven, await ScopeAsync(store));

        for (var i = 0; i < 6; i++) await PassAsync(store, clock, TimeSpan.FromMinutes(2));
        Assert.Equal(RescueScope.Expired, await ScopeAsync(store));

        await PassAsync(store, clock, TimeSpan.FromMinutes(6));
        Assert.Equal(RescueScope.Proven, await ScopeAsync(store));
        for (var i = 0; i < 6; i++) await PassAsync(store, clock, TimeSpan.FromMinutes(2));
        Assert.Equal(RescueScope.Expired, await ScopeAsync(store));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_step_of_the_databases_clock_is_a_gap()
    {
        using var clock = new ShiftableClock();
        using var databaseClock = new ShiftableClock();
        var store = new FaultyStore(await house.OpenStoreAsync(databaseClock));
        var options = EngineHouse.Options with { Workers = 0, Lease = TimeSpan.FromMinutes(10) };
        using var engine = await house.StartAsync(store, options, clock);
        for (var i = 0; i < 6; i++)
        {
            databaseClock.Advance(TimeSpan.FromMinutes(2));
            await PassAsync(store, clock, TimeSpan.FromMinutes(2));
        }

        Assert.Equal(RescueScope.Expired, await ScopeAsync(store));

        databaseClock.Advance(TimeSpan.FromMinutes(4));
        await store.WaitForMoreAsync(StoreCall.Renew, 2, Cancellation);
        Assert.Equal(RescueScope.Proven, await ScopeAsync(store));
        await engine.StopAsync(Cancellation);
    }

    /// <summary>A job of one task that was lost with its process twice.</summary>
    private async Task<EnqueuedJob> CrashTwiceAsync(IQueueStore store, ShiftableClock clock)
    {
        var node = store.Nodes.Register("dies", TimeSpan.FromSeconds(30));
        var job = await store.EnqueueAsync(node, 1, house.Job, Cancellation);
        for (var i = 0; i < Quarantine.SuspectCrashes; i++)
        {
            Assert.Single((await store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation)).Tasks);
            clock.Advance(TimeSpan.FromSeconds(30));
            await store.Maintain.RescueAsync(10, Cancellation);
            node = store.Nodes.Register("dies again", TimeSpan.FromSeconds(30));
        }

        store.Nodes.Leave(node);
        return job;
    }

    /// <summary>Time passes; the lease is renewed after it.</summary>
    private static async Task PassAsync(FaultyStore store, ShiftableClock clock, TimeSpan time)
    {
        clock.Advance(time);
        await store.WaitForMoreAsync(StoreCall.Renew, 2, Cancellation);
    }

    /// <summary>What the rescuer allows itself from now on.</summary>
    private static async Task<RescueScope?> ScopeAsync(FaultyStore store)
    {
        await store.WaitForMoreAsync(StoreCall.Rescue, 2, Cancellation);
        return store.LastScope;
    }

    /// <summary>Time passes as it does, save for jumps that no timer notices, as when a process is frozen.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long jumped;

        public void Jump(TimeSpan by) => Interlocked.Add(ref jumped, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref jumped);
    }

    /// <summary>Fails at every change of a task that has ended.</summary>
    private sealed class FailingListener : IQueueListener
    {
        public ConcurrentBag<long> ToRead { get; } = [];

        public void OnChanged(ChangeSet changes)
        {
            if (changes.Tasks.Any(task => task.State == TaskState.Completed)) throw new InvalidOperationException("Broken by a test.");
        }

        public void OnChangedElsewhere(IReadOnlyList<long>? jobs)
        {
            foreach (var job in jobs ?? []) ToRead.Add(job);
        }
    }
}
