using Npgsql;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>Jobs that repeat, and their history.</summary>
internal sealed class PostgresSchedules(PostgresDatabase database) : ISchedules
{
    private const string Select = """
        SELECT s.id, s.public_id, s.name, s.cron, s.time_zone, s.overlap, s.service, s.operation, s.config, s.deadline_seconds, s.source,
            s.owner, s.is_paused, s.due_at, s.version, s.created_at, s.updated_at, s.last_job,
            r.id, r.moment, r.is_asked, r.state, r.started_at, r.finished_at, r.job_id, r.items, r.reason
        FROM schedules s LEFT JOIN schedule_runs r ON r.id = (SELECT MAX(n.id) FROM schedule_runs n WHERE n.schedule_id = s.id)
        """;

    private const string RunColumns = "id, moment, is_asked, state, started_at, finished_at, job_id, items, reason";

    private const string ByKey = $"{Select} WHERE s.id = $1";

    private const string ById = $"{Select} WHERE s.public_id = $1";

    private const string ByName = $"{Select} WHERE s.name = $1";

    private const string Newest = $"{Select} WHERE s.id < $1 ORDER BY s.id DESC LIMIT $2";

    private const string Due = $"{Select} WHERE s.due_at <= stashai_now() ORDER BY s.due_at, s.id LIMIT $1";

    private const string Insert = """
        INSERT INTO schedules (public_id, name, cron, time_zone, overlap, service, operation, config, deadline_seconds, source, owner,
            is_paused, due_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, stashai_now(), stashai_now())
        ON CONFLICT (name) DO NOTHING RETURNING id
        """;

    private const string NameOfOther = "SELECT id FROM schedules WHERE name = $1 AND id <> $2";

    private const string Update = """
        UPDATE schedules SET name = $3, cron = $4, time_zone = $5, overlap = $6, service = $7, operation = $8, config = $9,
            deadline_seconds = $10, source = $11, owner = $12, is_paused = $13, due_at = $14, version = version + 1,
            updated_at = stashai_now()
        WHERE id = $1 AND version = $2 RETURNING id
        """;

    private const string Delete = "DELETE FROM schedules WHERE id = $1 RETURNING id";

    private const string DeleteFiles = "DELETE FROM schedule_files WHERE schedule_id = $1";

    private const string DeletePlans =
        "DELETE FROM schedule_plans WHERE run_id IN (SELECT id FROM schedule_runs WHERE schedule_id = $1 AND state < 2 /* open */)";

    private const string DeleteRuns = "DELETE FROM schedule_runs WHERE schedule_id = $1";

    private const string Runs = $"SELECT {RunColumns} FROM schedule_runs WHERE schedule_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";

    // The lock on the schedule's row makes runs of it one after the other.
    private const string Lock = "SELECT id FROM schedules WHERE id = $1 FOR UPDATE";

    private const string SetNext = "UPDATE schedules SET due_at = $3 WHERE id = $1 AND due_at = $2 AND version = $4 RETURNING id";

    private const string InsertRun = $"""
        INSERT INTO schedule_runs (schedule_id, moment, is_asked, state, finished_at, reason)
        SELECT s.id, COALESCE($2::bigint, GREATEST(stashai_now(), (SELECT MAX(moment) + 1 FROM schedule_runs WHERE schedule_id = s.id))), $3::smallint,
            CASE WHEN w.is_waiting THEN 4 /* Skipped */ ELSE 0 /* Waiting */ END, CASE WHEN w.is_waiting THEN stashai_now() END,
            CASE WHEN w.is_waiting THEN $4::text END
        FROM schedules s CROSS JOIN LATERAL (
            SELECT EXISTS (SELECT 1 FROM schedule_runs o WHERE o.schedule_id = s.id AND o.state = 0 /* Waiting */) AS is_waiting) w
        WHERE s.id = $1
        ON CONFLICT (schedule_id, moment) DO NOTHING RETURNING {RunColumns}
        """;

    private const string RemoveOldRuns = """
        DELETE FROM schedule_runs WHERE schedule_id = $1 AND state > 1 /* over */
            AND id <= (SELECT id FROM schedule_runs WHERE schedule_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)
        """;

    private const string Next = """
        SELECT (SELECT MIN(due_at) FROM schedules WHERE due_at IS NOT NULL), EXISTS (SELECT 1 FROM schedule_runs WHERE state < 2 /* open */)
        """;

