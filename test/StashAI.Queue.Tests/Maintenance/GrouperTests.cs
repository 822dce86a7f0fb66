using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Groupings;
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

/// <summary>Groups of what results show: over several jobs, over the death of a process, and only as long as nobody stops it.</summary>
public abstract class GrouperTests(PostgresFixture? postgres) : IAsyncLifetime
{
    /// <summary>More than two reads.</summary>
    private const int Tasks = (2 * IGroupings.MaxResults) + 7;

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Groups groups = new();
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

    public sealed class OnSqlite() : GrouperTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : GrouperTests(postgres);

    [Fact]
    public async Task The_results_of_all_jobs_are_sent_in_order_and_their_groups_stored()
    {
        var (one, other) = (await EndedAsync(Tasks), await EndedAsync(3));

        var bulk = await RunAsync(Worker(store), one, one, other);

        Assert.Equal((BulkState.Completed, 1L, 0L), (bulk.State, bulk.Done, bulk.Failed));
        Assert.Equal(Tasks + 3, groups.Sent[0]);
        var grouping = (await store.Groupings.FindGroupingAsync(one.Key, Cancellation))!;
        Assert.Equal(
            (true, Tasks + 3, 40, 30, 2, 5L),
            (grouping.IsOver, grouping.Done, grouping.Parts, grouping.Unknown, grouping.Groups, grouping.Version));
        Assert.Equal(
            [TaskKey.From(one.Key, 0), TaskKey.From(other.Key, 2)],
            (await store.Groupings.ListMembersAsync(one.Key, 0, 0, 0, 9, Cancellation)).Select(member => member.TaskKey));
        Assert.Equal((0.5, 2), (groups.Threshold, groups.MinSize));
    }

    [Fact]
    public async Task Another_process_begins_anew_when_one_died_and_stores_the_groups_once()
    {
        var job = await EndedAsync(5);
        var bulk = await BeginAsync(job, job);
        var dead = Worker(store);
        await dead.GroupOnceAsync(Cancellation);
        using var death = new CancellationTokenSource();
        groups.OnCall = death.CancelAsync;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead.GroupOnceAsync(death.Token));
        Assert.False((await store.Groupings.FindGroupingAsync(job.Key, Cancellation))!.IsOver);
        groups.OnCall = null;

        clock.Advance(BulkWorker.Lease);
        await RunAsync(Worker(await house.OpenStoreAsync(clock)));

        Assert.Equal(BulkState.Completed, (await store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!.State);
        Assert.Equal([5, 5], groups.Sent);
        Assert.Equal(2, (await store.Groupings.ListGroupsAsync(job.Key, 0, 9, Cancellation)).Count);
    }

    [Fact]
    public async Task A_service_that_takes_long_keeps_the_operation_and_a_stop_ends_the_call()
    {
        var job = await EndedAsync(5);
        var bulk = await BeginAsync(job, job);
        var worker = Worker(store);
        await worker.GroupOnceAsync(Cancellation);
        var called = new TaskCompletionSource();
        groups.IsEndless = true;
        groups.OnCall = () =>
        {
            called.SetResult();
            return Task.CompletedTask;
        };
        var running = worker.GroupOnceAsync(Cancellation);
        await called.Task.WaitAsync(Cancellation);
        // Longer than the lease, in steps that renew it.
        for (var i = 0; i < 8; i++)
        {
            var before = (await store.Groupings.FindGroupingAsync(job.Key, Cancellation))!.UpdatedAt;
            clock.Advance(Grouper.Heartbeat);
            while ((await store.Groupings.FindGroupingAsync(job.Key, Cancellation))!.UpdatedAt == before) await Task.Yield();
        }

        Assert.Null(await store.Bulk.TakeGroupingAsync(Guid.NewGuid(), BulkWorker.Lease, Cancellation));
        Assert.Equal(5, (await store.Groupings.FindGroupingAsync(job.Key, Cancellation))!.Done);
        await store.Bulk.StopBulkAsync(bulk.Id, Cancellation);
        clock.Advance(Grouper.Heartbeat);
        await running;

        Assert.False((await store.Groupings.FindGroupingAsync(job.Key, Cancellation))!.IsOver);
        Assert.Equal(BulkState.Stopped, (await store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!.State);
    }

    [Fact]
    public async Task It_waits_for_a_service_that_cannot_answer_now_and_ends_when_it_refuses()
    {
        var job = await EndedAsync(2);
        var waiting = await BeginAsync(job, job);
        var worker = Worker(store);
        groups.IsBusy = true;
        await worker.GroupOnceAsync(Cancellation);
        for (var i = 0; i < BulkTries.Max + 2; i++) Assert.Equal(BulkWorker.Pause, await worker.GroupOnceAsync(Cancellation));
        groups.IsBusy = false;
        await RunAsync(worker);
        Assert.Equal(1, (await store.Bulk.FindBulkAsync(waiting.Id, Cancellation))!.Done);

        groups.Refusal = "too many faces";
        var refused = await RunAsync(worker, job, job);

        Assert.Equal((1L, "too many faces"), (refused.Failed, refused.Error));
    }

    [Fact]
    public async Task A_later_grouping_takes_over_from_an_earlier_one()
    {
        var job = await EndedAsync(2);
        var earlier = await BeginAsync(job, job);
        var later = await BeginAsync(job, job);

        await RunAsync(Worker(store));

        Assert.Single(groups.Sent);
        Assert.All(
            [await store.Bulk.FindBulkAsync(earlier.Id, Cancellation), await store.Bulk.FindBulkAsync(later.Id, Cancellation)],
            bulk => Assert.Equal((BulkState.Completed, 1L), (bulk!.State, bulk.Done)));
    }

    private static async Task RunAsync(BulkWorker worker)
    {
        while (await worker.GroupOnceAsync(Cancellation) == TimeSpan.Zero)
        {
            // Until there is nothing to do.
        }
    }

    private async Task<BulkOperation> RunAsync(BulkWorker worker, EnqueuedJob job, params EnqueuedJob[] jobs)
    {
        var bulk = await BeginAsync(job, jobs);
        await RunAsync(worker);
        return (await store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!;
    }

    private async Task<BulkOperation> BeginAsync(EnqueuedJob job, params EnqueuedJob[] jobs)
    {
        var query = new JobQuery { Limit = 1, OnlyIds = [job.JobId] };
        var bulk = await store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Group, null, "{}", query, null, 1) { Threshold = 0.5 }, Cancellation);
        await store.Groupings.BeginGroupingAsync(
            new Grouping
            {
                JobKey = job.Key,
                BulkKey = bulk.Key,
                Jobs = [.. jobs.Select(one => one.Key)],
                Threshold = 0.5,
                MinSize = 2,
                Total = jobs.Sum(one => one.Total),
            },
            Cancellation);
        return bulk;
    }

