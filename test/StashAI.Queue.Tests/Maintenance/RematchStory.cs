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
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using static StashAI.Queue.Tests.Maintenance.JudgedNumbers;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>Jobs whose results are numbers, and what judges them again.</summary>
public abstract class RematchStory(PostgresFixture? postgres) : IAsyncLifetime
{
    private EngineHouse house = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));

    private protected Judge Judge { get; } = new();

    private protected IQueueStore Store { get; set; } = null!;

    private protected long Node { get; set; }

    public async ValueTask InitializeAsync()
    {
        house = await EngineHouse.OpenAsync(postgres);
        Store = await house.OpenStoreAsync(Clock);
        Node = Store.Nodes.Register("test", TimeSpan.FromHours(9));
    }

    public ValueTask DisposeAsync() => house.DisposeAsync();

    /// <summary>Another process on the same database.</summary>
    private protected Task<IQueueStore> OpenOtherAsync() => house.OpenStoreAsync(Clock);

    private protected static long Key(EnqueuedJob job, int ordinal) => TaskKey.From(job.Key, ordinal);

    private protected Rematcher Judging(IQueueStore of)
    {
        var services = new ServiceRegistry([new JudgedAdapter(Judge)]);
        return new(
            of, services, new SubjectReader(services, NullLogger.Instance), new LiteralUpstreams(), CallSetup.With(new HttpClient()),
            new QueueFeed(), Clock);
    }

    private Grouper Grouping(IQueueStore of) => new(
        of, new ServiceRegistry([new JudgedAdapter(Judge)]), new LiteralUpstreams(), CallSetup.With(new HttpClient()), Clock);

    private protected BulkWorker Worker(IQueueStore of) =>
        new(of, Judging(of), Grouping(of), new OwnedTasks(), new QueueFeed(), new Wakeup(Clock), Clock, NullLogger.Instance);

    private protected static async Task RunAsync(BulkWorker worker)
    {
        while (await worker.RunOnceAsync(Cancellation) == TimeSpan.Zero)
        {
            // Until there is nothing to do.
        }
    }

    private protected async Task<BulkOperation> RunAsync(BulkWorker worker, EnqueuedJob job, double? threshold)
    {
        var bulk = await AddAsync(job, threshold);
        await RunAsync(worker);
        return (await Store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!;
    }

    private protected async Task<(long Done, long Failed)> CountsAsync(BulkOperation bulk) =>
        await Store.Bulk.FindBulkAsync(bulk.Id, Cancellation) is { } found ? (found.Done, found.Failed) : default;

    private protected Task<BulkOperation> AddAsync(EnqueuedJob job, double? threshold, bool awaitsEnd = false)
    {
        var query = new JobQuery { Limit = 1, OnlyIds = [job.JobId], AwaitsEnd = awaitsEnd };
        return Store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Rematch, null, "{}", query, null, 1) { Threshold = threshold }, Cancellation);
    }

    /// <summary>A job whose results are all 1.</summary>
    private protected async Task<EnqueuedJob> EndedAsync(int tasks, Func<int, byte[]> derived)
    {
        var job = await Store.EnqueueAsync(Node, tasks, TestJobs.Job, Cancellation);
        for (var ended = 0; ended < tasks;) ended += await ApplyAsync(1000, derived);
        return job;
    }

    /// <summary>Completes some of the open tasks; returns how many.</summary>
    private protected async Task<int> ApplyAsync(int tasks, Func<int, byte[]> derived)
    {
        var batch = await Store.Work.ClaimAsync(Node, tasks, 0, [TestJobs.Service], Cancellation);
        await Store.Work.ApplyAsync(
            Node,
            [
                .. batch.Tasks.Select(task => new AttemptResult
                {
                    Task = task,
                    Event = TaskEvent.Succeed,
                    Output = Number(1),
                    Part = new ResultPart(NumberSum.Instance, Number(1)),
                    Derived = derived(TaskKey.OrdinalOf(task.Key)),
                }),
            ],
            Cancellation);
        return batch.Tasks.Count;
    }

    private protected async Task<Dictionary<long, int>> VersionsAsync(IReadOnlyList<long> tasks) =>
        (await Store.Read.FindTasksAsync(tasks, withOutput: false, Cancellation)).ToDictionary(task => task.Key, task => task.Version);

    private protected async Task<JobView> JobAsync(EnqueuedJob job) => (await Store.Read.FindJobAsync(job.JobId, Cancellation))!;

    private protected async Task<List<int>> ResultsAsync(EnqueuedJob job)
    {
        var results = new List<int>();
        while (await Store.Rematches.ReadResultsAsync(job.Key, results.Count, Cancellation) is { Count: > 0 } page)
            results.AddRange(page.Select(result => Read(result.Output)));
        return results;
    }
}
