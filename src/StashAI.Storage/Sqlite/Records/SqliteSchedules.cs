using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>Jobs that repeat, and their history.</summary>
internal sealed class SqliteSchedules(SqliteWriter writer, SqliteReaders readers) : ISchedules
{
    private const string Select = """
        SELECT s.id, s.public_id, s.name, s.cron, s.time_zone, s.overlap, s.service, s.operation, s.config, s.deadline_seconds, s.source,
            s.owner, s.is_paused, s.due_at, s.version, s.created_at, s.updated_at, s.last_job,
            r.id, r.moment, r.is_asked, r.state, r.started_at, r.finished_at, r.job_id, r.items, r.reason
        FROM schedules s LEFT JOIN schedule_runs r ON r.id = (SELECT MAX(n.id) FROM schedule_runs n WHERE n.schedule_id = s.id)
        """;

    private const string RunColumns = "id, moment, is_asked, state, started_at, finished_at, job_id, items, reason";

    private const string ByKey = $"{Select} WHERE s.id = ?1";

    private const string ById = $"{Select} WHERE s.public_id = ?1";

    private const string ByName = $"{Select} WHERE s.name = ?1";

    private const string Newest = $"{Select} WHERE s.id < ?1 ORDER BY s.id DESC LIMIT ?2";

    private const string Due = $"{Select} WHERE s.due_at <= stashai_now() ORDER BY s.due_at, s.id LIMIT ?1";

    private const string Insert = """
        INSERT INTO schedules (public_id, name, cron, time_zone, overlap, service, operation, config, deadline_seconds, source, owner,
            is_paused, due_at, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, stashai_now(), stashai_now())
        ON CONFLICT (name) DO NOTHING RETURNING id
        """;

    private const string NameOfOther = "SELECT 1 FROM schedules WHERE name = ?1 AND id <> ?2";

    private const string Update = """
        UPDATE schedules SET name = ?3, cron = ?4, time_zone = ?5, overlap = ?6, service = ?7, operation = ?8, config = ?9,
            deadline_seconds = ?10, source = ?11, owner = ?12, is_paused = ?13, due_at = ?14, version = version + 1,
            updated_at = stashai_now()
        WHERE id = ?1 AND version = ?2
        """;

    private const string Delete = "DELETE FROM schedules WHERE id = ?1";

    private const string DeleteFiles = "DELETE FROM schedule_files WHERE schedule_id = ?1";

    private const string DeletePlans =
        "DELETE FROM schedule_plans WHERE run_id IN (SELECT id FROM schedule_runs WHERE schedule_id = ?1 AND state < 2 /* open */)";

    private const string DeleteRuns = "DELETE FROM schedule_runs WHERE schedule_id = ?1";

    private const string Runs = $"SELECT {RunColumns} FROM schedule_runs WHERE schedule_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";

    private const string SetNext = "UPDATE schedules SET due_at = ?3 WHERE id = ?1 AND due_at = ?2 AND version = ?4";

    private const string HasWaiting = "SELECT 1 FROM schedule_runs WHERE schedule_id = ?1 AND state = 0 /* Waiting */ LIMIT 1";

    private const string LastMoment = "SELECT MAX(moment) FROM schedule_runs WHERE schedule_id = ?1";

    private const string Exists = "SELECT stashai_now() FROM schedules WHERE id = ?1";

    private const string InsertRun = $"""
        INSERT INTO schedule_runs (schedule_id, moment, is_asked, state, finished_at, reason)
        VALUES (?1, ?2, ?3, ?4, CASE WHEN ?4 > 1 THEN stashai_now() END, ?5) ON CONFLICT (schedule_id, moment) DO NOTHING
        RETURNING {RunColumns}
        """;

    private const string RemoveOldRuns = """
        DELETE FROM schedule_runs WHERE schedule_id = ?1 AND state > 1 /* over */
            AND id <= (SELECT id FROM schedule_runs WHERE schedule_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
        """;

    private const string NextDue = "SELECT MIN(due_at) FROM schedules WHERE due_at IS NOT NULL";

    private const string AnyOpen = "SELECT 1 FROM schedule_runs WHERE state < 2 /* open */ LIMIT 1";

