using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Gateway.Routes.Schedules;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Queue;

namespace StashAI.Gateway.Tests.Routes.Schedules;

/// <summary>The loop on a real database with a fake clock: when moments become runs, and who works on them.</summary>
public sealed class ScheduleLoopTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 3, 29, 12, 0, 0, TimeSpan.Zero));
    private readonly ScriptedWork work = new();
    private readonly List<IAsyncDisposable> opened = [];
    private SqliteStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var one in opened) await one.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_moment_runs_once_when_it_comes_and_the_loop_sleeps_until_then()
    {
        var schedule = await AddAsync("0 * * * *");
        using var loop = Loop(store);

        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(ScheduleLoop.PollInterval, await RunAsync(loop));
        clock.Advance(TimeSpan.FromMilliseconds(58_900));
        Assert.InRange(await RunAsync(loop), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.2));
        Assert.Empty(work.Runs);
        clock.Advance(TimeSpan.FromSeconds(2));
        await RunAsync(loop);
        await RunAsync(loop);

        var run = Assert.Single(work.Runs);
        Assert.Equal(new DateTimeOffset(2031, 3, 29, 13, 0, 0, TimeSpan.Zero), run.Moment);
        var now = await FindAsync(schedule);
        Assert.Equal((run.Moment.AddHours(1), ScheduleRunState.Submitted), (now.DueAt!.Value, now.LastRun!.State));
    }

    [Fact]
    public async Task The_hosted_loop_wakes_at_the_moment_without_a_sign()
    {
        await AddAsync("0 * * * *");
        using var loop = Loop(store);
        await loop.StartAsync(Cancellation);

        while (!work.First.Task.IsCompleted)
        {
            // Reading gives the loop a turn between two steps of the clock.
            clock.Advance(TimeSpan.FromSeconds(20));
            await store.Schedules.ReadNextAsync(Cancellation);
        }

        await loop.StopAsync(Cancellation);
        Assert.Equal(new DateTimeOffset(2031, 3, 29, 13, 0, 0, TimeSpan.Zero), work.Runs[0].Moment);
    }

    [Fact]
    public async Task Missed_moments_are_one_run_and_so_are_those_around_a_change_of_clocks()
    {
        var nightly = await AddAsync("30 2 * * *");
        using var loop = Loop(store);

        // Nobody runs for three days, on the second of which 02:30 does not exist.
        clock.Advance(TimeSpan.FromDays(3));
        await RunAsync(loop);
        await RunAsync(loop);

        Assert.Equal(new DateTimeOffset(2031, 3, 30, 1, 0, 0, TimeSpan.Zero), Assert.Single(work.Runs).Moment);
        Assert.Equal(new DateTimeOffset(2031, 4, 2, 0, 30, 0, TimeSpan.Zero), (await FindAsync(nightly)).DueAt);
    }

    [Fact]
    public async Task A_moment_runs_once_over_several_processes()
    {
        for (var i = 0; i < 3; i++) await AddAsync("*/5 * * * *", $"schedule {i}");
        var loops = new List<ScheduleLoop> { Loop(store) };
        for (var i = 0; i < 3; i++) loops.Add(Loop(await OpenAsync()));

        for (var moment = 0; moment < 5; moment++)
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            await Task.WhenAll(loops.Select(RunAsync));
            await Task.WhenAll(loops.Select(RunAsync));
        }

        Assert.Equal(15, work.Runs.Count);
        Assert.Equal(15, work.Runs.Select(run => run.Key).Distinct().Count());
        foreach (var loop in loops) loop.Dispose();
    }

    [Theory]
    [InlineData(ScheduleOverlap.Skip)]
    [InlineData(ScheduleOverlap.Queue)]
    public async Task While_the_job_of_the_run_before_is_not_over_a_run_is_skipped_or_waits(ScheduleOverlap overlap)
    {
        var schedule = await AddAsync("0 * * * *", overlap: overlap);
        var node = store.Nodes.Register("node", TimeSpan.FromDays(1));
        var job = await store.EnqueueAsync(node, 1, null, Cancellation);
        work.Outcome = run => run with { State = ScheduleRunState.Submitted, JobId = job.JobId, Items = 1 };
        using var loop = Loop(store);
        for (var hour = 0; hour < 3; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            await RunAsync(loop);
        }

        var states = (await HistoryAsync(schedule)).Select(run => run.State);
        Assert.Equal(
            overlap == ScheduleOverlap.Skip
                ? [ScheduleRunState.Skipped, ScheduleRunState.Skipped, ScheduleRunState.Submitted]
                : [ScheduleRunState.Skipped, ScheduleRunState.Waiting, ScheduleRunState.Submitted],
            states);
        Assert.Contains(
            overlap == ScheduleOverlap.Skip ? $"{job.JobId}" : "waits already", (await HistoryAsync(schedule))[0].Reason,
            StringComparison.Ordinal);

        await store.Control.CancelJobAsync(job.Key, Cancellation);
        clock.Advance(ScheduleLoop.QueuePause);
        await RunAsync(loop);

        Assert.Equal(overlap == ScheduleOverlap.Queue ? 2 : 1, work.Runs.Count);
    }

    [Fact]
    public async Task A_run_whose_process_dies_is_run_by_another_when_its_lease_is_over()
    {
        var schedule = await AddAsync("0 * * * *");
        work.Outcome = _ => throw new IOException("The process is gone.");
        using (var dying = Loop(store))
        {
            clock.Advance(TimeSpan.FromHours(1));
            await RunAsync(dying);
        }

        work.Outcome = null;
        using var loop = Loop(await OpenAsync());
        await RunAsync(loop);
        Assert.Equal(ScheduleRunState.Running, (await HistoryAsync(schedule))[0].State);
        clock.Advance(ScheduleLoop.Lease);
        await RunAsync(loop);

        Assert.Equal(ScheduleRunState.Submitted, Assert.Single(await HistoryAsync(schedule)).State);
        Assert.Single(work.Runs.Select(run => run.Key).Distinct());
    }

    [Fact]
    public async Task A_run_that_has_submitted_its_job_is_not_run_again()
    {
        var schedule = await AddAsync("0 * * * *");
        var job = Guid.NewGuid();
        work.Submitted = run => run with { State = ScheduleRunState.Submitted, JobId = job, Items = 3 };
        using var loop = Loop(store);

        clock.Advance(TimeSpan.FromHours(1));
        await RunAsync(loop);

        Assert.Empty(work.Runs);
        Assert.Equal((job, 3), (await HistoryAsync(schedule))[0] is { JobId: { } id, Items: { } items } ? (id, items) : default);
    }

    [Fact]
    public async Task A_run_that_a_stop_ends_is_given_back_at_once()
    {
        var schedule = await AddAsync("0 * * * *");
        var begun = new TaskCompletionSource();
        work.Hold = async stop =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop);
        };
        using var loop = Loop(store);
        using var stopping = new CancellationTokenSource();
        clock.Advance(TimeSpan.FromHours(1));
        await loop.RunOnceAsync(stopping.Token);
        await begun.Task.WaitAsync(Cancellation);
        var other = (await OpenAsync()).Schedules;

        await stopping.CancelAsync();
        await loop.WhenIdleAsync();
        Assert.Equal(ScheduleRunState.Waiting, (await HistoryAsync(schedule))[0].State);
        Assert.NotNull(await other.TakeRunAsync(Guid.NewGuid(), ScheduleLoop.Lease, Cancellation));
    }

    /// <summary>
    /// A clock that is years ahead for a while, with a run in that time or a schedule that was made then, and a restart or none.
    /// </summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_schedule_runs_at_its_next_moment_after_the_clock_was_ahead(bool ran, bool isRestarted)
    {
        var right = clock.GetUtcNow();
        var schedule = ran ? await AddAsync("0 * * * *") : null;
        var before = Loop(store);
        await RunAsync(before);
        clock.AdjustTime(right.AddYears(5));
        schedule ??= await AddAsync("0 * * * *");
        await RunAsync(before);
        Assert.Equal(ran ? 1 : 0, work.Runs.Count);

        clock.AdjustTime(right.AddSeconds(40));
        var after = isRestarted ? Loop(await OpenAsync()) : before;
        await RunAsync(after);
        // What ran in that time was the moment of 13:00, the first that was missed.
        var next = right.AddHours(ran ? 2 : 1);
        Assert.Equal(next, (await FindAsync(schedule)).DueAt);
        clock.AdjustTime(next);
        await RunAsync(after);

        Assert.Equal(next, work.Runs[^1].Moment);
        Assert.Equal(next.AddHours(1), (await FindAsync(schedule)).DueAt);
        before.Dispose();
        after.Dispose();
    }

    [Fact]
    public async Task A_moment_is_not_run_again_when_the_clock_is_set_back_behind_it()
    {
        var schedule = await AddAsync("0 12 * * *");
        clock.AdjustTime(new DateTimeOffset(2031, 3, 30, 10, 0, 5, TimeSpan.Zero));
        using var loop = Loop(store);
        await RunAsync(loop);

        clock.AdjustTime(clock.GetUtcNow().AddMinutes(-5));
        await RunAsync(loop);
        using var restarted = Loop(await OpenAsync());
        await RunAsync(restarted);
        clock.Advance(TimeSpan.FromMinutes(10));
        await RunAsync(restarted);

        Assert.Single(work.Runs);
        Assert.Equal(new DateTimeOffset(2031, 3, 31, 10, 0, 0, TimeSpan.Zero), (await FindAsync(schedule)).DueAt);
    }

    private static async Task<TimeSpan> RunAsync(ScheduleLoop loop)
    {
        var wait = await loop.RunOnceAsync(Cancellation);
        await loop.WhenIdleAsync();
        return wait;
    }

    private ScheduleLoop Loop(SqliteStore own) =>
        new(own.Schedules, own.Read, work, clock, NullLogger<ScheduleLoop>.Instance);

    private async Task<SqliteStore> OpenAsync()
    {
        var own = await SqliteStore.OpenAsync(new SqliteSettings { Path = folder.File("queue.db"), Clock = clock }, Cancellation);
        opened.Add(own);
        return own;
    }

    private async Task<Schedule> AddAsync(string cron, string name = "schedule", ScheduleOverlap overlap = ScheduleOverlap.Skip) =>
        (await store.Schedules.AddScheduleAsync(
            new Schedule
            {
                Id = Guid.NewGuid(),
                Name = name,
                Cron = cron,
                TimeZone = "Europe/Berlin",
                Overlap = overlap,
                Service = "visage",
                Source = "{}",
                DueAt = CronLine.Parse(cron, "Europe/Berlin").Next(clock.GetUtcNow()),
            },
            Cancellation))!;

    private async Task<Schedule> FindAsync(Schedule schedule) =>
        (await store.Schedules.FindScheduleAsync(schedule.Id, Cancellation))!;

    private Task<IReadOnlyList<ScheduleRun>> HistoryAsync(Schedule schedule) =>
        store.Schedules.ListRunsAsync(schedule.Key, long.MaxValue, 100, Cancellation);

    /// <summary>Notes the runs, and does with them what a test says.</summary>
    private sealed class ScriptedWork : IScheduledWork
    {
        private readonly Lock gate = new();

        public List<ScheduleRun> Runs { get; } = [];

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<ScheduleRun, ScheduleRun>? Outcome { get; set; }

        public Func<ScheduleRun, ScheduleRun>? Submitted { get; set; }

        public Func<CancellationToken, Task>? Hold { get; set; }

        public async Task<ScheduleRun> RunAsync(ClaimedRun claimed, CancellationToken cancellationToken)
        {
            lock (gate) Runs.Add(claimed.Run);
            First.TrySetResult();
            if (Hold is not null) await Hold(cancellationToken);
            return Outcome?.Invoke(claimed.Run)
                ?? claimed.Run with { State = ScheduleRunState.Submitted, JobId = Guid.NewGuid(), Items = 1 };
        }

        public Task<ScheduleRun?> FindSubmittedAsync(ClaimedRun claimed, CancellationToken cancellationToken) =>
            Task.FromResult(Submitted?.Invoke(claimed.Run));
    }
}
