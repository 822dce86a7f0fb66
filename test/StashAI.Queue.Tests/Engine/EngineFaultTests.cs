using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>A database that fails, leases that are lost: nothing is lost, and nothing is recorded twice.</summary>
public abstract class EngineFaultTests(PostgresFixture? postgres) : IAsyncLifetime
{
    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public sealed class OnSqlite() : EngineFaultTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : EngineFaultTests(postgres);

    [Theory]
    [InlineData(StoreCall.Apply, StoreFault.BeforeCommit)]
    [InlineData(StoreCall.Apply, StoreFault.AfterCommit)]
    [InlineData(StoreCall.Claim, StoreFault.BeforeCommit)]
    [InlineData(StoreCall.Promote, StoreFault.BeforeCommit)]
    [InlineData(StoreCall.Promote, StoreFault.AfterCommit)]
    public async Task A_store_that_fails_now_and_then_loses_nothing(StoreCall broken, StoreFault fault)
    {
        house.Service.Script = call => call.Try == 1 && call.JsonField("n") is "3" or "17" && call.Try == 1
            ? Reply.Status(500)
            : Reply.Json("{}");
        var store = new FaultyStore(await house.OpenStoreAsync())
        {
            Script = (call, number) => call == broken && number % 3 != 0 && number < 20 ? fault : StoreFault.None,
        };
        using var engine = await house.StartAsync(store);

        var job = await house.SubmitAsync(engine, 60);
        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal((JobState.Completed, 60), (view.State, view.Counters.Completed));
        Assert.Equal(62, house.Service.Ledger.Count);
        // The fault was met; upkeep may come to it only after the job's end.
        await store.WaitForMoreAsync(broken, Math.Max(0, 3 - store.CountOf(broken)), Cancellation);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_store_that_gives_up_calls_by_itself_ends_no_loop()
    {
        var store = new FaultyStore(await house.OpenStoreAsync())
        {
            Script = (call, number) => call is StoreCall.Claim or StoreCall.Promote or StoreCall.Rescue && number <= 2
                ? StoreFault.BeforeCommit
                : StoreFault.None,
            Error = () => new OperationCanceledException("The database gave up by itself."),
        };
        using var engine = await house.StartAsync(store);

        var job = await house.SubmitAsync(engine, 5);

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_comes_back_with_the_node()
    {
        var real = await house.OpenStoreAsync();
        var store = new FaultyStore(real)
        {
            Script = (call, number) => call == StoreCall.Claim && number == 1 ? StoreFault.AfterCommit : StoreFault.None,
        };
        EnqueuedJob job;
        using (var engine = house.Engine(store))
        {
            await engine.StartAsync(Cancellation);
            job = await house.SubmitAsync(engine, 12);
            await engine.StopAsync(Cancellation);
        }

        using var next = await house.StartAsync(real);
        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(next, job)).State);
        await next.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_node_that_cannot_renew_stops_its_calls_before_the_lease_is_over()
    {
        using var clock = new ShiftableClock();
        using var hold = new ManualResetEventSlim(true);
        using var waits = new ManualResetEventSlim();
        house.Service.Script = _ => Reply.Hang();
        var store = new FaultyStore(await house.OpenStoreAsync(clock));
        using var engine = await house.StartAsync(store, EngineHouse.Options with { Workers = 2, Lease = TimeSpan.FromMinutes(10) }, clock);
        var job = await house.SubmitAsync(engine, 2);
        await house.Service.Ledger.WaitForCallsInFlightAsync(2, Cancellation);

        // The renewal hangs, as it does on a stalled disk.
        store.BeforeRenew = () =>
        {
            waits.Set();
            hold.Wait(Cancellation);
        };
        hold.Reset();
        waits.Wait(Cancellation);
        clock.Advance(TimeSpan.FromMinutes(9.5));

        await house.Service.Ledger.WaitForDisconnectAsync(Cancellation, 2);
        Assert.False(engine.IsHealthy);
        house.Service.Script = _ => Reply.Json("{}");
        hold.Set();

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_node_whose_lease_was_taken_stops_its_calls_and_works_on_under_a_new_one()
    {
        using var clock = new ShiftableClock();
        house.Service.Script = call => call.Try == 1 ? Reply.Hang() : Reply.Json("{}");
        var store = await house.OpenStoreAsync(clock);
        using var engine = await house.StartAsync(store, null, clock);
        var other = await house.OpenStoreAsync(clock);
        var job = await house.SubmitAsync(engine, 4);
        await house.Service.Ledger.WaitForCallsInFlightAsync(4, Cancellation);

        // Somebody else ends the lease, as a rescuer with another clock would.
        other.Nodes.Leave(1);
        await other.Maintain.RescueAsync(10, Cancellation);

        await house.Service.Ledger.WaitForDisconnectAsync(Cancellation, 4);
        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        Assert.Equal(8, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public void The_end_of_an_old_claim_leaves_a_new_claim_of_the_same_task_alone()
    {
        var running = new OwnedTasks();
        var old = running.Add(7, 1);
        var current = running.Add(7, 2);

        running.Remove(7, old);

        Assert.Equal(1, running.Count);
        Assert.True(running.Cancel(7));
        Assert.True(current.IsCancelled);
        running.Remove(7, current);
        Assert.Equal(0, running.Count);
    }
}