    private const string FindFree = """
        SELECT r.id FROM schedule_runs r WHERE r.state < 2 /* open */ AND r.worker_until <= stashai_now()
            AND NOT EXISTS (SELECT 1 FROM schedule_runs o WHERE o.schedule_id = r.schedule_id AND o.state < 2 AND o.id < r.id)
        ORDER BY r.worker_until, r.id LIMIT 1
        """;

    private const string Take = $"""
        UPDATE schedule_runs SET state = 1 /* Running */, worker = ?2, worker_until = stashai_now() + ?3,
            started_at = COALESCE(started_at, stashai_now())
        WHERE id = ?1 AND state < 2 /* open */ AND worker_until <= stashai_now()
        RETURNING {RunColumns}, schedule_id
        """;

    private const string Renew = "UPDATE schedule_runs SET worker_until = stashai_now() + ?3 WHERE id = ?1 AND worker = ?2 AND state = 1";

    private const string Postpone = """
        UPDATE schedule_runs SET state = 0 /* Waiting */, worker = NULL, worker_until = stashai_now() + ?3
        WHERE id = ?1 AND worker = ?2 AND state = 1 /* Running */
        """;

    private const string Finish = """
        UPDATE schedule_runs SET state = ?3, job_id = ?4, items = ?5, reason = ?6, finished_at = stashai_now(), worker = NULL
        WHERE id = ?1 AND worker = ?2 AND state = 1 /* Running */ RETURNING schedule_id
        """;

    private const string SetLastJob = "UPDATE schedules SET last_job = ?2 WHERE id = ?1";

    private const string KeepPlan = """
        INSERT INTO schedule_files (schedule_id, path, size, modified)
        SELECT ?1, path, size, modified FROM schedule_plans WHERE run_id = ?2
        ON CONFLICT (schedule_id, path) DO UPDATE SET size = excluded.size, modified = excluded.modified
        """;

    private const string DeletePlan = "DELETE FROM schedule_plans WHERE run_id = ?1";

    private const string IsMine = "SELECT 1 FROM schedule_runs WHERE id = ?1 AND worker = ?2 AND state = 1 /* Running */";

    private const string InsertPlan = "INSERT INTO schedule_plans (run_id, path, size, modified) VALUES (?1, ?2, ?3, ?4)";

    private const string Forget =
        "DELETE FROM schedule_files WHERE schedule_id = (SELECT schedule_id FROM schedule_runs WHERE id = ?1) AND path = ?2";

    private const string Files = "SELECT path, size, modified FROM schedule_files WHERE schedule_id = ?1";

    private const string JobByKey = "SELECT public_id, total FROM queue_jobs WHERE idempotency_key = ?1";

