using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Subjects;
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

/// <summary>Results that are judged again: whole, in steps, over the death of a process, and only where something is stored.</summary>
public abstract class RematcherTests(PostgresFixture? postgres) : IAsyncLifetime
{
    /// <summary>More than two steps.</summary>
    private const int Tasks = (2 * IRematches.MaxResults) + 7;

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Judge judge = new();
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

    public sealed class OnSqlite() : RematcherTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : RematcherTests(postgres);

    [Fact]
    public async Task All_results_and_the_aggregate_are_judged_again_and_what_has_nothing_stored_stays()
    {
        var job = await EndedAsync(Tasks, task => task % 10 == 3 ? [] : Number(task));
        var before = await JobAsync(job);
        judge.Version = 5;

        var bulk = await RunAsync(Worker(store), job, threshold: 0.25);

        Assert.Equal((BulkState.Completed, 1L, 0L), (bulk.State, bulk.Done, bulk.Failed));
        var results = await ResultsAsync(job);
        var expected = Enumerable.Range(0, Tasks).Select(task => task % 10 == 3 ? 1 : task + 5).ToList();
        Assert.Equal(expected, results);
        // Results without anything stored were not judged again, and so not read.
        var shown = await store.Subjects.ListOfJobAsync(job.Key, null, Tasks + 1, Cancellation);
        Assert.Equal(
            Enumerable.Range(0, Tasks).Where(task => task % 10 != 3).Select(task => $"{task + 5}").Order(StringComparer.Ordinal),
            shown.Subjects.Select(one => one.Subject).Order(StringComparer.Ordinal));
        var after = await JobAsync(job);
        Assert.Equal(expected.Sum(), Read(after.Aggregate));
        Assert.Equal((before.State, before.FinishedAt, before.Counters), (after.State, after.FinishedAt, after.Counters));
        Assert.True(after.Version > before.Version);
        Assert.All(judge.Thresholds, threshold => Assert.Equal(0.25, threshold));
        Assert.Equal(3, judge.Thresholds.Count);
        var progress = (await store.Rematches.FindRematchAsync(job.Key, Cancellation))!;
        var judged = expected.Count - Enumerable.Range(0, Tasks).Count(task => task % 10 == 3);
        Assert.Equal(
            (true, Tasks, judged, judged, 5L, 0.25),
            (progress.IsOver, progress.Done, progress.Judged, progress.Changed, progress.Version, progress.Threshold));
    }

