using System.Text;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Retries by people, deadlines, later starts, aggregates and retention, with real calls.</summary>
public abstract class EngineControlTests(PostgresFixture? postgres) : IAsyncLifetime
{
    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public sealed class OnSqlite() : EngineControlTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : EngineControlTests(postgres);

    [Fact]
    public async Task The_failed_tasks_of_a_job_run_again_when_a_person_asks()
    {
        house.Service.Script = call => call.JsonField("n") is "1" or "3" ? Reply.Status(422, "bad image") : Reply.Json("{}");
        using var engine = await house.StartAsync(await house.OpenStoreAsync());
        var job = await house.SubmitAsync(engine, 5);
        var failed = await EngineHouse.WaitForEndAsync(engine, job);
        Assert.Equal((JobState.Partial, 2), (failed.State, Assert.Single(failed.Errors).Count));
        house.Service.Script = _ => Reply.Json("{}");

        Assert.Equal(2, (await engine.RetryJobAsync(job.Key, false, Cancellation)).Retried);

        var view = await EngineHouse.WaitForEndAsync(engine, job);
        Assert.Equal((JobState.Completed, 0), (view.State, view.Errors.Count));
        Assert.Equal(7, house.Service.Ledger.Count);
        var attempts = await engine.Read.ListAttemptsAsync(TaskKey.From(job.Key, 3), 10, Cancellation);
        Assert.Equal(
            [(TaskEvent.Fail, 422, "test", "bad image"), (TaskEvent.Succeed, 200, "test", "{}")],
            attempts.Select(attempt => (attempt.Event, attempt.HttpStatus!.Value, attempt.Node, attempt.AnswerHead!)));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task The_room_of_a_removed_job_is_given_back_without_a_wait_for_the_next_clean_up()
    {
        // Its time stands still, so that no pause ends by itself.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var store = new FaultyStore(await house.OpenStoreAsync());
        using var engine = await house.StartAsync(store, EngineHouse.Options with { Workers = 0 }, clock);
        var job = await house.SubmitAsync(engine, 3);
        await engine.CancelJobAsync(job.Key, Cancellation);
        var view = await EngineHouse.WaitForEndAsync(engine, job);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await store.WaitForCountAsync(StoreCall.RemoveOld, 1, patience.Token);

        Assert.True(await engine.RemoveJobAsync(view, Cancellation));

        await store.WaitForMoreAsync(StoreCall.RemoveOld, 1, patience.Token);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_running_call_is_ended_by_the_deadline_and_what_waits_is_never_called()
    {
        house.Service.Script = _ => Reply.Hang();
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 2 });

        var job = await house.SubmitAsync(engine, 5, house.Job with { Deadline = TimeProvider.System.GetUtcNow().AddSeconds(2) });
        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal(
            (JobState.Failed, new JobErrors(ErrorKind.DeadlineExceeded, 5, view.Errors[0].Example)),
            (view.State, Assert.Single(view.Errors)));
        Assert.Equal(2, house.Service.Ledger.Count);
        Assert.True(view.FinishedAt >= view.Deadline);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_job_that_starts_later_is_called_no_sooner()
    {
        using var engine = await house.StartAsync(await house.OpenStoreAsync());
        var start = TimeProvider.System.GetUtcNow().AddSeconds(1.5);

        var job = await house.SubmitAsync(engine, 3, house.Job with { StartAt = start });
        Assert.Equal(3, (await engine.Read.FindJobAsync(job.JobId, Cancellation))!.Counters.Scheduled);
        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal(JobState.Completed, view.State);
        Assert.True(view.StartedAt >= DateTimeOffset.FromUnixTimeMilliseconds(start.ToUnixTimeMilliseconds()));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Pauses_end_by_themselves_at_their_time()
    {
        using var engine = await house.StartAsync(await house.OpenStoreAsync());
        var end = TimeProvider.System.GetUtcNow().AddSeconds(1.5);
        await engine.PauseServiceAsync(TestJobs.Service, true, Cancellation, end);

        var job = await house.SubmitAsync(engine, 3);
        await engine.PauseJobAsync(job.Key, true, Cancellation, end);
        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal((JobState.Completed, false), (view.State, view.IsPaused));
        Assert.True(view.StartedAt >= DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds()));
        Assert.Empty((await engine.Read.ReadPausesAsync(Cancellation)).Services);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Results_are_folded_as_the_job_runs_and_an_answer_that_cannot_be_folded_is_still_a_result()
    {
        house.Service.Script = call => Reply.Json(call.JsonField("n") == "2" ? "\"no number\"" : "10");
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), adapter: Adapter(new AddingFold()));

        var job = await house.SubmitAsync(engine, 40);
        var view = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal((JobState.Completed, "390"), (view.State, Encoding.UTF8.GetString(view.Aggregate.Span)));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Old_jobs_are_removed_by_the_engine_itself()
    {
        // This engine keeps the job: one that removes it at once may do so before its end is seen.
        using var engine = await house.StartAsync(await house.OpenStoreAsync());
        var job = await house.SubmitAsync(engine, 2);
        await EngineHouse.WaitForEndAsync(engine, job);
        await engine.StopAsync(Cancellation);

        // The cleaner rests between two turns; that of a process that starts comes at once.
        var store = new FaultyStore(await house.OpenStoreAsync());
        var turns = store.WaitForMoreAsync(StoreCall.RemoveOld, 2, Cancellation);
        using var next = await house.StartAsync(
            store, EngineHouse.Options with { Retention = new RetentionPolicy { Completed = TimeSpan.Zero } });
        await turns.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Null(await next.Read.FindJobAsync(job.JobId, Cancellation));
        await next.StopAsync(Cancellation);
    }

    private static JsonPostAdapter Adapter(IResultFold fold) => new()
    {
        Manifest = new AdapterManifest
        {
            Name = TestJobs.Service,
            Operations = [new AdapterOperation("echo", "echo", "echo_batch") { Fold = fold }],
        },
    };

    private sealed class AddingFold : IResultFold
    {
        public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output) => Write(Read(output));

        public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates) => Write(aggregates.Sum(Read));

        private static int Read(ReadOnlyMemory<byte> json) => System.Text.Json.JsonDocument.Parse(json).RootElement.GetInt32();

        private static byte[] Write(int sum) => Encoding.UTF8.GetBytes($"{sum}");
    }
}
