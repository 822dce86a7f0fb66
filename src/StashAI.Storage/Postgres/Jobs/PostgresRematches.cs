using Npgsql;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Reading;
using StashAI.Storage.Postgres.Subjects;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Rematches: results of ended jobs that are judged again, and how far each rematch is.</summary>
internal sealed class PostgresRematches(PostgresDatabase database) : IRematches
{
    private const string Columns =
        "job_id, bulk_id, threshold, completed, next, done, judged, changed, version, aggregate, is_over, started_at, updated_at";

    private const string HasDerived = "SELECT task_id FROM task_derived WHERE task_id >= $1 AND task_id < $2 LIMIT 1";

    private const string Find = $"SELECT {Columns} FROM job_rematches WHERE job_id = $1";

    private const string FindJob = "SELECT state, completed FROM queue_jobs WHERE id = $1 AND state <> 6 /* Staging */";

    private const string BeginOne = $"""
        INSERT INTO job_rematches (job_id, bulk_id, threshold, completed, started_at, updated_at)
        VALUES ($1, $2, $3, $4, stashai_now(), stashai_now())
        ON CONFLICT (job_id) DO UPDATE SET bulk_id = excluded.bulk_id, threshold = excluded.threshold, completed = excluded.completed,
            next = 0, done = 0, judged = 0, changed = 0, version = NULL, aggregate = NULL, is_over = 0,
            started_at = excluded.started_at, updated_at = excluded.updated_at
        RETURNING {Columns}
        """;

    private const string Results = $"""
        SELECT s.id, (SELECT input FROM task_inputs WHERE task_id = s.id), {PostgresRead.OutputColumns}, d.data
        FROM (
            SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n, SUM(size) OVER (ORDER BY id) AS bytes FROM (
                SELECT t.id, octet_length(r.output) + COALESCE(octet_length(d.data), 0)
                    + COALESCE((SELECT octet_length(input) FROM task_inputs WHERE task_id = t.id), 0) AS size
                FROM task_results r JOIN queue_tasks t ON t.id = r.task_id LEFT JOIN task_derived d ON d.task_id = t.id
                WHERE r.task_id >= $1 AND r.task_id < $2 AND t.state = 3 /* Completed */ ORDER BY t.id LIMIT $3) AS page) AS s
            JOIN task_results r ON r.task_id = s.id LEFT JOIN task_derived d ON d.task_id = s.id
        WHERE s.n = 1 OR s.bytes <= $4 ORDER BY s.id
        """;

    private const string Save = """
        UPDATE job_rematches m SET next = $4, done = $5, judged = $6, changed = $7, version = $8, aggregate = NULLIF($9::bytea, ''),
            is_over = $10::smallint, updated_at = stashai_now()
        FROM queue_jobs j
        WHERE m.job_id = $1 AND m.bulk_id = $2 AND m.next = $3 AND m.is_over = 0
            AND j.id = m.job_id AND j.completed = m.completed AND j.state IN (2, 3, 4, 5) /* the terminal states */
            AND NOT EXISTS (SELECT 1 FROM erasures WHERE id > $11 OR stage < 3 /* Records */)
        RETURNING m.job_id
        """;

    // Results that an erasure has not reached yet must not be judged by a gallery that has lost the person (docs/adr/0025).
    private const string Erasures =
        "SELECT COALESCE(MAX(id), 0), COUNT(*) FILTER (WHERE stage < 3 /* Records */) FROM erasures";

    private const string SaveEdits = """
        WITH saved AS (
            INSERT INTO task_judgements (task_id, edits) SELECT id, edits FROM unnest($1::bigint[], $2::bytea[]) AS o (id, edits)
            ON CONFLICT (task_id) DO UPDATE SET edits = excluded.edits RETURNING task_id)
        UPDATE queue_tasks t SET version = t.version + 1 FROM saved s WHERE t.id = s.task_id AND t.state = 3 /* Completed */
        RETURNING t.id, t.version
        """;

    private const string SaveUnchanged = """
        WITH touched AS (
            UPDATE queue_tasks t SET version = t.version + 1
            FROM unnest($1::bigint[], $2::integer[], $3::bytea[]) AS o (id, version, edits)
            WHERE t.id = o.id AND t.version = o.version AND t.state = 3 /* Completed */
                AND EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = t.id >> 24 AND j.state <> 6 /* Staging */)
                AND NOT EXISTS (SELECT 1 FROM erasures WHERE id > $4 OR stage < 3 /* Records */)
            RETURNING t.id, t.version, o.edits),
        saved AS (
            INSERT INTO task_judgements (task_id, edits) SELECT id, edits FROM touched
            ON CONFLICT (task_id) DO UPDATE SET edits = excluded.edits)
        SELECT id, version FROM touched
        """;

    // Without all results there is no new aggregate.
    private const string SaveAggregate = """
        INSERT INTO job_aggregates (job_id, aggregate)
        SELECT job_id, aggregate FROM job_rematches WHERE job_id = $1 AND aggregate IS NOT NULL AND done = completed
        ON CONFLICT (job_id) DO UPDATE SET aggregate = excluded.aggregate
        """;

