using System.Collections.Concurrent;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>
/// Several stores on one database at once, as processes on several hosts are: limits hold, no task runs twice, nobody deadlocks (S2, S3,
/// S13).
/// </summary>
public sealed class ConcurrencyTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private readonly PostgresHost host = new(postgres);
    private readonly List<(IQueueStore Store, long Node)> processes = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            var store = await host.OpenAsync(TimeProvider.System, Cancellation);
            processes.Add((store, store.Nodes.Register($"process {i}", Lease)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (store, _) in processes) await store.DisposeAsync();
        host.Verify();
        Assert.Equal(0L, host.Scalar("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Claims_of_several_processes_on_one_lane_hold_its_cap_and_take_no_task_twice()
    {
        const int Cap = 5;
        for (var i = 0; i < 3; i++) await EnqueueAsync(i, 60, TestJobs.Job with { Weight = 1 + i });
        await processes[0].Store.Gate.DeclareAsync([TestJobs.Manifest with { MaxRunning = Cap }], Cancellation);
        var running = 0;
        var most = 0;
        var seen = new ConcurrentDictionary<(long, int), bool>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => WorkAsync(processes[i % 4]), Cancellation)));

        Assert.Equal(180, seen.Count);
        Assert.InRange(most, 1, Cap);
        async Task WorkAsync((IQueueStore Store, long Node) process)
        {
            while ((await process.Store.Read.ReadTotalsAsync(Cancellation)).Completed < 180)
            {
                var batch = await process.Store.Work.ClaimAsync(process.Node, 3, 0, [TestJobs.Service], Cancellation);
                Raise(Interlocked.Add(ref running, batch.Tasks.Count));
                foreach (var task in batch.Tasks) Assert.True(seen.TryAdd((task.Key, task.Fence), true));
                // Counted down before the outcome is recorded: then our count is never above the truth.
                Interlocked.Add(ref running, -batch.Tasks.Count);
                await process.Store.Work.ApplyAsync(process.Node, [.. batch.Tasks.Select(Done)], Cancellation);
            }
        }

        void Raise(int now)
        {
            for (var before = most; now > before; before = most) Interlocked.CompareExchange(ref most, now, before);
        }
    }

    [Fact]
    public async Task Outcomes_of_several_kinds_lock_the_totals_in_the_order_in_which_a_claim_does()
    {
        var (store, node) = processes[0];
        await EnqueueAsync(0, 4, TestJobs.Job);
        var tasks = (await store.Work.ClaimAsync(node, 2, 0, [TestJobs.Service], Cancellation)).Tasks;
        await using var claim = host.Connect();
        await using var transaction = await claim.BeginTransactionAsync(Cancellation);
        await LockTotalAsync(TaskState.Available);

        var applied = store.Work.ApplyAsync(node, [Done(tasks[0]), Done(tasks[1]) with { Event = TaskEvent.Release }], Cancellation);
        while ((long)host.Scalar("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")! == 0) Assert.False(applied.IsCompleted);
        // As a claim goes on; whoever had locked this row and waits for the other would never end.
        await LockTotalAsync(TaskState.Running);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal([ApplyStatus.Applied, ApplyStatus.Applied], (await applied).Statuses);

        async Task LockTotalAsync(TaskState state)
        {
            await using var command = claim.CreateCommand();
            command.CommandText = $"UPDATE totals SET count = count WHERE kind = 0 AND state = {(int)state} AND node_id = {node}";
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Max_parallel_holds_over_processes_while_outcomes_come_in()
    {
        var job = await EnqueueAsync(0, 120, TestJobs.Job with { MaxParallel = 4 });
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watch = Task.Run(
            () =>
            {
                // The rule that a job never runs more than max_parallel is among those that are verified.
                while (!watching.IsCancellationRequested) host.Verify();
            },
            Cancellation);

        await Task.WhenAll(processes.Select(process => Task.Run(
            async () =>
            {
                while ((await process.Store.Read.FindJobsAsync([job.Key], Cancellation))[0].State != JobState.Completed)
                {
                    var batch = await process.Store.Work.ClaimAsync(process.Node, 8, 0, [TestJobs.Service], Cancellation);
                    await process.Store.Work.ApplyAsync(process.Node, [.. batch.Tasks.Select(Done)], Cancellation);
                }
            },
            Cancellation)));

        await watching.CancelAsync();
        await watch;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Claims_outcomes_cancels_uploads_and_upkeep_at_once_never_deadlock(int seed)
    {
        var jobs = new ConcurrentBag<EnqueuedJob>();
        for (var i = 0; i < 12; i++)
        {
            jobs.Add(
                await EnqueueAsync(i % 4, 20, TestJobs.Job with { Priority = i % 3, Service = i % 2 == 0 ? TestJobs.Service : "other" }));
        }

        await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => Task.Run(() => ActAsync(processes[i % 4], i, new Random((seed * 100) + i)), Cancellation)));

        host.Verify();
        async Task ActAsync((IQueueStore Store, long Node) process, int role, Random random)
        {
            for (var turn = 0; turn < 40; turn++)
            {
                switch (role)
                {
                    case < 7:
                        var batch = await process.Store.Work.ClaimAsync(
                            process.Node, 1 + random.Next(30), 0, [TestJobs.Service, "other"], Cancellation);
                        var results = batch.Tasks.Select(task => Ended(task, random)).OrderBy(_ => random.Next()).ToList();
                        await process.Store.Work.ApplyAsync(process.Node, results, Cancellation);
                        break;
                    case 7:
                        jobs.Add(await EnqueueAsync(
                            role % 4, 1 + random.Next(10), TestJobs.Job with { Service = turn % 2 == 0 ? TestJobs.Service : "other" }));
                        break;
                    case 8:
                        var job = jobs.ElementAt(random.Next(jobs.Count));
                        await process.Store.Control.CancelTaskAsync(TaskKey.From(job.Key, random.Next(job.Total)), Cancellation);
                        if (turn % 10 == 0) await process.Store.Control.CancelJobAsync(job.Key, Cancellation);
                        break;
                    case 9:
                        await process.Store.Maintain.PromoteAsync(20, Cancellation);
                        break;
                    case 10:
                        var mortal = process.Store.Nodes.Register("mortal", Lease);
                        await process.Store.Work.ClaimAsync(mortal, 5, 0, [TestJobs.Service, "other"], Cancellation);
                        process.Store.Nodes.Leave(mortal);
                        await process.Store.Maintain.RescueAsync(100, Cancellation);
                        break;
                    default:
                        process.Store.Nodes.Renew(process.Node, Lease);
                        await process.Store.Maintain.RemoveUnreferencedAsync(10, Cancellation);
                        await process.Store.Maintain.RescueAsync(100, Cancellation);
                        break;
                }
            }
        }
    }

    [Fact]
    public async Task A_rescue_and_a_claim_of_the_same_node_leave_nothing_running_on_it()
    {
        var (store, _) = processes[0];
        for (var turn = 0; turn < 20; turn++)
        {
            await EnqueueAsync(1, 6, TestJobs.Job);
            var node = store.Nodes.Register("mortal", Lease);
            var claims = Enumerable.Range(0, 3).Select(i => Task.Run(
                () => processes[i].Store.Work.ClaimAsync(node, 2, 0, [TestJobs.Service], Cancellation), Cancellation));
            var rescues = Task.Run(
                async () =>
                {
                    processes[3].Store.Nodes.Leave(node);
                    for (var i = 0; i < 3; i++) await processes[3].Store.Maintain.RescueAsync(100, Cancellation);
                },
                Cancellation);
            await Task.WhenAll([.. claims, rescues]);
            await store.Maintain.RescueAsync(100, Cancellation);

            Assert.Equal(0L, host.Scalar($"SELECT COUNT(*) FROM queue_tasks WHERE state = 2 AND node_id = {node}"));
            host.Verify();
        }
    }

    private Task<EnqueuedJob> EnqueueAsync(int process, int tasks, NewJob job) =>
        processes[process].Store.EnqueueAsync(processes[process].Node, tasks, job, Cancellation);

    private static AttemptResult Done(ClaimedTask task) => new()
    {
        Task = task,
        Event = TaskEvent.Succeed,
        Output = "{}"u8.ToArray(),
        Call = new CallReport(200),
        Duration = TimeSpan.FromMilliseconds(1),
    };

    private static AttemptResult Ended(ClaimedTask task, Random random) => random.Next(6) switch
    {
        0 => new AttemptResult { Task = task, Event = TaskEvent.Release },
        1 => new AttemptResult { Task = task, Event = TaskEvent.RetryLater, ErrorKind = ErrorKind.ServiceError, ErrorMessage = "no" },
        2 => new AttemptResult { Task = task, Event = TaskEvent.Throttle, ErrorKind = ErrorKind.Throttled, ErrorMessage = "wait" },
        3 => new AttemptResult { Task = task, Event = TaskEvent.Fail, ErrorKind = ErrorKind.ServiceError, ErrorMessage = "broken" },
        _ => Done(task),
    };
}
