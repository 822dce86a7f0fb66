using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>From a submit over real HTTP calls to the end of the job.</summary>
public abstract class EngineWorkTests(PostgresFixture? postgres) : IAsyncLifetime
{
    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public sealed class OnSqlite() : EngineWorkTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : EngineWorkTests(postgres);

    [Fact]
    public async Task Every_task_is_called_once_and_keeps_its_own_answer()
    {
        house.Service.Script = call => Reply.Json($$"""{"heard": {{call.Text}}}""");
        using var engine = await house.StartAsync(await house.OpenStoreAsync());

        var jobs = new[] { await house.SubmitAsync(engine, 300), await house.SubmitAsync(engine, 1), await house.SubmitAsync(engine, 50) };
        foreach (var job in jobs) Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);

        Assert.Equal(351, house.Service.Ledger.Count);
        Assert.Equal(351, house.Service.Ledger.Items.Count);
        Assert.InRange(house.Service.Ledger.MaxInFlight, 1, EngineHouse.Options.Workers);
        var tasks = await engine.Read.ListTasksAsync(jobs[0].Key, 0, 300, true, Cancellation);
        Assert.All(
            tasks,
            task => Assert.Equal($$$"""{"heard": {"n": {{{task.Ordinal}}}}}""", System.Text.Encoding.UTF8.GetString(task.Output.Span)));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_failing_service_is_tried_again_until_it_answers()
    {
        house.Service.Script = call => call.Try < 3 ? Reply.Status(500, "no") : Reply.Json("{}");
        using var engine = await house.StartAsync(await house.OpenStoreAsync());

        var job = await house.SubmitAsync(engine, 20);
        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal(JobState.Completed, view.State);
        Assert.Equal(60, house.Service.Ledger.Count);
        Assert.All(await engine.Read.ListTasksAsync(job.Key, 0, 20, false, Cancellation), task => Assert.Equal(3, task.Attempt));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task When_all_attempts_are_spent_the_task_fails_with_the_last_reason()
    {
        house.Service.Script = call => call.JsonField("n") == "1" ? Reply.Status(502, "bad gateway") : Reply.Json("{}");
        using var engine = await house.StartAsync(await house.OpenStoreAsync());

        var job = await house.SubmitAsync(engine, 3, house.Job with { MaxAttempts = 3 });
        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal((JobState.Partial, 2, 1), (view.State, view.Counters.Completed, view.Counters.Failed));
        var task = (await engine.Read.FindTasksAsync([TaskKey.From(job.Key, 1)], true, Cancellation))[0];
        Assert.Equal(
            (TaskState.Failed, 3, ErrorKind.ServiceError, "The service answered 502."),
            (task.State, task.Attempt, task.ErrorKind, task.ErrorMessage));
        Assert.Equal(3, house.Service.Ledger.CallsOf(TaskKey.TaskId(job.JobId, 1).ToString()).Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_the_service_refuses_is_not_tried_again()
    {
        house.Service.Script = _ => Reply.Status(422, "bad image");
        using var engine = await house.StartAsync(await house.OpenStoreAsync());

        var job = await house.SubmitAsync(engine, 2);

        Assert.Equal(JobState.Failed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        Assert.Equal(2, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again()
    {
        house.Service.Script = call => call.Try switch { 1 => Reply.Reset(), 2 => Reply.ResetAfter("{\"half\":"), _ => Reply.Json("{}") };
        using var engine = await house.StartAsync(await house.OpenStoreAsync());

        // Four failures: one more, with no answer between them, would open the circuit.
        var job = await house.SubmitAsync(engine, 2);

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_throttled_lane_waits_as_long_as_the_service_asked()
    {
        using var clock = new ShiftableClock();
        house.Service.Script = call => call.Number == 1 ? Reply.Status(429, retryAfter: TimeSpan.FromSeconds(600)) : Reply.Json("{}");
        var store = new FaultyStore(await house.OpenStoreAsync(clock));
        using var engine = await house.StartAsync(store, EngineHouse.Options with { Workers = 1, Lease = TimeSpan.FromHours(1) }, clock);

        var job = await house.SubmitAsync(engine, 1);
        await EngineHouse.WaitForAsync(engine, job, view => view.Counters.Scheduled == 1);
        var later = await house.SubmitAsync(engine, 5);
        clock.Advance(TimeSpan.FromSeconds(500));
        await store.WaitForMoreAsync(StoreCall.Claim, 2, Cancellation);
        await store.WaitForMoreAsync(StoreCall.Promote, 2, Cancellation);
        Assert.Equal(1, house.Service.Ledger.Count);
        clock.Advance(TimeSpan.FromSeconds(100));

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, later)).State);
        Assert.Equal(7, house.Service.Ledger.Count);
        Assert.Equal(1, (await engine.Read.FindTasksAsync([TaskKey.From(job.Key, 0)], false, Cancellation))[0].Attempt);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_retry_waits_for_its_back_off()
    {
        using var clock = new ShiftableClock();
        house.Service.Script = call => call.Try == 1 ? Reply.Status(500) : Reply.Json("{}");
        var retry = new RetryPolicy(TimeSpan.FromDays(3), TimeSpan.FromDays(3));
        using var engine = await house.StartAsync(
            await house.OpenStoreAsync(clock), EngineHouse.Options with { Retry = retry, Lease = TimeSpan.FromDays(30) }, clock);

        var job = await house.SubmitAsync(engine, 8);
        await EngineHouse.WaitForAsync(engine, job, view => view.Counters.Scheduled == 8);
        var due = (await engine.Read.ListTasksAsync(job.Key, 0, 8, false, Cancellation)).Select(task => task.DueAt!.Value).ToList();
        Assert.Equal(8, due.Distinct().Count());
        Assert.All(due, time => Assert.InRange(time, clock.GetUtcNow().AddMinutes(-1), clock.GetUtcNow().AddDays(3)));
        clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        Assert.Equal(16, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_takes_too_long_is_ended_and_tried_again(bool isLimitOfOperation)
    {
        using var clock = new ShiftableClock();
        house.Service.Script = call => call.Try == 1 ? Reply.Hang() : Reply.Json("{}");
        var adapter = new JsonPostAdapter();
        var limit = TimeSpan.FromMinutes(10);
        adapter = new JsonPostAdapter
        {
            Manifest = isLimitOfOperation
                ? adapter.Manifest with
                {
                    AttemptTimeout = TimeSpan.FromHours(2),
                    Operations = [.. adapter.Manifest.Operations.Select(one => one with { AttemptTimeout = limit })],
                }
                : adapter.Manifest with { AttemptTimeout = limit },
        };
        using var engine = await house.StartAsync(
            await house.OpenStoreAsync(clock), EngineHouse.Options with { Lease = TimeSpan.FromHours(1) }, clock, adapter);

        var job = await house.SubmitAsync(engine, 1);
        var lastChance = await house.SubmitAsync(engine, 1, house.Job with { MaxAttempts = 1 });
        await house.Service.Ledger.WaitForCallsInFlightAsync(2, Cancellation);
        clock.Advance(limit);
        await house.Service.Ledger.WaitForDisconnectAsync(Cancellation, 2);

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        Assert.Equal(JobState.Failed, (await EngineHouse.WaitForEndAsync(engine, lastChance)).State);
        var task = (await engine.Read.FindTasksAsync([TaskKey.From(lastChance.Key, 0)], false, Cancellation))[0];
        Assert.Equal((ErrorKind.Timeout, "The service did not answer within 600 s."), (task.ErrorKind, task.ErrorMessage));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Whatever_an_adapter_does_its_slot_goes_on()
    {
        var adapter = new RudeAdapter();
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 1 }, adapter: adapter);

        var job = await house.SubmitAsync(engine, 6, house.Job with { MaxAttempts = 1 });
        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal((JobState.Partial, 5, 1), (view.State, view.Counters.Failed, view.Counters.Completed));
        Assert.All(
            await engine.Read.ListTasksAsync(job.Key, 0, 5, false, Cancellation),
            task => Assert.Equal((TaskState.Failed, ErrorKind.AdapterFault), (task.State, task.ErrorKind)));
        await engine.StopAsync(Cancellation);
    }

    /// <summary>Breaks its promises in another way at each call, and keeps them at the sixth.</summary>
    private sealed class RudeAdapter : IServiceAdapter
    {
        private readonly AdapterManifest manifest = new JsonPostAdapter().Manifest;
        private int calls;
        private int reads;

        // The registry reads the name once; later readers meet every mistake a manifest can have.
        public AdapterManifest Manifest => Interlocked.Increment(ref reads) switch
        {
            2 => throw new InvalidOperationException("no manifest today"),
            3 => manifest with { AttemptTimeout = TimeSpan.FromDays(-7) },
            _ => manifest,
        };

        public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref calls) switch
            {
                1 => throw new InvalidOperationException("at once"),
                2 => Task.FromResult<TaskOutcome>(null!),
                3 => Task.FromException<TaskOutcome>(new OperationCanceledException("of its own")),
                _ => Task.FromResult<TaskOutcome>(new TaskOutcome.Completed("{}"u8.ToArray(), CallReport.None)),
            };
    }
}