    // SKIP LOCKED: what another process takes at this moment is not free.
    private const string Take = $"""
        UPDATE schedule_runs SET state = 1 /* Running */, worker = $1, worker_until = stashai_now() + $2,
            started_at = COALESCE(started_at, stashai_now())
        WHERE id = (
            SELECT r.id FROM schedule_runs r WHERE r.state < 2 /* open */ AND r.worker_until <= stashai_now()
                AND NOT EXISTS (SELECT 1 FROM schedule_runs o WHERE o.schedule_id = r.schedule_id AND o.state < 2 AND o.id < r.id)
            ORDER BY r.worker_until, r.id LIMIT 1 FOR UPDATE OF r SKIP LOCKED)
        RETURNING {RunColumns}, schedule_id
        """;

    private const string Renew =
        "UPDATE schedule_runs SET worker_until = stashai_now() + $3 WHERE id = $1 AND worker = $2 AND state = 1 RETURNING id";

    private const string Postpone = """
        UPDATE schedule_runs SET state = 0 /* Waiting */, worker = NULL, worker_until = stashai_now() + $3
        WHERE id = $1 AND worker = $2 AND state = 1 /* Running */
        """;

    // One statement: only the process that ends the run keeps its plan.
    private const string Finish = """
        WITH ended AS (
            UPDATE schedule_runs SET state = $3::smallint, job_id = $4, items = $5, reason = $6, finished_at = stashai_now(), worker = NULL
            WHERE id = $1 AND worker = $2 AND state = 1 /* Running */ RETURNING id, schedule_id),
        job AS (
            UPDATE schedules SET last_job = $4 FROM ended
            WHERE schedules.id = ended.schedule_id AND $3::smallint = 2 /* Submitted */),
        kept AS (
            INSERT INTO schedule_files (schedule_id, path, size, modified)
            SELECT ended.schedule_id, p.path, p.size, p.modified FROM ended JOIN schedule_plans p ON p.run_id = ended.id
            WHERE $3::smallint = 2 /* Submitted */
            ON CONFLICT (schedule_id, path) DO UPDATE SET size = excluded.size, modified = excluded.modified),
        removed AS (DELETE FROM schedule_plans USING ended WHERE run_id = ended.id)
        SELECT id FROM ended
        """;

    private const string DeletePlan = "DELETE FROM schedule_plans WHERE run_id = $1";

    // The lock keeps another process from taking the run before the plan is stored.
    private const string Hold = "SELECT id FROM schedule_runs WHERE id = $1 AND worker = $2 AND state = 1 /* Running */ FOR UPDATE";

    private const string InsertPlan =
        "INSERT INTO schedule_plans (run_id, path, size, modified) SELECT $1, f.* FROM unnest($2::text[], $3::bigint[], $4::bigint[]) f";

    private const string Forget = """
        DELETE FROM schedule_files WHERE schedule_id = (SELECT schedule_id FROM schedule_runs WHERE id = $1) AND path = ANY ($2::text[])
        """;

    private const string Files = "SELECT path, size, modified FROM schedule_files WHERE schedule_id = $1";

    private const string JobByKey = "SELECT public_id, total FROM queue_jobs WHERE idempotency_key = $1";