    public Task<Schedule?> AddScheduleAsync(Schedule schedule, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Insert).Bind(1, schedule.Id).Bind(2, schedule.Name).Bind(3, schedule.Cron).Bind(4, schedule.TimeZone)
            .Bind(5, (int)schedule.Overlap).Bind(6, schedule.Service).Bind(7, schedule.Operation).Bind(8, schedule.Config)
            .Bind(9, schedule.DeadlineSeconds).Bind(10, schedule.Source).Bind(11, schedule.Owner).Bind(12, schedule.IsPaused ? 1 : 0)
            .Bind(13, schedule.DueAt?.ToUnixTimeMilliseconds()).Scalar() is { } key
            ? Read(session.Use(ByKey).Bind(1, key)).FirstOrDefault()
            : null,
        cancellationToken);

    public Task<Schedule?> FindScheduleAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session.Use(ById).Bind(1, id)).FirstOrDefault(), cancellationToken);

    public Task<Schedule?> FindScheduleAsync(string name, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session.Use(ByName).Bind(1, name)).FirstOrDefault(), cancellationToken);

    public Task<IReadOnlyList<Schedule>> ListSchedulesAsync(long before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<Schedule>>(
            session => Read(session.Use(Newest).Bind(1, before).Bind(2, limit)), cancellationToken);

    public Task<ScheduleSave> SaveScheduleAsync(Schedule schedule, bool forgetFiles, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                if (session.Use(NameOfOther).Bind(1, schedule.Name).Bind(2, schedule.Key).Scalar() is not null)
                    return ScheduleSave.NameTaken;
                var changed = session.Use(Update).Bind(1, schedule.Key).Bind(2, schedule.Version).Bind(3, schedule.Name)
                    .Bind(4, schedule.Cron).Bind(5, schedule.TimeZone).Bind(6, (int)schedule.Overlap).Bind(7, schedule.Service)
                    .Bind(8, schedule.Operation).Bind(9, schedule.Config).Bind(10, schedule.DeadlineSeconds).Bind(11, schedule.Source)
                    .Bind(12, schedule.Owner).Bind(13, schedule.IsPaused ? 1 : 0).Bind(14, schedule.DueAt?.ToUnixTimeMilliseconds()).Run();
                if (changed == 0) return ScheduleSave.Outdated;
                if (forgetFiles) session.Use(DeleteFiles).Bind(1, schedule.Key).Run();
                return ScheduleSave.Saved;
            },
            cancellationToken);

    public Task<bool> RemoveScheduleAsync(long schedule, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            if (session.Use(Delete).Bind(1, schedule).Run() == 0) return false;
            foreach (var sql in (ReadOnlySpan<string>)[DeletePlans, DeleteRuns, DeleteFiles]) session.Use(sql).Bind(1, schedule).Run();
            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<ScheduleRun>> ListRunsAsync(long schedule, long before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ScheduleRun>>(
            session => ReadRuns(session.Use(Runs).Bind(1, schedule).Bind(2, before).Bind(3, limit)), cancellationToken);

    public Task<ScheduleRun?> AskRunAsync(long schedule, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            if (session.Use(Exists).Bind(1, schedule).Scalar() is not { } now) return null;
            var moment = Math.Max(now, session.Use(LastMoment).Bind(1, schedule).Scalar() + 1 ?? now);
            return AddRun(session, schedule, moment, isAsked: true);
        },
        cancellationToken);

    public Task<(DateTimeOffset? Due, bool HasOpenRuns)> ReadNextAsync(CancellationToken cancellationToken) => readers.ReadAsync(
        session => (
            session.Use(NextDue).Scalar() is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : (DateTimeOffset?)null,
            session.Use(AnyOpen).Scalar() is not null),
        cancellationToken);

    public Task<IReadOnlyList<Schedule>> ListDueAsync(int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<Schedule>>(session => Read(session.Use(Due).Bind(1, limit)), cancellationToken);

    public Task<bool> BeginRunAsync(Schedule due, DateTimeOffset? next, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            var moment = due.DueAt!.Value.ToUnixTimeMilliseconds();
            var isMine = session.Use(SetNext).Bind(1, due.Key).Bind(2, moment).Bind(3, next?.ToUnixTimeMilliseconds()).Bind(4, due.Version)
                .Run() > 0;
            return isMine && AddRun(session, due.Key, moment, isAsked: false) is not null;
        },
        cancellationToken);

    public async Task<ClaimedRun?> TakeRunAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        // Usually there is none, and the write lock is not needed.
        if (await readers.ReadAsync(session => session.Use(FindFree).Scalar(), cancellationToken) is not { } key) return null;
        return await writer.RunAsync(
            session =>
            {
                var row = session.Use(Take).Bind(1, key).Bind(2, worker).Bind(3, (long)lease.TotalMilliseconds);
                if (!row.Step()) return null;
                var (run, schedule) = (ReadRun(row, 0), row.Int64(9));
                row.Reset();
                return Read(session.Use(ByKey).Bind(1, schedule)) is [var found] ? new ClaimedRun(found, run, worker) : null;
            },
            cancellationToken);
    }

    public Task<bool> RenewRunAsync(long run, Guid worker, TimeSpan lease, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Renew).Bind(1, run).Bind(2, worker).Bind(3, (long)lease.TotalMilliseconds).Run() > 0, cancellationToken);

    public Task PostponeRunAsync(long run, Guid worker, TimeSpan delay, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Postpone).Bind(1, run).Bind(2, worker).Bind(3, (long)delay.TotalMilliseconds).Run(), cancellationToken);

    public Task<bool> FinishRunAsync(Guid worker, ScheduleRun run, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            var schedule = session.Use(Finish).Bind(1, run.Key).Bind(2, worker).Bind(3, (int)run.State).Bind(4, run.JobId)
                .Bind(5, (long?)run.Items).Bind(6, run.Reason).Scalar();
            if (schedule is not { } key) return false;
            if (run.State == ScheduleRunState.Submitted)
            {
                session.Use(SetLastJob).Bind(1, key).Bind(2, run.JobId).Run();
                session.Use(KeepPlan).Bind(1, key).Bind(2, run.Key).Run();
            }

            session.Use(DeletePlan).Bind(1, run.Key).Run();
            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<ScheduleFile>> ListFilesAsync(long schedule, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ScheduleFile>>(
            session =>
            {
                var found = new List<ScheduleFile>();
                var row = session.Use(Files).Bind(1, schedule);
                while (row.Step()) found.Add(new ScheduleFile(row.Text(0), row.Int64(1), row.Int64(2)));
                return found;
            },
            cancellationToken);

    public Task<bool> PlanFilesAsync(
        Guid worker, long run, IReadOnlyList<ScheduleFile> files, IReadOnlyList<string> forgotten, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                if (session.Use(IsMine).Bind(1, run).Bind(2, worker).Scalar() is null) return false;
                session.Use(DeletePlan).Bind(1, run).Run();
                foreach (var path in forgotten) session.Use(Forget).Bind(1, run).Bind(2, path).Run();
                foreach (var (path, size, modified) in files)
                    session.Use(InsertPlan).Bind(1, run).Bind(2, path).Bind(3, size).Bind(4, modified).Run();
                return true;
            },
            cancellationToken,
            isBulk: true);

    public Task<(Guid JobId, int Items)?> FindJobAsync(string idempotencyKey, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            (Guid, int)? found = null;
            var row = session.Use(JobByKey).Bind(1, idempotencyKey);
            while (row.Step()) found = (row.Guid(0), row.Int32(1));
            return found;
        },
        cancellationToken);

    private static ScheduleRun? AddRun(SqliteSession session, long schedule, long moment, bool isAsked)
    {
        var mustSkip = session.Use(HasWaiting).Bind(1, schedule).Scalar() is not null;
        var run = ReadRuns(session.Use(InsertRun).Bind(1, schedule).Bind(2, moment).Bind(3, isAsked ? 1 : 0)
            .Bind(4, (int)(mustSkip ? ScheduleRunState.Skipped : ScheduleRunState.Waiting))
            .Bind(5, mustSkip ? ISchedules.AnotherWaits : null)).FirstOrDefault();
        session.Use(RemoveOldRuns).Bind(1, schedule).Bind(2, ISchedules.KeptRuns).Run();
        return run;
    }

    private static List<Schedule> Read(SqliteStatement row)
    {
        var found = new List<Schedule>();
        while (row.Step())
        {
            found.Add(new Schedule
            {
                Key = row.Int64(0),
                Id = row.Guid(1),
                Name = row.Text(2),
                Cron = row.Text(3),
                TimeZone = row.Text(4),
                Overlap = (ScheduleOverlap)row.Int32(5),
                Service = row.Text(6),
                Operation = row.TextOrNull(7),
                Config = row.TextOrNull(8),
                DeadlineSeconds = row.IsNull(9) ? null : row.Int64(9),
                Source = row.Text(10),
                Owner = row.TextOrNull(11),
                IsPaused = row.Int32(12) != 0,
                DueAt = Time(row, 13),
                Version = row.Int32(14),
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(15)),
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(16)),
                LastJob = row.IsNull(17) ? null : row.Guid(17),
                LastRun = row.IsNull(18) ? null : ReadRun(row, 18),
            });
        }

        return found;
    }

    private static List<ScheduleRun> ReadRuns(SqliteStatement row)
    {
        var found = new List<ScheduleRun>();
        while (row.Step()) found.Add(ReadRun(row, 0));
        return found;
    }

    private static ScheduleRun ReadRun(SqliteStatement row, int at) => new()
    {
        Key = row.Int64(at),
        Moment = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(at + 1)),
        IsAsked = row.Int32(at + 2) != 0,
        State = (ScheduleRunState)row.Int32(at + 3),
        StartedAt = Time(row, at + 4),
        FinishedAt = Time(row, at + 5),
        JobId = row.IsNull(at + 6) ? null : row.Guid(at + 6),
        Items = row.IsNull(at + 7) ? null : row.Int32(at + 7),
        Reason = row.TextOrNull(at + 8),
    };

    private static DateTimeOffset? Time(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(column));
}
