using System.Text;
using StashAI.Queue.Direct;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Jobs that run without the store: the policy of the queue holds for them too.</summary>
public sealed class DirectRunTests : IAsyncLifetime
{
    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task They_share_the_workers_with_the_queue()
    {
        using var gate = new Gate();
        house.Service.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 3 });
        var queued = await house.SubmitAsync(engine, 6);
        var first = engine.RunDirectAsync(house.Job, Tasks(5), Cancellation);
        var second = engine.RunDirectAsync(house.Job, Tasks(5), Cancellation);
        await house.Service.Ledger.WaitForCallsInFlightAsync(3, Cancellation);
        gate.Open();

        Assert.Equal([JobState.Completed, JobState.Completed], (await Task.WhenAll(first, second)).Select(run => run.Job.State));
        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, queued)).State);
        Assert.Equal((16, 3), (house.Service.Ledger.Count, house.Service.Ledger.MaxInFlight));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_call_is_tried_as_often_as_its_job_allows_and_so_is_one_that_is_asked_to_wait()
    {
        house.Service.Script = call => call.JsonField("n") switch
        {
            "0" => Reply.Status(500, "broken"),
            "1" => Reply.Status(429, retryAfter: TimeSpan.Zero),
            "2" when house.Service.Ledger.Count < 3 => Reply.Status(500),
            _ => Reply.Json("""{"n":3}"""),
        };
        using var engine = await house.StartAsync(await house.OpenStoreAsync());

        var run = await engine.RunDirectAsync(house.Job with { MaxAttempts = 3 }, Tasks(4), Cancellation);

        Assert.Equal(
            (JobState.Partial, 4, 2, 2), (run.Job.State, run.Job.Counters.Total, run.Job.Counters.Completed, run.Job.Counters.Failed));
        Assert.Equal([TaskState.Failed, TaskState.Failed, TaskState.Completed, TaskState.Completed], run.Tasks.Select(task => task.State));
        Assert.Equal([3, 3], run.Tasks.Take(2).Select(task => task.Attempt));
        Assert.Equal(ErrorKind.Throttled, run.Tasks[1].ErrorKind);
        Assert.Equal("""{"n":3}""", Encoding.UTF8.GetString(run.Tasks[3].Output.Span));
        Assert.Equal([0, 1, 2, 3], run.Tasks.Select(task => task.Ordinal));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Whoever_gives_up_ends_the_calls()
    {
        house.Service.Script = _ => Reply.Hang();
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 1 });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = engine.RunDirectAsync(house.Job, Tasks(3), patience.Token);
        await house.Service.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await house.Service.Ledger.WaitForDisconnectAsync(Cancellation);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_only_the_store_can_promise_is_not_run_without_it()
    {
        using var engine = await house.StartAsync(await house.OpenStoreAsync());
        using var limited = house.Engine(
            await house.OpenStoreAsync(), adapter: new JsonPostAdapter { Manifest = TestJobs.Manifest with { MaxRunning = 1 } });

        Assert.True(engine.CanRunDirect(house.Job));
        Assert.True(engine.CanRunDirect(house.Job with { StartAt = TimeProvider.System.GetUtcNow().AddSeconds(-5) }));
        Assert.False(engine.CanRunDirect(house.Job with { StartAt = TimeProvider.System.GetUtcNow().AddHours(1) }));
        Assert.False(engine.CanRunDirect(house.Job with { IdempotencyKey = "k" }));
        Assert.False(engine.CanRunDirect(house.Job with { Service = "nobody" }));
        Assert.False(limited.CanRunDirect(house.Job));
        await engine.StopAsync(Cancellation);
    }

    private static DirectTask[] Tasks(int count) => [.. Enumerable.Range(0, count).Select(i => new DirectTask(TestJobs.Input(i), []))];
}
