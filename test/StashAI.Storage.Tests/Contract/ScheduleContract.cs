using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Schedules: each due moment becomes one run, which one process at a time works on.</summary>
public abstract class ScheduleContract(IStoreHost host) : StoreContract(host)
{
    private static readonly Guid Me = Guid.NewGuid();
    private static readonly Guid Other = Guid.NewGuid();
    private static readonly TimeSpan WorkerLease = TimeSpan.FromSeconds(10);

    private ISchedules Schedules => Store.Schedules;

    [Fact]
    public async Task A_schedule_keeps_all_that_was_given()
    {
        var given = New("nightly") with
        {
            Operation = "identify",
            Config = """{"tags":["é"]}""",
            DeadlineSeconds = 90,
            Owner = "laptop",
            Overlap = ScheduleOverlap.Queue,
            DueAt = Clock.GetUtcNow().AddHours(1),
        };

        var added = (await Schedules.AddScheduleAsync(given, Cancellation))!;

        Assert.Null(await Schedules.AddScheduleAsync(New("nightly"), Cancellation));
        Assert.Equal(given with { Key = added.Key, CreatedAt = Clock.GetUtcNow(), UpdatedAt = Clock.GetUtcNow() }, added);
        var another = (await OpenAnotherAsync()).Schedules;
        Assert.Equal(added, await another.FindScheduleAsync(added.Id, Cancellation));
        Assert.Equal(added, await another.FindScheduleAsync("nightly", Cancellation));
        Assert.Null(await another.FindScheduleAsync(Guid.NewGuid(), Cancellation));
        var second = (await Schedules.AddScheduleAsync(New("hourly") with { IsPaused = true }, Cancellation))!;
        Assert.Equal([second, added], await Schedules.ListSchedulesAsync(long.MaxValue, 10, Cancellation));
        Assert.Equal([added], await Schedules.ListSchedulesAsync(second.Key, 10, Cancellation));
    }

    [Fact]
    public async Task A_change_is_refused_when_somebody_else_changed_it_or_has_the_name()
    {
        var first = await AddAsync("first");
        await AddAsync("second");

        Assert.Equal(ScheduleSave.NameTaken, await SaveAsync(first with { Name = "second" }));
        Assert.Equal(ScheduleSave.Saved, await SaveAsync(first with { Name = "renamed", IsPaused = true, DueAt = null, Owner = "x" }));
        Assert.Equal(ScheduleSave.Outdated, await SaveAsync(first with { Name = "again" }));

        var now = (await Schedules.FindScheduleAsync(first.Id, Cancellation))!;
        Assert.Equal(("renamed", true, null, "x", 1), (now.Name, now.IsPaused, now.DueAt, now.Owner, now.Version));
        Assert.True(await Schedules.RemoveScheduleAsync(first.Key, Cancellation));
        Assert.False(await Schedules.RemoveScheduleAsync(first.Key, Cancellation));
        Assert.Equal(ScheduleSave.Outdated, await SaveAsync(now));
    }

