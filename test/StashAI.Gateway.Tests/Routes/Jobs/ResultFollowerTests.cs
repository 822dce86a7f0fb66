using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary>Results that are followed: each comes by notification, and soon when another process recorded it.</summary>
public sealed class ResultFollowerTests(PostgresFixture postgres)
{
    /// <summary>More than the machine of a test may be late; the promise is 250 ms.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int Tasks = 21;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_comes_by_notification_without_polling()
    {
        using var folder = new TempFolder();
        await using var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = folder.File("queue.db") }, Cancellation);
        var clock = new CountedTimers();
        var feed = new QueueFeed();
        var job = await EnqueueAsync(store);
        await using var results = Follow(store, feed, job, clock).GetAsyncEnumerator(Cancellation);
        var next = results.MoveNextAsync().AsTask();

        feed.Publish((await store.Control.CancelTaskAsync(TaskKey.From(job.Key, 0), Cancellation)).Changes);
        // The clock stands still but for the pause in which results gather, which is far shorter than that between two polls.
        for (var i = 0; i < 13 && await Task.WhenAny(next, clock.NextTimerAsync(Cancellation)) != next; i++)
            clock.Advance(TimeSpan.FromMilliseconds(11));

        Assert.True(await next.WaitAsync(Patience, Cancellation));
        Assert.Equal(0, Assert.Single(results.Current).Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_that_is_deleted_is_no_end_of_its_results(bool byItem)
    {
        using var folder = new TempFolder();
        await using var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = folder.File("queue.db") }, Cancellation);
        var job = await EnqueueAsync(store);
        await using var results = ResultFollower.ReadAsync(
            store.Read, new DownloadRoom(), new QueueFeed(), job, 0, byItem, new FakeTimeProvider(), CancellationToken.None, Cancellation)
            .GetAsyncEnumerator(Cancellation);
        await store.Control.CancelJobAsync(job.Key, Cancellation);
        Assert.True(await store.Control.RemoveJobAsync(job.Key, Cancellation));

        var refusal = await Assert.ThrowsAsync<RequestException>(async () => await results.MoveNextAsync());

        Assert.Contains("was deleted", refusal.Problem.Detail, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RequestException>(async () =>
        {
            await foreach (var _ in FinishedResults.ReadAsync(store.Read, new DownloadRoom(), job, 0, Cancellation)) { }
        });
    }

    [Fact]
    public async Task A_result_of_another_process_comes_within_250_ms_on_sqlite()
    {
        using var folder = new TempFolder();
        var settings = new SqliteSettings { Path = folder.File("queue.db") };
        await using var gateway = await SqliteStore.OpenAsync(settings, Cancellation);
        await using var other = await SqliteStore.OpenAsync(settings, Cancellation);

        await MeasureAsync(gateway, other);
    }

    [Fact]
    public async Task A_result_of_another_process_comes_within_250_ms_on_postgresql()
    {
        var database = await postgres.CreateQueueAsync(Cancellation);
        var settings = new PostgresSettings { Url = database.Url };
        await using var gateway = await PostgresStore.OpenAsync(settings, Cancellation);
        await using var other = await PostgresStore.OpenAsync(settings, Cancellation);

        await MeasureAsync(gateway, other);
    }

    /// <summary>The median over many results: a single one may be late because the machine is.</summary>
    private static async Task MeasureAsync(IQueueStore gateway, IQueueStore other)
    {
        var job = await EnqueueAsync(other);
        await using var results = Follow(gateway, new QueueFeed(), job, TimeProvider.System).GetAsyncEnumerator(Cancellation);
        var times = new List<TimeSpan>();
        for (var i = 0; i < Tasks; i++)
        {
            var next = results.MoveNextAsync().AsTask();
            await other.Control.CancelTaskAsync(TaskKey.From(job.Key, i), Cancellation);
            var committed = Stopwatch.GetTimestamp();
            Assert.True(await next.WaitAsync(Patience, Cancellation));
            times.Add(Stopwatch.GetElapsedTime(committed));
            Assert.Equal(i, Assert.Single(results.Current).Ordinal);
        }

        Assert.False(await results.MoveNextAsync());
        Assert.InRange(times.Order().ElementAt(Tasks / 2), TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }

    private static IAsyncEnumerable<IReadOnlyList<TaskView>> Follow(IQueueStore store, QueueFeed feed, JobView job, TimeProvider clock) =>
        ResultFollower.ReadAsync(
            store.Read, new DownloadRoom(), feed, job, 0, byItem: true, clock, CancellationToken.None, Cancellation);

    private static async Task<JobView> EnqueueAsync(IQueueStore store)
    {
        var node = store.Nodes.Register("test", TimeSpan.FromMinutes(10));
        var job = await store.EnqueueAsync(node, Tasks, TestJobs.Job, Cancellation);
        return (await store.Read.FindJobAsync(job.JobId, Cancellation))!;
    }

    /// <summary>A clock that stands still, and tells when somebody begins to wait for it.</summary>
    private sealed class CountedTimers : FakeTimeProvider
    {
        private readonly SemaphoreSlim timers = new(0);

        public Task NextTimerAsync(CancellationToken cancellationToken) => timers.WaitAsync(cancellationToken);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            timers.Release();
            return timer;
        }
    }
}
