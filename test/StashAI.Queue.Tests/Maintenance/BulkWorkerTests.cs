using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Services;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Queue.Tests.Engine;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>Bulk operations from the request to the end, also over the death of the process that works on one.</summary>
public abstract class BulkWorkerTests(PostgresFixture? postgres) : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private EngineHouse house = null!;
    private IQueueStore store = null!;
    private long node;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        house = await EngineHouse.OpenAsync(postgres);
        store = await house.OpenStoreAsync(clock);
        node = store.Nodes.Register("test", TimeSpan.FromHours(9));
    }

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public sealed class OnSqlite() : BulkWorkerTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : BulkWorkerTests(postgres);

    [Fact]
    public async Task A_retry_runs_the_failures_of_its_moment_and_counts_each_job_once()
    {
        var jobs = new List<EnqueuedJob>();
        for (var i = 0; i < BulkWorker.BatchSize + 3; i++) jobs.Add(await FailedAsync());
        var good = await EndedAsync(TaskEvent.Succeed);
        var bulk = await AddAsync(BulkAction.Retry);
        clock.Advance(TimeSpan.FromSeconds(1));
        var later = await FailedAsync();

        await RunAsync(Worker());

        var over = await FindAsync(bulk);
        Assert.Equal((BulkState.Completed, jobs.Count, jobs.Count, 0), (over.State, over.Matched, over.Done, over.Failed));
        foreach (var job in jobs) Assert.Equal(JobState.Running, (await JobAsync(job))!.State);
        Assert.Equal((JobState.Completed, JobState.Failed), ((await JobAsync(good))!.State, (await JobAsync(later))!.State));
    }

    [Fact]
    public async Task Another_process_goes_on_where_one_died_and_does_nothing_twice()
    {
        var jobs = new List<EnqueuedJob>();
        for (var i = 0; i < BulkWorker.BatchSize * 3; i++) jobs.Add(await FailedAsync());
        var bulk = await AddAsync(BulkAction.Retry);
        var dead = Worker();
        await dead.RunOnceAsync(Cancellation);
        await dead.RunOnceAsync(Cancellation);
        // It dies after the jobs of its batch were retried, and before that is stored. One of them failed again meanwhile.
        var stored = await FindAsync(bulk);
        Assert.Equal((BulkWorker.BatchSize, BulkWorker.BatchSize), ((int)stored.Done, stored.Batch.Count));
        clock.Advance(TimeSpan.FromSeconds(1));
        var again = stored.Batch[0];
        await store.Control.RetryFailedAsync(again, new(Until: stored.CreatedAt), 0, Cancellation);
        await FailAllAsync(again);

        var other = Worker(await house.OpenStoreAsync(clock));
        Assert.Equal(BulkWorker.Pause, await other.RunOnceAsync(Cancellation));
        clock.Advance(BulkWorker.Lease);
        await RunAsync(other);

        var over = await FindAsync(bulk);
        Assert.Equal((BulkState.Completed, jobs.Count, jobs.Count), (over.State, over.Done, over.Matched));
        var failed = (await store.Read.FindJobsAsync([.. jobs.Select(job => job.Key)], Cancellation)).Where(job => job.Counters.Failed > 0);
        Assert.Equal([again], failed.Select(job => job.Key));
    }

    [Fact]
    public async Task A_stopped_operation_works_on_no_more_jobs()
    {
        for (var i = 0; i < BulkWorker.BatchSize * 2; i++) await FailedAsync();
        var bulk = await AddAsync(BulkAction.Retry);
        var worker = Worker();
        await worker.RunOnceAsync(Cancellation);
        await worker.RunOnceAsync(Cancellation);

        await store.Bulk.StopBulkAsync(bulk.Id, Cancellation);
        await RunAsync(worker);

        var over = await FindAsync(bulk);
        Assert.Equal((BulkState.Stopped, BulkWorker.BatchSize), (over.State, (int)over.Done));
    }

    [Fact]
    public async Task Open_jobs_are_paused_resumed_prioritized_and_cancelled()
    {
        var open = await EnqueueAsync();
        var ended = await FailedAsync();

        Assert.Equal(1, await DoAsync(BulkAction.Pause));
        Assert.True((await JobAsync(open))!.IsPaused);
        Assert.Equal(0, await DoAsync(BulkAction.Pause));
        Assert.Equal(1, await DoAsync(BulkAction.Resume));
        Assert.False((await JobAsync(open))!.IsPaused);
        Assert.Equal(1, await DoAsync(BulkAction.Priority, 9));
        Assert.Equal(9, (await JobAsync(open))!.Priority);
        Assert.Equal(1, await DoAsync(BulkAction.Cancel));
        Assert.Equal((JobState.Cancelled, JobState.Failed), ((await JobAsync(open))!.State, (await JobAsync(ended))!.State));
    }

    [Fact]
    public async Task A_delete_waits_for_calls_that_run_and_removes_everything_else()
    {
        var running = await EnqueueAsync();
        var task = Assert.Single((await store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation)).Tasks);
        var waiting = await EnqueueAsync();
        var ended = await FailedAsync();
        var bulk = await AddAsync(BulkAction.Delete);
        var worker = Worker();

        await worker.RunOnceAsync(Cancellation);
        Assert.Equal(BulkWorker.Pause, await worker.RunOnceAsync(Cancellation));

        Assert.Equal((null, null), (await JobAsync(waiting), await JobAsync(ended)));
        Assert.NotNull(await JobAsync(running));
        Assert.Equal(BulkState.Running, (await FindAsync(bulk)).State);

        await store.Work.ApplyAsync(node, [Result(task, TaskEvent.Abort)], Cancellation);
        await RunAsync(worker);
        Assert.Null(await JobAsync(running));
        Assert.Equal((BulkState.Completed, 3L), ((await FindAsync(bulk)).State, (await FindAsync(bulk)).Done));
    }

    [Theory]
    [InlineData(BulkAction.Retry)]
    [InlineData(BulkAction.Skip)]
    [InlineData(BulkAction.Cancel)]
    [InlineData(BulkAction.Pause)]
    [InlineData(BulkAction.Delete)]
    [InlineData(BulkAction.Priority)]
    public async Task A_job_that_always_fails_is_counted_and_holds_up_neither_the_others_nor_the_next_operation(BulkAction action)
    {
        var isOpen = action is not (BulkAction.Retry or BulkAction.Skip or BulkAction.Delete);
        var jobs = new List<EnqueuedJob>();
        for (var i = 0; i < BulkWorker.BatchSize + 2; i++) jobs.Add(isOpen ? await EnqueueAsync() : await FailedAsync());
        var faulty = Faulty();
        faulty.Control = new FaultyControl(
            store.Control, job => job == jobs[1].Key ? new InvalidDataException("The row is broken.") : null);
        var bulk = await AddAsync(action, action == BulkAction.Priority ? 9 : null);
        var next = await AddAsync(action, action == BulkAction.Priority ? 8 : null);

        await RunToEndAsync(Worker(faulty), bulk, next);

        var over = await FindAsync(bulk);
        Assert.Equal(
            (BulkState.Completed, jobs.Count - 1L, 1L, "The row is broken."), (over.State, over.Done, over.Failed, over.Error));
        Assert.Equal((BulkState.Completed, 1L), ((await FindAsync(next)).State, (await FindAsync(next)).Failed));
    }

    [Fact]
    public async Task An_error_that_passes_costs_no_job()
    {
        var job = await FailedAsync();
        var faults = BulkTries.Max - 1;
        var faulty = Faulty();
        faulty.Control = new FaultyControl(store.Control, _ => Interlocked.Decrement(ref faults) >= 0 ? new IOException("Busy.") : null);
        var bulk = await AddAsync(BulkAction.Retry);

        await RunToEndAsync(Worker(faulty), bulk);

        Assert.Equal((1L, 0L, null), ((await FindAsync(bulk)).Done, (await FindAsync(bulk)).Failed, (await FindAsync(bulk)).Error));
        Assert.Equal(JobState.Running, (await JobAsync(job))!.State);
    }

    [Fact]
    public async Task An_operation_whose_steps_always_fail_ends_with_the_reason_and_the_next_one_is_done()
    {
        var job = await FailedAsync();
        var bulk = await AddAsync(BulkAction.Pause);
        var next = await AddAsync(BulkAction.Retry);
        var faulty = Faulty();
        faulty.Bulk = new FaultyBulk(
            store.Bulk,
            progress => progress.Id == bulk.Id && progress.State != BulkState.Failed ? new InvalidDataException("It is too long.") : null);

        await RunToEndAsync(Worker(faulty), bulk, next);

        Assert.Equal((BulkState.Failed, "It is too long."), ((await FindAsync(bulk)).State, (await FindAsync(bulk)).Error));
        Assert.Equal((BulkState.Completed, 1L), ((await FindAsync(next)).State, (await FindAsync(next)).Done));
        Assert.Equal(JobState.Running, (await JobAsync(job))!.State);
    }

    [Fact]
    public async Task An_outage_of_the_database_fails_no_job()
    {
        var job = await FailedAsync();
        var bulk = await AddAsync(BulkAction.Retry);
        var isDown = true;
        var faulty = Faulty();
        faulty.Control = new FaultyControl(store.Control, _ => isDown ? new IOException("Gone.") : null);
        faulty.Probe = new FaultyProbe(() => isDown);
        var worker = Worker(faulty);

        for (var i = 0; i < BulkTries.Max * 3; i++) await worker.RunOnceAsync(Cancellation);
        Assert.Equal((BulkState.Running, 0L), ((await FindAsync(bulk)).State, (await FindAsync(bulk)).Failed));
        isDown = false;
        await RunToEndAsync(worker, bulk);

        Assert.Equal((1L, 0L), ((await FindAsync(bulk)).Done, (await FindAsync(bulk)).Failed));
        Assert.Equal(JobState.Running, (await JobAsync(job))!.State);
    }

    [Fact]
    public async Task A_group_that_a_person_waits_for_is_finished_by_another_process()
    {
        var job = await FailedAsync();
        var view = (await JobAsync(job))!;
        var group = Assert.Single(await store.Read.ListFailuresAsync(view, Cancellation));
        var faulty = Faulty();
        faulty.Control = new FaultyControl(store.Control, _ => new IOException("The process dies here."));
        var attended = new AttendedBulk(faulty, new QueueFeed(), new Wakeup(clock));
        await Assert.ThrowsAsync<IOException>(
            () => attended.ChangeFailuresAsync(view, group.Fingerprint!.Value, BulkAction.Skip, "laptop", Cancellation));

        Assert.Equal(BulkWorker.Pause, await Worker().RunOnceAsync(Cancellation));
        clock.Advance(BulkWorker.Lease);
        await RunAsync(Worker());

        Assert.Equal((JobState.Cancelled, 0), ((await JobAsync(job))!.State, (await JobAsync(job))!.Counters.Failed));
        var over = Assert.Single(await store.Bulk.ListBulkAsync(long.MaxValue, 9, Cancellation));
        Assert.Equal((BulkAction.Skip, BulkState.Completed, 1L, "laptop"), (over.Action, over.State, over.Done, over.AskedBy));
    }

    [Fact]
    public async Task A_delete_that_a_person_waits_for_is_finished_by_another_process()
    {
        var job = await EnqueueAsync();
        var task = Assert.Single((await store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation)).Tasks);
        var attended = new AttendedBulk(store, new QueueFeed(), new Wakeup(clock));
        await attended.BeginDeleteAsync((await JobAsync(job))!, null, Cancellation);

        // The process dies here.
        Assert.Equal(BulkWorker.Pause, await Worker().RunOnceAsync(Cancellation));
        clock.Advance(BulkWorker.Lease);
        var other = Worker();
        await other.RunOnceAsync(Cancellation);
        await other.RunOnceAsync(Cancellation);
        await store.Work.ApplyAsync(node, [Result(task, TaskEvent.Abort)], Cancellation);
        await RunAsync(other);

        Assert.Null(await JobAsync(job));
    }

    [Fact]
    public async Task A_delete_leaves_the_rest_to_the_maintenance_at_once()
    {
        var job = await EnqueueAsync();
        var task = Assert.Single((await store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation)).Tasks);
        var attended = new AttendedBulk(store, new QueueFeed(), new Wakeup(clock));
        var begun = await attended.BeginDeleteAsync((await JobAsync(job))!, null, Cancellation);
        Assert.False(await attended.EndDeleteAsync(begun, job.Key));
        await store.Work.ApplyAsync(node, [Result(task, TaskEvent.Succeed)], Cancellation);

        await RunAsync(Worker());

        Assert.Null(await JobAsync(job));
        Assert.Equal(BulkState.Completed, (await FindAsync(begun)).State);
    }

    private FaultyStore Faulty() => new(store);

    private BulkWorker Worker(IQueueStore faulty) =>
        new(
            faulty, RematcherOf(faulty), GrouperOf(faulty), new OwnedTasks(), new QueueFeed(), new Wakeup(clock), clock,
            NullLogger.Instance);

    /// <summary>Runs a worker as its loop does, which logs errors, until operations are over.</summary>
    private async Task RunToEndAsync(BulkWorker worker, params BulkOperation[] bulks)
    {
        for (var turns = 0; ; turns++)
        {
            var states = new List<BulkState>();
            foreach (var bulk in bulks) states.Add((await FindAsync(bulk)).State);
            if (!states.Contains(BulkState.Running)) return;
            Assert.InRange(turns, 0, 100);
            try
            {
                await worker.RunOnceAsync(Cancellation);
            }
            catch (InvalidDataException)
            {
                // The loop logs it and goes on.
            }
        }
    }

    /// <summary>Says that the database does not work.</summary>
    private sealed class FaultyProbe(Func<bool> isDown) : IStoreProbe
    {
        public string? Warning => null;

        public Task ProbeAsync(CancellationToken cancellationToken) =>
            isDown() ? Task.FromException(new IOException("Gone.")) : Task.CompletedTask;

        public Task<bool> IsDamagedAsync(CancellationToken cancellationToken) => Task.FromResult(false);

        public string? Explain(Exception error) => null;
    }

    private BulkWorker Worker() => Worker(store);

    private Rematcher RematcherOf(IQueueStore of) => new(
        of, new ServiceRegistry([]), new SubjectReader(new ServiceRegistry([]), NullLogger.Instance), new LiteralUpstreams(),
        CallSetup.With(new HttpClient()), new QueueFeed(), clock);

    private Grouper GrouperOf(IQueueStore of) =>
        new(of, new ServiceRegistry([]), new LiteralUpstreams(), CallSetup.With(new HttpClient()), clock);

    private static async Task RunAsync(BulkWorker worker)
    {
        while (await worker.RunOnceAsync(Cancellation) == TimeSpan.Zero)
        {
            // Until there is nothing to do.
        }
    }

    private async Task<long> DoAsync(BulkAction action, int? priority = null)
    {
        var bulk = await AddAsync(action, priority);
        await RunAsync(Worker());
        return (await FindAsync(bulk)).Done;
    }

    private Task<BulkOperation> AddAsync(BulkAction action, int? priority = null) => store.Bulk.AddBulkAsync(
        new NewBulk(Guid.NewGuid(), action, priority, "{}", NewBulk.Narrow(new JobQuery { Limit = 1 }, action)!, null, 0), Cancellation);

    private async Task<BulkOperation> FindAsync(BulkOperation bulk) => (await store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!;

    private Task<JobView?> JobAsync(EnqueuedJob job) => store.Read.FindJobAsync(job.JobId, Cancellation);

    private Task<EnqueuedJob> EnqueueAsync() => store.EnqueueAsync(node, 1, TestJobs.Job, Cancellation);

    private Task<EnqueuedJob> FailedAsync() => EndedAsync(TaskEvent.Fail);

    private async Task<EnqueuedJob> EndedAsync(TaskEvent how)
    {
        var job = await EnqueueAsync();
        await EndAllAsync(job.Key, how);
        return job;
    }

    private Task FailAllAsync(long job) => EndAllAsync(job, TaskEvent.Fail);

    private async Task EndAllAsync(long job, TaskEvent how)
    {
        var batch = await store.Work.ClaimAsync(node, 1000, 0, [TestJobs.Service], Cancellation);
        await store.Work.ApplyAsync(
            node, [.. batch.Tasks.Select(task => Result(task, TaskKey.JobOf(task.Key) == job ? how : TaskEvent.Release))], Cancellation);
    }

    private static AttemptResult Result(ClaimedTask task, TaskEvent how) => new()
    {
        Task = task,
        Event = how,
        Output = how == TaskEvent.Succeed ? "{}"u8.ToArray() : default,
        ErrorKind = how switch { TaskEvent.Fail => ErrorKind.ServiceError, TaskEvent.Abort => ErrorKind.Cancelled, _ => ErrorKind.None },
        ErrorMessage = how == TaskEvent.Fail ? "It said no." : null,
        Call = how == TaskEvent.Release ? CallReport.None : new CallReport(200),
        Duration = TimeSpan.FromMilliseconds(1),
    };
}
