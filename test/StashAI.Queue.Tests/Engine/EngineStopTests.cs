using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Cancel, shutdown and restart.</summary>
public sealed class EngineStopTests : IAsyncLifetime
{
    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task Cancelling_a_job_closes_the_connections_of_its_running_calls()
    {
        house.Service.Script = _ => Reply.Hang();
        using var engine = await house.StartAsync(await house.OpenStoreAsync());
        var job = await house.SubmitAsync(engine, 50);
        await house.Service.Ledger.WaitForCallsInFlightAsync(4, Cancellation);

        await engine.CancelJobAsync(job.Key, Cancellation);

        await house.Service.Ledger.WaitForDisconnectAsync(Cancellation, 4);
        var view = await EngineHouse.WaitForEndAsync(engine, job);
        Assert.Equal((JobState.Cancelled, 50, 4), (view.State, view.Counters.Cancelled, (int)house.Service.Ledger.Count));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_cancel_sent_to_another_process_arrives_with_a_heartbeat()
    {
        house.Service.Script = _ => Reply.Hang();
        using var engine = await house.StartAsync(await house.OpenStoreAsync());
        var other = await house.OpenStoreAsync();
        var job = await house.SubmitAsync(engine, 1);
        await house.Service.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        Assert.Single((await other.Control.CancelTaskAsync(TaskKey.From(job.Key, 0), Cancellation)).AbortRequested);

        await house.Service.Ledger.WaitForDisconnectAsync(Cancellation);
        Assert.Equal(JobState.Cancelled, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Work_that_goes_on_after_a_cancel_never_runs_on_the_thread_of_the_lease()
    {
        var adapter = new ThreadNotingAdapter();
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 1 }, adapter: adapter);
        var other = await house.OpenStoreAsync();
        var job = await house.SubmitAsync(engine, 3);
        for (var i = 0; i < 3; i++)
        {
            await adapter.Begun.WaitAsync(Cancellation);
            await other.Control.CancelTaskAsync(TaskKey.From(job.Key, i), Cancellation);
        }

        await EngineHouse.WaitForEndAsync(engine, job);

        Assert.DoesNotContain("node-lease", adapter.Threads);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_graceful_stop_lets_running_calls_end_and_gives_the_rest_back()
    {
        using var gate = new Gate();
        house.Service.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var store = await house.OpenStoreAsync();
        using var engine = await house.StartAsync(store);
        var job = await house.SubmitAsync(engine, 100);
        await house.Service.Ledger.WaitForCallsInFlightAsync(4, Cancellation);

        var stop = engine.StopAsync(Cancellation);
        Assert.False(stop.IsCompleted);
        gate.Open();
        await stop;

        var counters = (await store.Read.FindJobAsync(job.JobId, Cancellation))!.Counters;
        Assert.Equal(
            (0, counters.Completed, 100), (counters.Running, (int)house.Service.Ledger.Count, counters.Completed + counters.Available));
        Assert.InRange(counters.Completed, 4, 50);
        Assert.Equal(0, house.Service.Ledger.DisconnectCount);
        Assert.True((await store.Maintain.RescueAsync(10, Cancellation)).IsEmpty);
    }

    [Fact]
    public async Task A_hard_stop_aborts_what_takes_too_long_and_costs_no_attempt()
    {
        house.Service.Script = _ => Reply.Hang();
        var store = await house.OpenStoreAsync();
        using var engine = await house.StartAsync(store, EngineHouse.Options with { DrainTimeout = TimeSpan.FromMilliseconds(20) });
        var job = await house.SubmitAsync(engine, 6);
        await house.Service.Ledger.WaitForCallsInFlightAsync(4, Cancellation);

        await engine.StopAsync(Cancellation);

        await house.Service.Ledger.WaitForDisconnectAsync(Cancellation, 4);
        var view = (await store.Read.FindJobAsync(job.JobId, Cancellation))!;
        Assert.Equal(new JobCounters(6, 6, 0, 0, 0, 0, 0), view.Counters);
        Assert.All(await store.Read.ListTasksAsync(job.Key, 0, 6, false, Cancellation), task => Assert.Equal(0, task.Attempt));
    }

    [Fact]
    public async Task A_call_that_does_not_end_even_then_is_left_to_the_rescue()
    {
        using var adapter = new DeafAdapter();
        var store = await house.OpenStoreAsync();
        var options = EngineHouse.Options with
        {
            Workers = 1,
            DrainTimeout = TimeSpan.FromMilliseconds(20),
            AbortTimeout = TimeSpan.FromMilliseconds(20),
        };
        using var engine = await house.StartAsync(store, options, adapter: adapter);
        var job = await house.SubmitAsync(engine, 1);
        await adapter.Begun.WaitAsync(Cancellation);

        await engine.StopAsync(Cancellation);

        Assert.Single((await store.Maintain.RescueAsync(10, Cancellation)).Tasks);
        Assert.Equal(1, (await store.Read.FindJobAsync(job.JobId, Cancellation))!.Counters.Available);
        adapter.LetGo();
    }

    [Fact]
    public async Task A_new_process_goes_on_where_the_last_one_stopped()
    {
        using var gate = new Gate();
        house.Service.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var first = await house.OpenStoreAsync();
        EnqueuedJob job;
        using (var engine = await house.StartAsync(first, EngineHouse.Options with { DrainTimeout = TimeSpan.FromMilliseconds(20) }))
        {
            job = await house.SubmitAsync(engine, 40);
            gate.LetThrough(10);
            await house.Service.Ledger.WaitForEndedAsync(10, Cancellation);
            await engine.StopAsync(Cancellation);
        }

        await first.DisposeAsync();
        gate.Open();
        using var second = await house.StartAsync(await house.OpenStoreAsync());
        var view = await EngineHouse.WaitForEndAsync(second, job);

        Assert.Equal((JobState.Completed, 40), (view.State, view.Counters.Completed));
        Assert.InRange(house.Service.Ledger.Count, 40, 44);
        await second.StopAsync(Cancellation);
    }

    private sealed class ThreadNotingAdapter : IServiceAdapter
    {
        public SemaphoreSlim Begun { get; } = new(0);

        public System.Collections.Concurrent.ConcurrentQueue<string?> Threads { get; } = new();

        public AdapterManifest Manifest { get; } = new JsonPostAdapter().Manifest;

        public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            Threads.Enqueue(Thread.CurrentThread.Name);
            Begun.Release();
            var never = new TaskCompletionSource<TaskOutcome>();
            await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            return await never.Task;
        }
    }

    private sealed class DeafAdapter : IServiceAdapter, IDisposable
    {
        private readonly TaskCompletionSource<TaskOutcome> end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SemaphoreSlim Begun { get; } = new(0);

        public AdapterManifest Manifest { get; } = new JsonPostAdapter().Manifest;

        public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            Begun.Release();
            return end.Task;
        }

        public void LetGo() => end.TrySetResult(new TaskOutcome.Completed("{}"u8.ToArray(), CallReport.None));

        public void Dispose() => Begun.Dispose();
    }
}