    public async Task<Schedule?> AddScheduleAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Insert, Value(schedule.Id), Text(schedule.Name), Text(schedule.Cron), Text(schedule.TimeZone), Value((short)schedule.Overlap),
            Text(schedule.Service), Text(schedule.Operation), Text(schedule.Config), OrNull(schedule.DeadlineSeconds),
            Text(schedule.Source), Text(schedule.Owner), Value((short)(schedule.IsPaused ? 1 : 0)),
            OrNull(schedule.DueAt?.ToUnixTimeMilliseconds()));
        if (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None) is not [var key]) return null;
        await using var look = session.Batch().Add(ByKey, Value(key));
        return (await PostgresRows.ListAsync(look, Read, CancellationToken.None)).FirstOrDefault();
    }

    public Task<Schedule?> FindScheduleAsync(Guid id, CancellationToken cancellationToken) => FindAsync(ById, Value(id), cancellationToken);

    public Task<Schedule?> FindScheduleAsync(string name, CancellationToken cancellationToken) =>
        FindAsync(ByName, Text(name), cancellationToken);

    public async Task<IReadOnlyList<Schedule>> ListSchedulesAsync(long before, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Newest, Value(before), Value(limit));
        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    public async Task<ScheduleSave> SaveScheduleAsync(Schedule schedule, bool forgetFiles, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using (var other = session.Batch().Add(NameOfOther, Text(schedule.Name), Value(schedule.Key)))
        {
            if ((await PostgresRows.ListAsync(other, row => row.GetInt64(0), cancellationToken)).Count > 0) return ScheduleSave.NameTaken;
        }

        await using var batch = session.Batch().Add(
            Update, Value(schedule.Key), Value(schedule.Version), Text(schedule.Name), Text(schedule.Cron), Text(schedule.TimeZone),
            Value((short)schedule.Overlap), Text(schedule.Service), Text(schedule.Operation), Text(schedule.Config),
            OrNull(schedule.DeadlineSeconds), Text(schedule.Source), Text(schedule.Owner), Value((short)(schedule.IsPaused ? 1 : 0)),
            OrNull(schedule.DueAt?.ToUnixTimeMilliseconds()));
        try
        {
            if ((await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count == 0)
                return ScheduleSave.Outdated;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return ScheduleSave.NameTaken;
        }

        if (!forgetFiles) return ScheduleSave.Saved;
        await using var forget = session.Batch().Add(DeleteFiles, Value(schedule.Key));
        await forget.RunAsync(CancellationToken.None);
        return ScheduleSave.Saved;
    }

    public async Task<bool> RemoveScheduleAsync(long schedule, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Delete, Value(schedule)).Add(DeletePlans, Value(schedule))
            .Add(DeleteRuns, Value(schedule)).Add(DeleteFiles, Value(schedule));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var isFound = await rows.ReadAsync(CancellationToken.None);
        await EndAsync(rows, CancellationToken.None);
        return isFound;
    }

    public async Task<IReadOnlyList<ScheduleRun>> ListRunsAsync(
        long schedule, long before, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Runs, Value(schedule), Value(before), Value(limit));
        return await PostgresRows.ListAsync(batch, row => ReadRun(row, 0), cancellationToken);
    }

    public async Task<ScheduleRun?> AskRunAsync(long schedule, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var begin = session.Batch().Add(Begin).Add(Lock, Value(schedule));
        await begin.RunAsync(cancellationToken);
        return await AddRunAsync(session, schedule, null, isAsked: true);
    }

    public async Task<(DateTimeOffset? Due, bool HasOpenRuns)> ReadNextAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Next);
        return (await PostgresRows.ListAsync(batch, row => (PostgresRows.Time(row, 0), row.GetBoolean(1)), cancellationToken))[0];
    }

    public async Task<IReadOnlyList<Schedule>> ListDueAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Due, Value(limit));
        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    public async Task<bool> BeginRunAsync(Schedule due, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        var moment = due.DueAt!.Value.ToUnixTimeMilliseconds();
        await using var session = await database.OpenAsync(cancellationToken);
        await using var begin = session.Batch().Add(Begin)
            .Add(SetNext, Value(due.Key), Value(moment), OrNull(next?.ToUnixTimeMilliseconds()), Value(due.Version));
        if (await IsChangedAsync(begin)) return await AddRunAsync(session, due.Key, moment, isAsked: false) is not null;
        await using var end = session.Batch().Add(Rollback);
        await end.RunAsync(CancellationToken.None);
        return false;
    }

    public async Task<ClaimedRun?> TakeRunAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Take, Value(worker), Value((long)lease.TotalMilliseconds));
        var taken = await PostgresRows.ListAsync(batch, row => (ReadRun(row, 0), row.GetInt64(9)), CancellationToken.None);
        if (taken is not [var (run, key)]) return null;
        await using var look = session.Batch().Add(ByKey, Value(key));
        return await PostgresRows.ListAsync(look, Read, CancellationToken.None) is [var found] ? new ClaimedRun(found, run, worker) : null;
    }

    public async Task<bool> RenewRunAsync(long run, Guid worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Renew, Value(run), Value(worker), Value((long)lease.TotalMilliseconds));
        return await IsChangedAsync(batch);
    }

    public async Task PostponeRunAsync(long run, Guid worker, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Postpone, Value(run), Value(worker), Value((long)delay.TotalMilliseconds));
        await batch.RunAsync(CancellationToken.None);
    }

    public async Task<bool> FinishRunAsync(Guid worker, ScheduleRun run, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Finish, Value(run.Key), Value(worker), Value((short)run.State), OrNull(run.JobId), OrNull(run.Items), Text(run.Reason));
        return await IsChangedAsync(batch);
    }

    public async Task<IReadOnlyList<ScheduleFile>> ListFilesAsync(long schedule, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Files, Value(schedule));
        return await PostgresRows.ListAsync(
            batch, row => new ScheduleFile(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken);
    }

    public async Task<bool> PlanFilesAsync(
        Guid worker, long run, IReadOnlyList<ScheduleFile> files, IReadOnlyList<string> forgotten, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var hold = session.Batch().Add(Begin).Add(Hold, Value(run), Value(worker));
        if (!await IsChangedAsync(hold))
        {
            await using var end = session.Batch().Add(Rollback);
            await end.RunAsync(CancellationToken.None);
            return false;
        }

        await using var batch = session.Batch().Add(DeletePlan, Value(run)).Add(Forget, Value(run), Value<string[]>([.. forgotten])).Add(
            InsertPlan, Value(run), Value<string[]>([.. files.Select(file => file.Path)]),
            Value<long[]>([.. files.Select(file => file.Size)]), Value<long[]>([.. files.Select(file => file.Modified)])).Add(Commit);
        await batch.RunAsync(CancellationToken.None);
        return true;
    }

    public async Task<(Guid JobId, int Items)?> FindJobAsync(string idempotencyKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(JobByKey, Text(idempotencyKey));
        var found = await PostgresRows.ListAsync(batch, row => (row.GetGuid(0), row.GetInt32(1)), cancellationToken);
        return found is [var job] ? job : null;
    }

    /// <summary>Adds a run and ends the transaction, which holds the lock of the schedule's row.</summary>
    private static async Task<ScheduleRun?> AddRunAsync(PostgresSession session, long schedule, long? moment, bool isAsked)
    {
        await using var batch = session.Batch().Add(
            InsertRun, Value(schedule), OrNull(moment), Value((short)(isAsked ? 1 : 0)), Text(ISchedules.AnotherWaits))
            .Add(RemoveOldRuns, Value(schedule), Value(ISchedules.KeptRuns)).Add(Commit);
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var run = await rows.ReadAsync(CancellationToken.None) ? ReadRun(rows, 0) : null;
        await EndAsync(rows, CancellationToken.None);
        return run;
    }

    private async Task<Schedule?> FindAsync(string sql, NpgsqlParameter parameter, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(sql, parameter);
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    private static async Task<bool> IsChangedAsync(PostgresBatch batch) =>
        (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0;

    private static Schedule Read(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        Id = row.GetGuid(1),
        Name = row.GetString(2),
        Cron = row.GetString(3),
        TimeZone = row.GetString(4),
        Overlap = (ScheduleOverlap)row.GetInt16(5),
        Service = row.GetString(6),
        Operation = PostgresRows.TextOrNull(row, 7),
        Config = PostgresRows.TextOrNull(row, 8),
        DeadlineSeconds = row.IsDBNull(9) ? null : row.GetInt64(9),
        Source = row.GetString(10),
        Owner = PostgresRows.TextOrNull(row, 11),
        IsPaused = row.GetInt16(12) != 0,
        DueAt = PostgresRows.Time(row, 13),
        Version = row.GetInt32(14),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(15)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(16)),
        LastJob = row.IsDBNull(17) ? null : row.GetGuid(17),
        LastRun = row.IsDBNull(18) ? null : ReadRun(row, 18),
    };

    private static ScheduleRun ReadRun(NpgsqlDataReader row, int at) => new()
    {
        Key = row.GetInt64(at),
        Moment = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(at + 1)),
        IsAsked = row.GetInt16(at + 2) != 0,
        State = (ScheduleRunState)row.GetInt16(at + 3),
        StartedAt = PostgresRows.Time(row, at + 4),
        FinishedAt = PostgresRows.Time(row, at + 5),
        JobId = row.IsDBNull(at + 6) ? null : row.GetGuid(at + 6),
        Items = row.IsDBNull(at + 7) ? null : row.GetInt32(at + 7),
        Reason = PostgresRows.TextOrNull(row, at + 8),
    };
}