    private BulkWorker Worker(IQueueStore of)
    {
        var services = new ServiceRegistry([new GroupedAdapter(groups)]);
        var (upstreams, setup) = (new LiteralUpstreams(), CallSetup.With(new HttpClient()));
        return new(
            of,
            new Rematcher(of, services, new SubjectReader(services, NullLogger.Instance), upstreams, setup, new QueueFeed(), clock),
            new Grouper(of, services, upstreams, setup, clock), new OwnedTasks(), new QueueFeed(), new Wakeup(clock), clock,
            NullLogger.Instance);
    }

    private async Task<EnqueuedJob> EndedAsync(int tasks)
    {
        var job = await store.EnqueueAsync(node, tasks, TestJobs.Job, Cancellation);
        for (var ended = 0; ended < tasks;)
        {
            var batch = await store.Work.ClaimAsync(node, 1000, 0, [TestJobs.Service], Cancellation);
            await store.Work.ApplyAsync(
                node,
                [
                    .. batch.Tasks.Select(task => new AttemptResult
                    {
                        Task = task,
                        Event = TaskEvent.Succeed,
                        Output = "{}"u8.ToArray(),
                        Derived = Encoding.UTF8.GetBytes($"{TaskKey.OrdinalOf(task.Key)}"),
                    }),
                ],
                Cancellation);
            ended += batch.Tasks.Count;
        }

        return job;
    }

    /// <summary>Two groups: the first and last result, and the first alone.</summary>
    private sealed class Groups : IResultGrouping
    {
        public List<int> Sent { get; } = [];

        public double? Threshold { get; private set; }

        public int MinSize { get; private set; }

        public bool IsBusy { get; set; }

        public bool IsEndless { get; set; }

        public string? Refusal { get; set; }

        public Func<Task>? OnCall { get; set; }

        public async Task<GroupingOutcome?> GroupAsync(GroupingContext context, CancellationToken cancellationToken)
        {
            (Threshold, MinSize) = (context.Threshold, context.MinSize);
            var sent = 0;
            await foreach (var item in context.Items)
            {
                Assert.False(item.Derived.IsEmpty);
                sent++;
            }

            if (IsBusy) return null;
            if (Refusal is { } reason) throw new InvalidOperationException(reason);
            Sent.Add(sent);
            if (OnCall is { } call) await call();
            if (IsEndless) await Task.Delay(Timeout.Infinite, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return new GroupingOutcome(5, 40, 30, [new(1, [new(0, 1), new(sent - 1, 0)]), new(1, [new(0, 0)])]);
        }
    }

    private sealed class GroupedAdapter(IResultGrouping grouping) : IServiceAdapter
    {
        public AdapterManifest Manifest { get; } = TestJobs.Manifest with
        {
            Operations = [new AdapterOperation("echo", "echo", "echo_batch") { Grouping = grouping }],
        };

        public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Nothing is called.");
    }
}
