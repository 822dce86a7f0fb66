using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
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

        var other = new BulkWorker(
            await house.OpenStoreAsync(clock), new OwnedTasks(), new QueueFeed(), new Wakeup(clock), NullLogger.Instance);
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

    private BulkWorker Worker() => new(store, new OwnedTasks(), new QueueFeed(), new Wakeup(clock), NullLogger.Instance);

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