    [Fact]
    public async Task A_due_moment_becomes_one_run_over_all_processes()
    {
        var schedule = await AddAsync("due", due: Clock.GetUtcNow().AddMinutes(1));
        Assert.Empty(await Schedules.ListDueAsync(10, Cancellation));
        Assert.Equal((schedule.DueAt, false), await Schedules.ReadNextAsync(Cancellation));
        Clock.Advance(TimeSpan.FromMinutes(1));
        var due = Assert.Single(await Schedules.ListDueAsync(10, Cancellation));
        var next = Clock.GetUtcNow().AddHours(1);
        var another = (await OpenAnotherAsync()).Schedules;

        var begun = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? Schedules : another).BeginRunAsync(due, next, Cancellation)));

        Assert.Single(begun, mine => mine);
        Assert.Equal((next, true), await Schedules.ReadNextAsync(Cancellation));
        var taken = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? Schedules : another).TakeRunAsync(Me, WorkerLease, Cancellation)));
        var run = Assert.Single(taken, one => one is not null)!;
        Assert.Equal((due.DueAt!.Value, ScheduleRunState.Running, false), (run.Run.Moment, run.Run.State, run.Run.IsAsked));
        Assert.Equal((Clock.GetUtcNow(), next), (run.Run.StartedAt!.Value, run.Schedule.DueAt!.Value));
    }

    [Fact]
    public async Task A_schedule_that_was_changed_begins_no_run_of_its_former_moment()
    {
        await AddAsync("due", due: Clock.GetUtcNow());
        var due = Assert.Single(await Schedules.ListDueAsync(10, Cancellation));
        await SaveAsync(due with { Cron = "1 * * * *" });

        Assert.False(await Schedules.BeginRunAsync(due, null, Cancellation));
        Assert.Empty(await Schedules.ListRunsAsync(due.Key, long.MaxValue, 10, Cancellation));
    }

    [Fact]
    public async Task A_run_is_taken_over_when_its_process_is_gone_and_ends_once()
    {
        var schedule = await AddAsync("asked");
        await Schedules.AskRunAsync(schedule.Key, Cancellation);
        var mine = (await Schedules.TakeRunAsync(Me, WorkerLease, Cancellation))!.Run;
        Clock.Advance(WorkerLease / 2);
        Assert.True(await Schedules.RenewRunAsync(mine.Key, Me, WorkerLease, Cancellation));
        Clock.Advance(WorkerLease * 0.9);
        Assert.Null(await Schedules.TakeRunAsync(Other, WorkerLease, Cancellation));
        Clock.Advance(WorkerLease * 0.2);

        var taken = (await Schedules.TakeRunAsync(Other, WorkerLease, Cancellation))!.Run;

        Assert.Equal(mine, taken);
        Assert.False(await Schedules.RenewRunAsync(mine.Key, Me, WorkerLease, Cancellation));
        Assert.False(await Schedules.FinishRunAsync(Me, mine with { State = ScheduleRunState.Failed }, Cancellation));
        var job = Guid.NewGuid();
        var done = taken with { State = ScheduleRunState.Submitted, JobId = job, Items = 3, FinishedAt = Clock.GetUtcNow() };
        Assert.True(await Schedules.FinishRunAsync(Other, done, Cancellation));
        Assert.False(await Schedules.FinishRunAsync(Other, done, Cancellation));
        Assert.Equal([done], await Schedules.ListRunsAsync(schedule.Key, long.MaxValue, 10, Cancellation));
        var now = (await Schedules.FindScheduleAsync(schedule.Id, Cancellation))!;
        Assert.Equal((job, done), (now.LastJob, now.LastRun));
        Assert.Equal((null, false), await Schedules.ReadNextAsync(Cancellation));
    }

    [Fact]
    public async Task At_most_one_run_of_a_schedule_waits_and_runs_go_one_after_the_other()
    {
        var schedule = await AddAsync("asked");
        var first = (await Schedules.AskRunAsync(schedule.Key, Cancellation))!;
        Assert.Equal(first.Key, (await Schedules.TakeRunAsync(Me, WorkerLease, Cancellation))!.Run.Key);
        var second = (await Schedules.AskRunAsync(schedule.Key, Cancellation))!;
        var third = (await Schedules.AskRunAsync(schedule.Key, Cancellation))!;

        Assert.Equal(
            (ScheduleRunState.Waiting, ScheduleRunState.Skipped, ISchedules.AnotherWaits, Clock.GetUtcNow()),
            (second.State, third.State, third.Reason, third.FinishedAt));
        Assert.True(first.Moment < second.Moment && second.Moment < third.Moment);
        Assert.Null(await Schedules.TakeRunAsync(Other, WorkerLease, Cancellation));
        await Schedules.FinishRunAsync(Me, first with { State = ScheduleRunState.Nothing }, Cancellation);
        Assert.Equal(second.Key, (await Schedules.TakeRunAsync(Other, WorkerLease, Cancellation))!.Run.Key);
        await Schedules.PostponeRunAsync(second.Key, Other, TimeSpan.FromSeconds(2), Cancellation);
        Assert.Null(await Schedules.TakeRunAsync(Other, WorkerLease, Cancellation));
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(second.Key, (await Schedules.TakeRunAsync(Me, WorkerLease, Cancellation))!.Run.Key);
        Assert.Null(await Schedules.AskRunAsync(schedule.Key + 1, Cancellation));
    }

    [Fact]
    public async Task The_history_keeps_the_newest_runs_only()
    {
        var schedule = await AddAsync("often");
        await Schedules.AskRunAsync(schedule.Key, Cancellation);
        for (var i = 0; i < ISchedules.KeptRuns + 20; i++) await Schedules.AskRunAsync(schedule.Key, Cancellation);

        var kept = await Schedules.ListRunsAsync(schedule.Key, long.MaxValue, 1000, Cancellation);

        // The first one is open, and stays.
        Assert.Equal((ISchedules.KeptRuns + 1, ScheduleRunState.Waiting), (kept.Count, kept[^1].State));
        var page = await Schedules.ListRunsAsync(schedule.Key, kept[9].Key, 10, Cancellation);
        Assert.Equal(kept.Skip(10).Take(10), page);
    }

    [Fact]
    public async Task Planned_files_count_as_submitted_with_the_record_of_the_job()
    {
        var schedule = await AddAsync("files");
        ScheduleFile[] files = [new("/a", 1, 10), new("/b", 2, 20)];
        var run = await PlanAsync(schedule, files);
        Assert.True(await Schedules.PlanFilesAsync(Me, run.Key, files, [], Cancellation));
        Assert.False(await Schedules.PlanFilesAsync(Other, run.Key, [], [], Cancellation));
        Assert.Empty(await Schedules.ListFilesAsync(schedule.Key, Cancellation));
        await FinishAsync(run, ScheduleRunState.Failed);
        Assert.Empty(await Schedules.ListFilesAsync(schedule.Key, Cancellation));

        await FinishAsync(await PlanAsync(schedule, files), ScheduleRunState.Submitted);
        await FinishAsync(await PlanAsync(schedule, [new("/b", 3, 30), new("/c", 4, 40)], "/a", "/x"), ScheduleRunState.Submitted);

        var known = await Schedules.ListFilesAsync(schedule.Key, Cancellation);
        Assert.Equal([new("/b", 3, 30), new("/c", 4, 40)], known.OrderBy(file => file.Path, StringComparer.Ordinal));
        await Schedules.SaveScheduleAsync((await Schedules.FindScheduleAsync("files", Cancellation))!, forgetFiles: true, Cancellation);
        Assert.Empty(await Schedules.ListFilesAsync(schedule.Key, Cancellation));
    }

    [Fact]
    public async Task A_job_is_found_by_its_idempotency_key()
    {
        var job = await EnqueueAsync(2, TestJobs.Job with { IdempotencyKey = "k", RequestHash = new byte[] { 1 } });

        Assert.Equal((job.JobId, 2), await Schedules.FindJobAsync("k", Cancellation));
        Assert.Null(await Schedules.FindJobAsync("other", Cancellation));
    }

    private async Task<ScheduleRun> PlanAsync(Schedule schedule, ScheduleFile[] files, params string[] forgotten)
    {
        await Schedules.AskRunAsync(schedule.Key, Cancellation);
        var run = (await Schedules.TakeRunAsync(Me, WorkerLease, Cancellation))!.Run;
        await Schedules.PlanFilesAsync(Me, run.Key, files, forgotten, Cancellation);
        return run;
    }

    private Task<bool> FinishAsync(ScheduleRun run, ScheduleRunState state) =>
        Schedules.FinishRunAsync(Me, run with { State = state, JobId = Guid.NewGuid() }, Cancellation);

    private Task<ScheduleSave> SaveAsync(Schedule schedule) => Schedules.SaveScheduleAsync(schedule, forgetFiles: false, Cancellation);

    private async Task<Schedule> AddAsync(string name, DateTimeOffset? due = null) =>
        (await Schedules.AddScheduleAsync(New(name) with { DueAt = due }, Cancellation))!;

    private static Schedule New(string name) => new()
    {
        Id = Guid.NewGuid(),
        Name = name,
        Cron = "0 3 * * *",
        TimeZone = "Europe/Berlin",
        Service = "visage",
        Source = """{"type":"body","body":{}}""",
    };
}