    [Fact]
    public async Task Another_process_goes_on_where_one_died_and_judges_nothing_again_that_is_stored()
    {
        var job = await EndedAsync(Tasks, Number);
        judge.Version = 2;
        judge.DiesAt = 2;
        var bulk = await AddAsync(job, null);
        var dead = Worker(store);
        await dead.RunOnceAsync(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead.RunOnceAsync(judge.Death.Token));
        Assert.Equal(IRematches.MaxResults, (await store.Rematches.FindRematchAsync(job.Key, Cancellation))!.Done);
        judge.DiesAt = null;

        clock.Advance(BulkWorker.Lease);
        await RunAsync(Worker(await house.OpenStoreAsync(clock)));

        Assert.Equal(BulkState.Completed, (await store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!.State);
        var expected = Enumerable.Range(0, Tasks).Select(task => task + 2).ToList();
        Assert.Equal(expected, await ResultsAsync(job));
        Assert.Equal(expected.Sum(), Read((await JobAsync(job)).Aggregate));
        Assert.Equal(Enumerable.Range(0, Tasks), judge.Judged.Order().Distinct());
        // Two steps are judged at once: what the dead process had judged behind the stored step is judged again.
        Assert.Equal(IRematches.MaxResults, judge.Judged.Count(task => task < IRematches.MaxResults));
    }

    [Fact]
    public async Task A_step_is_judged_while_the_one_before_is_with_the_service()
    {
        var job = await EndedAsync(Tasks, Number);
        judge.Version = 3;
        // Were they judged in turns, the first would never be answered.
        judge.AnswersFirstAt = 2;

        await RunAsync(Worker(store), job, null);

        Assert.Equal(Enumerable.Range(0, Tasks).Select(task => task + 3), await ResultsAsync(job));
        Assert.Equal(Enumerable.Range(0, Tasks).Sum(task => task + 3), Read((await JobAsync(job)).Aggregate));
    }

    [Fact]
    public async Task What_is_judged_is_stored_when_the_next_step_fails_and_the_rematch_goes_on_behind_it()
    {
        var job = await EndedAsync(Tasks, Number);
        judge.FailsAt = 2;
        var bulk = await AddAsync(job, null);
        var worker = Worker(store);
        await worker.RunOnceAsync(Cancellation);
        await worker.RunOnceAsync(Cancellation);

        Assert.Equal(IRematches.MaxResults, (await store.Rematches.FindRematchAsync(job.Key, Cancellation))!.Done);
        Assert.Equal(BulkState.Running, (await store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!.State);
        Assert.Equal(IRematches.MaxResults, (await ResultsAsync(job)).IndexOf(1, 1));
        await RunAsync(worker);
        Assert.Equal((1L, 0L), await CountsAsync(bulk));
        Assert.Equal(Enumerable.Range(1, Tasks), await ResultsAsync(job));
    }

    [Fact]
    public async Task What_says_the_same_as_before_is_not_written_again()
    {
        var job = await EndedAsync(Tasks, task => task % 2 == 0 ? Number(0) : Number(task));
        long[] tasks = [.. Enumerable.Range(0, Tasks).Select(task => Key(job, task))];
        var before = await VersionsAsync(tasks);

        await RunAsync(Worker(store), job, null);

        // The results were 1 and are 1 again where 0 was computed.
        var after = await VersionsAsync(tasks);
        Assert.All(Enumerable.Range(0, Tasks), task => Assert.Equal(task % 2 == 0 ? 0 : 1, after[tasks[task]] - before[tasks[task]]));
        Assert.Equal(Enumerable.Range(0, Tasks).Select(task => task % 2 == 0 ? 1 : task + 1), await ResultsAsync(job));
        Assert.Equal(Tasks, (await store.Rematches.FindRematchAsync(job.Key, Cancellation))!.Judged);
    }

    [Fact]
    public async Task An_operation_is_kept_while_its_jobs_together_take_longer_than_the_lease_and_a_stop_ends_them()
    {
        using var saved = new SemaphoreSlim(0);
        var noted = new FaultyStore(store);
        noted.Bulk = new FaultyBulk(store.Bulk, _ => null) { OnSaved = () => saved.Release() };
        var jobs = new[] { await EndedAsync(1, Number), await EndedAsync(1, Number), await EndedAsync(1, Number) };
        var query = new JobQuery { Limit = 9, OnlyIds = [.. jobs.Select(job => job.JobId)] };
        var bulk = await store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Rematch, null, "{}", query, null, 3), Cancellation);
        var worker = Worker(noted);
        await worker.RunOnceAsync(Cancellation);
        await saved.WaitAsync(Cancellation);
        using var turn = new SemaphoreSlim(1);
        judge.OnCall = async _ =>
        {
            // Each job has one step, which is shorter than the lease.
            await turn.WaitAsync(Cancellation);
            clock.Advance(BulkWorker.Lease / 2);
            await saved.WaitAsync(Cancellation);
            Assert.Null(await store.Bulk.TakeBulkAsync(Guid.NewGuid(), BulkWorker.Lease, Cancellation));
            turn.Release();
        };

        await RunAsync(worker);
        Assert.Equal((3L, 0L), await CountsAsync(bulk));

        // The next one is stopped while the service does not answer.
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        judge.OnCall = cancellationToken =>
        {
            called.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var stopped = await AddAsync(jobs[0], null);
        await worker.RunOnceAsync(Cancellation);
        var running = worker.RunOnceAsync(Cancellation);
        await called.Task.WaitAsync(Cancellation);
        await store.Bulk.StopBulkAsync(stopped.Id, Cancellation);
        while (!running.IsCompleted)
        {
            clock.Advance(BulkWorker.Heartbeat);
            await Task.Yield();
        }

        await running;
        Assert.Equal(BulkState.Stopped, (await store.Bulk.FindBulkAsync(stopped.Id, Cancellation))!.State);
        Assert.Equal((0L, 0L), await CountsAsync(stopped));
    }

    [Fact]
    public async Task It_waits_for_a_service_that_cannot_answer_now()
    {
        var job = await EndedAsync(3, Number);
        judge.IsBusy = true;
        var bulk = await AddAsync(job, null);
        var worker = Worker(store);
        await worker.RunOnceAsync(Cancellation);
        for (var i = 0; i < BulkTries.Max + 2; i++) Assert.Equal(BulkWorker.Pause, await worker.RunOnceAsync(Cancellation));
        judge.IsBusy = false;

        await RunAsync(worker);

        Assert.Equal((1L, 0L), await CountsAsync(bulk));
        Assert.Equal([1, 2, 3], await ResultsAsync(job));
    }

    [Fact]
    public async Task A_job_that_runs_or_has_nothing_stored_is_refused_and_keeps_its_results()
    {
        var old = await EndedAsync(2, _ => []);
        var open = await store.EnqueueAsync(node, 1, TestJobs.Job, Cancellation);

        var ofOld = await RunAsync(Worker(store), old, null);
        var ofOpen = await RunAsync(Worker(store), open, null);

        Assert.Equal((0L, 1L), (ofOld.Done, ofOld.Failed));
        Assert.Contains($"/api/jobs/{old.JobId}/rerun", ofOld.Error, StringComparison.Ordinal);
        Assert.Contains("has not ended", ofOpen.Error, StringComparison.Ordinal);
        Assert.Equal([1, 1], await ResultsAsync(old));
        Assert.Empty(judge.Thresholds);
    }

    [Fact]
    public async Task A_later_rematch_takes_over_from_an_earlier_one()
    {
        var job = await EndedAsync(4, Number);
        var earlier = await AddAsync(job, 0.9);
        var later = await AddAsync(job, 0.1);
        await store.Rematches.BeginRematchAsync(job.Key, later, Cancellation);

        await RunAsync(Worker(store));

        Assert.Equal(((1L, 0L), (1L, 0L)), (await CountsAsync(earlier), await CountsAsync(later)));
        Assert.Equal([0.1], judge.Thresholds);
    }

    [Fact]
    public async Task Some_results_are_judged_at_once_while_the_job_runs_and_the_rest_with_the_aggregate_when_it_has_ended()
    {
        var ended = await EndedAsync(5, task => task == 1 ? [] : Number(10 * task));
        judge.Version = 5;
        Assert.Equal(
            2, await Judging(store).JudgeAsync(await JobAsync(ended), [Key(ended, 2), Key(ended, 1), Key(ended, 4)], 0.3, Cancellation));
        Assert.Equal([1, 1, 25, 1, 45], await ResultsAsync(ended));
        Assert.Equal(5, Read((await JobAsync(ended)).Aggregate));

        var open = await store.EnqueueAsync(node, 2, TestJobs.Job, Cancellation);
        await ApplyAsync(1, Number);
        Assert.Equal(1, await Judging(store).JudgeAsync(await JobAsync(open), [Key(open, 0), Key(open, 1)], null, Cancellation));
        Assert.Equal([5], await ResultsAsync(open));
        Assert.Equal([0.3, null], judge.Thresholds);
        var bulk = await AddAsync(open, null, awaitsEnd: true);
        var worker = Worker(store);
        await RunAsync(worker);
        Assert.Equal(BulkState.Running, (await store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!.State);
        await ApplyAsync(1, Number);
        await RunAsync(worker);

        Assert.Equal((1L, 0L), await CountsAsync(bulk));
        Assert.Equal([5, 6], await ResultsAsync(open));
        Assert.Equal(11, Read((await JobAsync(open)).Aggregate));
    }

    [Fact]
    public async Task A_result_that_changed_after_it_was_read_is_not_replaced()
    {
        var job = await EndedAsync(2, Number);
        var read = await store.Read.FindTasksAsync([Key(job, 0), Key(job, 1)], withOutput: false, Cancellation);
        await store.Rematches.SaveResultsAsync(
            job.Key, 0, [(read[0].Version, new JudgedResult(Key(job, 0), Number(1), Number(7), [new("7", 1)]))], Cancellation);

        var changes = await store.Rematches.SaveResultsAsync(
            job.Key, 0, [.. read.Select(task => (task.Version, new JudgedResult(task.Key, Number(1), Number(9), [new("9", 1)])))],
            Cancellation);

        Assert.Equal([Key(job, 1)], changes.Tasks.Select(task => task.Key));
        Assert.Equal([7, 9], await ResultsAsync(job));
        var shown = await store.Subjects.ListOfJobAsync(job.Key, null, 9, Cancellation);
        Assert.Equal([new JobSubject("9", 1, 1), new JobSubject("7", 1, 1)], shown.Subjects);
        Assert.Equal(9, Read((await store.Rematches.FindResultAsync(Key(job, 1), Cancellation))!.Value.Output));
        Assert.Null(await store.Rematches.FindResultAsync(Key(job, 2), Cancellation));
    }

    [Fact]
    public async Task The_service_is_not_waited_for_when_it_cannot_judge_at_once()
    {
        var job = await EndedAsync(2, Number);
        judge.IsBusy = true;

        Assert.Equal(0, await Judging(store).JudgeAsync(await JobAsync(job), [Key(job, 0)], null, Cancellation));

        Assert.Equal([1, 1], await ResultsAsync(job));
    }

    [Fact]
    public async Task What_was_computed_goes_with_the_job()
    {
        var job = await EndedAsync(3, Number);
        await RunAsync(Worker(store), job, null);
        Assert.True(await store.Rematches.HasDerivedAsync(job.Key, Cancellation));

        Assert.True(await store.Control.RemoveJobAsync(job.Key, Cancellation));
        while (await store.Maintain.RemoveUnreferencedAsync(100, Cancellation) > 0)
        {
            // Until all is removed.
        }

        Assert.False(await store.Rematches.HasDerivedAsync(job.Key, Cancellation));
        Assert.Null(await store.Rematches.FindRematchAsync(job.Key, Cancellation));
    }

    private static byte[] Number(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static int Read(ReadOnlyMemory<byte> json) => int.Parse(Encoding.UTF8.GetString(json.Span), CultureInfo.InvariantCulture);

    private static long Key(EnqueuedJob job, int ordinal) => TaskKey.From(job.Key, ordinal);

    private Rematcher Judging(IQueueStore of)
    {
        var services = new ServiceRegistry([new JudgedAdapter(judge)]);
        return new(
            of, services, new SubjectReader(services, NullLogger.Instance), new LiteralUpstreams(), CallSetup.With(new HttpClient()),
            new QueueFeed(), clock);
    }

    private Grouper Grouping(IQueueStore of) => new(
        of, new ServiceRegistry([new JudgedAdapter(judge)]), new LiteralUpstreams(), CallSetup.With(new HttpClient()), clock);

    private BulkWorker Worker(IQueueStore of) =>
        new(of, Judging(of), Grouping(of), new OwnedTasks(), new QueueFeed(), new Wakeup(clock), clock, NullLogger.Instance);

    private static async Task RunAsync(BulkWorker worker)
    {
        while (await worker.RunOnceAsync(Cancellation) == TimeSpan.Zero)
        {
            // Until there is nothing to do.
        }
    }

    private async Task<BulkOperation> RunAsync(BulkWorker worker, EnqueuedJob job, double? threshold)
    {
        var bulk = await AddAsync(job, threshold);
        await RunAsync(worker);
        return (await store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!;
    }

    private async Task<(long Done, long Failed)> CountsAsync(BulkOperation bulk) =>
        await store.Bulk.FindBulkAsync(bulk.Id, Cancellation) is { } found ? (found.Done, found.Failed) : default;

    private Task<BulkOperation> AddAsync(EnqueuedJob job, double? threshold, bool awaitsEnd = false)
    {
        var query = new JobQuery { Limit = 1, OnlyIds = [job.JobId], AwaitsEnd = awaitsEnd };
        return store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Rematch, null, "{}", query, null, 1) { Threshold = threshold }, Cancellation);
    }

    /// <summary>A job whose results are all 1.</summary>
    private async Task<EnqueuedJob> EndedAsync(int tasks, Func<int, byte[]> derived)
    {
        var job = await store.EnqueueAsync(node, tasks, TestJobs.Job, Cancellation);
        for (var ended = 0; ended < tasks;) ended += await ApplyAsync(1000, derived);
        return job;
    }

    /// <summary>Completes some of the open tasks; returns how many.</summary>
    private async Task<int> ApplyAsync(int tasks, Func<int, byte[]> derived)
    {
        var batch = await store.Work.ClaimAsync(node, tasks, 0, [TestJobs.Service], Cancellation);
        await store.Work.ApplyAsync(
            node,
            [
                .. batch.Tasks.Select(task => new AttemptResult
                {
                    Task = task,
                    Event = TaskEvent.Succeed,
                    Output = Number(1),
                    Part = new ResultPart(Sum.Instance, Number(1)),
                    Derived = derived(TaskKey.OrdinalOf(task.Key)),
                }),
            ],
            Cancellation);
        return batch.Tasks.Count;
    }

    private async Task<Dictionary<long, int>> VersionsAsync(IReadOnlyList<long> tasks) =>
        (await store.Read.FindTasksAsync(tasks, withOutput: false, Cancellation)).ToDictionary(task => task.Key, task => task.Version);

    private async Task<JobView> JobAsync(EnqueuedJob job) => (await store.Read.FindJobAsync(job.JobId, Cancellation))!;

    private async Task<List<int>> ResultsAsync(EnqueuedJob job)
    {
        var results = new List<int>();
        while (await store.Rematches.ReadResultsAsync(job.Key, results.Count, Cancellation) is { Count: > 0 } page)
            results.AddRange(page.Select(result => Read(result.Output)));
        return results;
    }

    /// <summary>The new result is what was computed plus the version.</summary>
    private sealed class Judge : IResultRematch
    {
        private readonly TaskCompletionSource firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock gate = new();

        public long Version { get; set; } = 1;

        public bool IsBusy { get; set; }

        /// <summary>The first call is answered when the one with this number is made.</summary>
        public int? AnswersFirstAt { get; set; }

        /// <summary>The call that fails, in a way that may pass.</summary>
        public int? FailsAt { get; set; }

        /// <summary>The call at which the process dies.</summary>
        public int? DiesAt { get; set; }

        public CancellationTokenSource Death { get; } = new();

        /// <summary>Runs before a call is answered.</summary>
        public Func<CancellationToken, Task>? OnCall { get; set; }

        public List<double?> Thresholds { get; } = [];

        /// <summary>The ordinals of the judged results, again for each time.</summary>
        public ConcurrentQueue<int> Judged { get; } = [];

        public async Task<RematchOutcome?> RematchAsync(RematchContext context, CancellationToken cancellationToken)
        {
            if (IsBusy) return null;
            int call;
            lock (gate)
            {
                Thresholds.Add(context.Threshold);
                call = Thresholds.Count;
            }

            if (OnCall is { } act) await act(cancellationToken);
            if (call == DiesAt)
            {
                await Death.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (call == FailsAt) throw new HttpRequestException("The service broke off.");
            if (call == AnswersFirstAt) firstAnswer.SetResult();
            if (AnswersFirstAt is not null && call == 1) await firstAnswer.Task.WaitAsync(cancellationToken);
            foreach (var item in context.Items) Judged.Enqueue(Read(item.Derived));
            return new RematchOutcome(
                Version,
                [.. context.Items.Select(item => new RematchedResult(Number(Read(item.Derived) + (int)Version), IsChanged: true))]);
        }
    }

    /// <summary>A result shows its number.</summary>
    private sealed class Shown : IResultSubjects
    {
        public static Shown Instance { get; } = new();

        public IReadOnlyList<ResultSubject> Read(ReadOnlyMemory<byte> output) => [new(Encoding.UTF8.GetString(output.Span), Tasks)];
    }

    private sealed class Sum : IResultFold
    {
        public static Sum Instance { get; } = new();

        public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output) => output;

        public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates) => Number(aggregates.Sum(Read));
    }

    private sealed class JudgedAdapter(Judge judge) : IServiceAdapter
    {
        public AdapterManifest Manifest { get; } = TestJobs.Manifest with
        {
            Operations =
            [
                new AdapterOperation("echo", "echo", "echo_batch")
                {
                    Fold = Sum.Instance,
                    Rematch = judge,
                    Subjects = Shown.Instance,
                },
            ],
        };

        public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A rematch makes no call.");
    }
}