    private const string TouchJob = """
        UPDATE queue_jobs SET version = version + 1, updated_at = stashai_now() WHERE id = $1 RETURNING public_id, version, state
        """;

    public async Task<bool> HasDerivedAsync(long jobKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            HasDerived, Value(TaskKey.From(jobKey, 0)), Value(TaskKey.From(jobKey + 1, 0)));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), cancellationToken)).Count > 0;
    }

    public async Task<RematchProgress?> FindRematchAsync(long jobKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Find, Value(jobKey));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public Task<RematchStart> BeginRematchAsync(long jobKey, BulkOperation bulk, CancellationToken cancellationToken) =>
        database.RunAsync(session => BeginAsync(session, jobKey, bulk), cancellationToken);

    public async Task<IReadOnlyList<StoredResult>> ReadResultsAsync(long jobKey, int from, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Results, Value(TaskKey.From(jobKey, from)), Value(TaskKey.From(jobKey + 1, 0)), Value((long)IRematches.MaxResults),
            Value((long)IRematches.MaxBytes));
        return await PostgresRows.ListAsync(batch, ReadResult, cancellationToken);
    }

    public async Task<StoredResult?> FindResultAsync(long taskKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Results, Value(taskKey), Value(taskKey + 1), Value(1), Value((long)IRematches.MaxBytes));
        return await PostgresRows.ListAsync(batch, ReadResult, cancellationToken) is [var found] ? found : null;
    }

    public Task<ChangeSet?> SaveRematchAsync(
        int from, RematchProgress progress, IReadOnlyList<JudgedResult> results, CancellationToken cancellationToken) => database.RunAsync(
        session => SaveAsync(session, from, progress, results), cancellationToken);

    public Task<ChangeSet> SaveResultsAsync(
        long jobKey, long erasure, IReadOnlyList<(int Version, JudgedResult Result)> results, CancellationToken cancellationToken) =>
        database.RunAsync(
        session => SaveResultsAsync(session, jobKey, erasure, results), cancellationToken);

    private static async Task<RematchStart> BeginAsync(PostgresSession session, long jobKey, BulkOperation bulk)
    {
        JobState? state = null;
        var completed = 0;
        RematchProgress? current = null;
        var (newest, isHeld) = (0L, false);
        await using (var look = session.Batch()
            .Add(Begin)
            .Add(PostgresUnit.LockJobs, Value<long[]>([jobKey]))
            .Add(FindJob, Value(jobKey))
            .Add(Find, Value(jobKey))
            .Add(Erasures))
        await using (var rows = await look.ReadAsync(CancellationToken.None))
        {
            await rows.NextResultAsync();
            if (await rows.ReadAsync()) (state, completed) = ((JobState)rows.GetInt16(0), rows.GetInt32(1));
            await rows.NextResultAsync();
            if (await rows.ReadAsync()) current = Read(rows);
            await rows.NextResultAsync();
            await rows.ReadAsync();
            (newest, isHeld) = (rows.GetInt64(0), rows.GetInt64(1) > 0);
            await EndAsync(rows, CancellationToken.None);
        }

        var isOpen = state is { } known && !JobStateMachine.IsTerminal(known);
        var isKept = current is not null
            && (current.BulkKey > bulk.Key || (current.BulkKey == bulk.Key && current.Completed == completed));
        await using var end = session.Batch();
        var begins = state is not null && !isOpen && !isKept;
        if (begins) end.Add(BeginOne, Value(jobKey), Value(bulk.Key), OrNull(bulk.Threshold), Value(completed));
        end.Add(Commit);
        await using var done = await end.ReadAsync(CancellationToken.None);
        if (begins && await done.ReadAsync()) current = Read(done);
        await EndAsync(done, CancellationToken.None);
        var isMine = state is not null && !isOpen && current?.BulkKey == bulk.Key;
        return new RematchStart(isMine ? current! with { Erasure = newest } : null, isOpen) { IsHeld = isHeld };
    }

    private static async Task<ChangeSet?> SaveAsync(
        PostgresSession session, int from, RematchProgress progress, IReadOnlyList<JudgedResult> results)
    {
        var subjects = new PostgresSubjects();
        await using (var save = session.Batch()
            .Add(Begin)
            .Add(PostgresErasures.HoldSaves)
            .Add(PostgresUnit.LockJobs, Value<long[]>([progress.JobKey]))
            .Add(
                Save, Value(progress.JobKey), Value(progress.BulkKey), Value(from), Value(progress.Next), Value(progress.Done),
                Value(progress.Judged), Value(progress.Changed), OrNull(progress.Version), Value(progress.Aggregate),
                Value((short)(progress.IsOver ? 1 : 0)), Value(progress.Erasure))
            .Add(PostgresSubjects.Find, Value(results.Select(result => result.TaskKey).ToArray())))
        {
            bool isSaved;
            await using (var rows = await save.ReadAsync(CancellationToken.None))
            {
                await rows.NextResultAsync();
                await rows.NextResultAsync();
                isSaved = await rows.ReadAsync();
                await rows.NextResultAsync();
                await subjects.LoadAsync(rows);
                await EndAsync(rows, CancellationToken.None);
            }

            if (!isSaved)
            {
                await using var undo = session.Batch().Add(Rollback);
                await undo.RunAsync(CancellationToken.None);
                return null;
            }
        }

        await using var batch = session.Batch().Add(
            SaveEdits,
            Value(results.Select(result => result.TaskKey).ToArray()),
            Value(results.Select(EditsOf).ToArray()));
        batch.Add(TouchJob, Value(progress.JobKey));
        foreach (var result in results) subjects.Replace(result.TaskKey, result.Subjects);
        subjects.Finish(batch);
        if (progress.IsOver) batch.Add(SaveAggregate, Value(progress.JobKey));
        batch.Add(Commit);
        await using var changed = await batch.ReadAsync(CancellationToken.None);
        var saved = await ReadTasksAsync(changed);
        await changed.NextResultAsync();
        return await ReadChangesAsync(changed, progress.JobKey, saved);
    }

    private static async Task<ChangeSet> SaveResultsAsync(
        PostgresSession session, long jobKey, long erasure, IReadOnlyList<(int Version, JudgedResult Result)> results)
    {
        var tasks = results.Select(one => one.Result.TaskKey).ToArray();
        var subjects = new PostgresSubjects();
        List<TaskChange> saved;
        await using (var save = session.Batch()
            .Add(Begin)
            .Add(PostgresErasures.HoldSaves)
            .Add(PostgresUnit.LockJobs, Value<long[]>([jobKey]))
            .Add(
                SaveUnchanged, Value(tasks), Value(results.Select(one => one.Version).ToArray()),
                Value(results.Select(one => EditsOf(one.Result)).ToArray()), Value(erasure))
            .Add(PostgresSubjects.Find, Value(tasks)))
        await using (var rows = await save.ReadAsync(CancellationToken.None))
        {
            await rows.NextResultAsync();
            await rows.NextResultAsync();
            saved = await ReadTasksAsync(rows);
            await rows.NextResultAsync();
            await subjects.LoadAsync(rows);
            await EndAsync(rows, CancellationToken.None);
        }

        var keys = saved.Select(task => task.Key).ToHashSet();
        foreach (var (_, result) in results.Where(one => keys.Contains(one.Result.TaskKey)))
            subjects.Replace(result.TaskKey, result.Subjects);
        await using var batch = session.Batch().Add(TouchJob, Value(jobKey));
        subjects.Finish(batch);
        batch.Add(Commit);
        await using var changed = await batch.ReadAsync(CancellationToken.None);
        return await ReadChangesAsync(changed, jobKey, saved);
    }

    private static async Task<List<TaskChange>> ReadTasksAsync(NpgsqlDataReader changed)
    {
        var tasks = new List<TaskChange>();
        while (await changed.ReadAsync())
            tasks.Add(new TaskChange(changed.GetInt64(0), changed.GetInt32(1), TaskState.Completed));
        return tasks;
    }

    /// <summary>Reads the job, and everything behind it.</summary>
    private static async Task<ChangeSet> ReadChangesAsync(NpgsqlDataReader changed, long jobKey, List<TaskChange> tasks)
    {
        var jobs = new List<JobChange>();
        while (await changed.ReadAsync())
        {
            var state = (JobState)changed.GetInt16(2);
            jobs.Add(new JobChange(jobKey, changed.GetGuid(0), changed.GetInt64(1), state, state));
        }

        await EndAsync(changed, CancellationToken.None);
        tasks.Sort((a, b) => a.Key.CompareTo(b.Key));
        return new ChangeSet(tasks, jobs);
    }

    private static byte[] EditsOf(JudgedResult result) => ResultEdits.Between(result.Recorded.Span, result.Output.Span);

    private static StoredResult ReadResult(NpgsqlDataReader row)
    {
        var recorded = row.GetFieldValue<byte[]>(2);
        var output = row.IsDBNull(3) ? recorded : ResultEdits.Apply(recorded, row.GetFieldValue<byte[]>(3));
        return new(row.GetInt64(0), BytesOf(row, 1), output, BytesOf(row, 4)) { Recorded = recorded };
    }

    private static ReadOnlyMemory<byte> BytesOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? default(ReadOnlyMemory<byte>) : row.GetFieldValue<byte[]>(column);

    private static RematchProgress Read(NpgsqlDataReader row) => new()
    {
        JobKey = row.GetInt64(0),
        BulkKey = row.GetInt64(1),
        Threshold = row.IsDBNull(2) ? null : row.GetDouble(2),
        Completed = row.GetInt32(3),
        Next = row.GetInt32(4),
        Done = row.GetInt32(5),
        Judged = row.GetInt32(6),
        Changed = row.GetInt32(7),
        Version = row.IsDBNull(8) ? null : row.GetInt64(8),
        Aggregate = BytesOf(row, 9),
        IsOver = row.GetInt16(10) != 0,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(12)),
    };
}
