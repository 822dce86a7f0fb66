using System.Text;
using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Subjects;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Erasures: one row each, with its progress, and the values that it replaces.</summary>
internal sealed class PostgresErasures(PostgresDatabase database) : IErasures
{
    /// <summary>
    /// A rematch that saves holds this shared, and a new erasure waits for it: a rematch is saved before the erasure, or sees it.
    /// </summary>
    public const string HoldSaves = "SELECT pg_advisory_xact_lock_shared(1937007989)";

    private const string WaitForSaves = "SELECT pg_advisory_xact_lock(1937007989)";

    private const string Columns = """
        id, public_id, subject, stage, bound, last_job, next, next_part, jobs_total, jobs_done, results_changed, asked_by, reason,
        started_at, completed_at
        """;

    private const string Insert = $"""
        WITH open AS (SELECT {Columns} FROM erasures WHERE subject_hash = $2 AND stage < 5 ORDER BY id DESC LIMIT 1),
        added AS (
            INSERT INTO erasures (public_id, subject_hash, subject, asked_by, started_at)
            SELECT $1, $2, $3, $4, stashai_now() WHERE NOT EXISTS (SELECT 1 FROM open) RETURNING {Columns})
        SELECT * FROM open UNION ALL SELECT * FROM added
        """;

    private const string ById = $"SELECT {Columns} FROM erasures WHERE public_id = $1";

    private const string BySubject = $"SELECT {Columns} FROM erasures WHERE subject_hash = $1 ORDER BY id DESC LIMIT 1";

    private const string Newest = $"SELECT {Columns} FROM erasures WHERE id < $1 ORDER BY id DESC LIMIT $2";

    private const string Take = $"""
        UPDATE erasures SET worker = $1, worker_until = stashai_now() + $2
        WHERE id = (
            SELECT id FROM erasures WHERE stage < 5 /* Completed */ AND (worker = $1 OR worker_until <= stashai_now())
            ORDER BY worker_until, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING {Columns}
        """;

    private const string Describe = "UPDATE erasures SET subject = $2 WHERE id = $1 AND stage = 0 /* Subject */ RETURNING id";

    private const string Explain = "UPDATE erasures SET reason = $2 WHERE id = $1 AND stage = 0 /* Subject */";

    private const string BeginOne = """
        UPDATE erasures SET stage = 1 /* Jobs */, reason = NULL, bound = (SELECT COALESCE(MAX(id), 0) FROM queue_jobs),
            last_job = (SELECT COALESCE(MAX(id), 0) FROM queue_jobs),
            jobs_total = (SELECT COUNT(*) FROM queue_jobs WHERE state <> 6 AND service = ANY ($2::text[]))
        WHERE id = $1 AND stage = 0 /* Subject */
        """;

    private const string Jobs = """
        SELECT id, service, task_type, state, finished_at FROM queue_jobs
        WHERE id >= $1 AND id <= $2 AND (state = 6 /* Staging */ OR service = ANY ($4::text[]))
            AND (id <= $3 OR source_job IS NOT NULL OR state = 6 /* Staging */)
        ORDER BY id LIMIT $5
        """;

    private const string LastCopy =
        "SELECT MAX(id) FROM queue_jobs WHERE id > $1 AND (source_job IS NOT NULL OR ($2::boolean AND state = 6 /* Staging */))";

    private const string Tasks = """
        SELECT t.id, COALESCE((SELECT octet_length(output) FROM task_results WHERE task_id = t.id), 0)::bigint
            + COALESCE((SELECT octet_length(data) FROM task_derived WHERE task_id = t.id), 0)
            + COALESCE((SELECT octet_length(input) FROM task_inputs WHERE task_id = t.id), 0)
        FROM queue_tasks t WHERE t.id >= $1 AND t.id < $2 ORDER BY t.id LIMIT $3
        """;

    private const string Running = "SELECT id, fence FROM queue_tasks WHERE id >= $1 AND id < $2 AND state = 2 /* Running */";

    private const string OpenJobs = "SELECT job_id FROM erasure_jobs WHERE erasure_id = $1 ORDER BY job_id LIMIT $2";

    private const string AddOpenJob = "INSERT INTO erasure_jobs (erasure_id, job_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    private const string RemoveOpenJob = "DELETE FROM erasure_jobs WHERE erasure_id = $1 AND job_id = $2";

    private const string Save = """
        UPDATE erasures SET worker_until = stashai_now() + $3, stage = $4::smallint, last_job = $5, next = $6, next_part = $7, jobs_total = $8,
            jobs_done = $9, results_changed = $10, subject = $11, reason = $12,
            completed_at = CASE WHEN $4::smallint = 5 /* Completed */ THEN stashai_now() END
        WHERE id = $1 AND worker = $2 AND stage = $13 AND next = $14 AND next_part = $15 AND last_job = $16 RETURNING id
        """;

    private const string TouchTasks = """
        UPDATE queue_tasks SET version = version + 1 WHERE id = ANY ($1) AND state = 3 /* Completed */ RETURNING id, version
        """;

    private const string TouchJobs = """
        UPDATE queue_jobs SET version = version + 1, updated_at = stashai_now() WHERE id = ANY ($1) AND state <> 6 /* Staging */
        RETURNING id, public_id, version, state
        """;

    private const string RemoveEdits = "DELETE FROM task_judgements WHERE task_id = ANY ($1)";

    private static readonly Dictionary<ErasableColumn, ColumnSql> Statements = ErasableColumns.OfTasks.Concat(ErasableColumns.OfJobs)
        .Concat(ErasableColumns.OfRecords.SelectMany(table => table)).ToDictionary(column => column, ColumnSql.Of);

    public int RecordTables => ErasableColumns.OfRecords.Length;

    public async Task<Erasure> AddErasureAsync(Guid id, ErasedSubject subject, string? askedBy, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(PostgresBatch.Begin).Add(WaitForSaves).Add(
            Insert, Value(id), Value(ErasableColumns.HashOf(subject.Ids[0])), Text(ErasableColumns.TextOf(subject)), Text(askedBy))
            .Add(Commit);
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync(CancellationToken.None);
        await rows.ReadAsync(CancellationToken.None);
        var added = Read(rows);
        await EndAsync(rows, CancellationToken.None);
        return added;
    }

    public Task<Erasure?> FindErasureAsync(Guid id, CancellationToken cancellationToken) =>
        FirstAsync(ById, Read, cancellationToken, Value(id));

    public Task<Erasure?> FindErasureOfAsync(string subjectId, CancellationToken cancellationToken) =>
        FirstAsync(BySubject, Read, cancellationToken, Value(ErasableColumns.HashOf(subjectId)));

    public async Task<IReadOnlyList<Erasure>> ListErasuresAsync(long before, int limit, CancellationToken cancellationToken) =>
        await ListAsync(Newest, Read, cancellationToken, Value(before), Value(limit));

    public Task<Erasure?> TakeErasureAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken) =>
        FirstAsync(Take, Read, cancellationToken, Value(worker), Value((long)lease.TotalMilliseconds));

    public async Task<bool> DescribeSubjectAsync(long key, ErasedSubject subject, CancellationToken cancellationToken) =>
        (await ListAsync(Describe, row => row.GetInt64(0), cancellationToken, Value(key), Text(ErasableColumns.TextOf(subject)))).Count > 0;

    public Task ExplainErasureAsync(long key, string reason, CancellationToken cancellationToken) =>
        ListAsync(Explain, row => 0, cancellationToken, Value(key), Text(reason));

    public Task BeginErasingAsync(long key, IReadOnlyCollection<string> services, CancellationToken cancellationToken) =>
        ListAsync(BeginOne, row => 0, cancellationToken, Value(key), Value(services.ToArray()));

    public async Task<IReadOnlyList<ErasableJob>> ListErasableJobsAsync(
        long from, long to, long bound, IReadOnlyCollection<string> services, int limit, CancellationToken cancellationToken) =>
        await ListAsync(
            Jobs,
            row => new ErasableJob(
                row.GetInt64(0), row.GetString(1), row.GetString(2),
                row.GetInt16(3) is var state && state == 6 /* Staging */ ? null : (JobState)state, PostgresRows.Time(row, 4)),
            cancellationToken, Value(from), Value(to), Value(bound), Value(services.ToArray()), Value(limit));

    public async Task<long?> FindLastCopyAsync(long after, bool withUploads, CancellationToken cancellationToken) =>
        (await ListAsync(
            LastCopy, row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), cancellationToken, Value(after), Value(withUploads)))[0];

    public async Task<ErasableTasks> ReadErasableTasksAsync(long jobKey, int from, CancellationToken cancellationToken)
    {
        var tasks = await ListAsync(
            Tasks, row => (Key: row.GetInt64(0), Bytes: row.GetInt64(1)), cancellationToken, Value(TaskKey.From(jobKey, from)),
            Value(TaskKey.From(jobKey + 1, 0)), Value(IErasures.MaxTasks + 1));
        if (tasks.Count == 0) return new ErasableTasks([], null);
        var (count, bytes) = (1, tasks[0].Bytes);
        while (count < Math.Min(tasks.Count, IErasures.MaxTasks) && (bytes += tasks[count].Bytes) <= IErasures.MaxBytes) count++;
        var last = tasks[count - 1].Key;
        return new ErasableTasks(
            await ReadPartsAsync(ErasableColumns.OfTasks, tasks[0].Key, last, cancellationToken),
            count < tasks.Count ? TaskKey.OrdinalOf(last) + 1 : null);
    }

    public async Task<IReadOnlyList<ErasablePart>> ReadErasableJobAsync(long jobKey, CancellationToken cancellationToken) =>
        await ReadPartsAsync(ErasableColumns.OfJobs, jobKey, jobKey, cancellationToken);

    public async Task<IReadOnlyList<(long TaskKey, int Fence)>> ListRunningAsync(long jobKey, CancellationToken cancellationToken) =>
        await ListAsync(
            Running, row => (row.GetInt64(0), row.GetInt32(1)), cancellationToken, Value(TaskKey.From(jobKey, 0)),
            Value(TaskKey.From(jobKey + 1, 0)));

    public async Task<IReadOnlyList<long>> ListOpenJobsAsync(long key, int limit, CancellationToken cancellationToken) =>
        await ListAsync(OpenJobs, row => row.GetInt64(0), cancellationToken, Value(key), Value(limit));

    public async Task<ErasableRecords> ReadErasableRecordsAsync(int table, long from, CancellationToken cancellationToken)
    {
        var columns = ErasableColumns.OfRecords[table];
        var border = await ListAsync(
            Statements[columns[0]].Border, row => row.GetInt64(0), cancellationToken, Value(from), Value(IErasures.MaxRecords));
        var parts = await ReadPartsAsync(columns, from, border is [var last] ? last : long.MaxValue, cancellationToken);
        return new ErasableRecords(parts, border is [var end] ? end + 1 : null);
    }

    public Task<ChangeSet?> SaveErasureAsync(ErasureSave save, CancellationToken cancellationToken) =>
        database.RunAsync(session => SaveAsync(session, save), cancellationToken);

    /// <summary>The database itself decides when it overwrites what it has freed (docs/adr/0025).</summary>
    public Task<bool> ScrubAsync(Func<Task<bool>> goOn, CancellationToken cancellationToken) => Task.FromResult(true);

    private static async Task<ChangeSet?> SaveAsync(PostgresSession session, ErasureSave save)
    {
        var jobs = JobsOf(save.Parts);
        var isSaved = false;
        var results = save.Parts.Where(part => part.Before.Place == ErasablePlace.Result).OrderBy(part => part.Before.Key).ToList();
        long[] keys = [.. results.Select(part => part.Before.Key)];
        var subjects = new PostgresSubjects();
        await using (var batch = session.Batch().Add(PostgresBatch.Begin).Add(PostgresUnit.LockJobs, Value(jobs)))
        {
            AddSave(batch, save);
            foreach (var part in save.Parts) AddPart(batch, part);
            batch.Add(PostgresSubjects.Find, Value(keys));
            await using var rows = await batch.ReadAsync(CancellationToken.None);
            await rows.NextResultAsync();
            isSaved = await rows.ReadAsync();
            for (var i = 0; i < save.Parts.Count; i++)
            {
                await rows.NextResultAsync();
                isSaved &= await rows.ReadAsync();
            }

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

        await using var end = session.Batch();
        if (save.OpenJob is { } open) end.Add(AddOpenJob, Value(save.Before.Key), Value(open));
        if (save.DoneJob is { } done) end.Add(RemoveOpenJob, Value(save.Before.Key), Value(done));
        // Clients that follow the jobs read the new results.
        end.Add(RemoveEdits, Value(keys));
        end.Add(TouchTasks, Value(keys)).Add(TouchJobs, Value(jobs));
        foreach (var result in results) subjects.Replace(result.Before.Key, result.Subjects);
        subjects.Finish(end);
        end.Add(Commit);
        var tasks = new List<TaskChange>();
        var changed = new List<JobChange>();
        await using var touched = await end.ReadAsync(CancellationToken.None);
        while (await touched.ReadAsync()) tasks.Add(new TaskChange(touched.GetInt64(0), touched.GetInt32(1), TaskState.Completed));
        await touched.NextResultAsync();
        while (await touched.ReadAsync())
        {
            var state = (JobState)touched.GetInt16(3);
            changed.Add(new JobChange(touched.GetInt64(0), touched.GetGuid(1), touched.GetInt64(2), state, state));
        }

        await EndAsync(touched, CancellationToken.None);
        tasks.Sort((a, b) => a.Key.CompareTo(b.Key));
        return new ChangeSet(tasks, changed);
    }

    private static void AddSave(PostgresBatch batch, ErasureSave save)
    {
        var (before, after) = (save.Before, save.After);
        batch.Add(
            Save, Value(before.Key), Value(save.Worker), Value((long)save.Lease.TotalMilliseconds), Value((short)after.Stage),
            Value(after.LastJob), Value(after.Next), Value(after.NextPart), Value(after.JobsTotal), Value(after.JobsDone),
            Value(after.ResultsChanged), Text(ErasableColumns.TextOf(after.Subject)), Text(after.Reason), Value((short)before.Stage),
            Value(before.Next), Value(before.NextPart), Value(before.LastJob));
    }

    private static void AddPart(PostgresBatch batch, ErasedPart part)
    {
        var (before, data) = part;
        var column = ErasableColumns.Of(before.Place);
        var sql = Statements[column];
        if (before.Place == ErasablePlace.Derived && data.IsEmpty)
            batch.Add(sql.Remove, Value(before.Key), Value(before.Second), Data(before.Data));
        else
            batch.Add(sql.Replace, Value(before.Key), Value(before.Second), Data(before.Recorded ?? before.Data), Data(data));

        NpgsqlParameter Data(ReadOnlyMemory<byte> value) => column.IsText ? Text(Encoding.UTF8.GetString(value.Span)) : Value(value);
    }

    private static long[] JobsOf(IReadOnlyList<ErasedPart> parts) =>
    [
        .. parts.Select(part => (part.Before.Key, Column: ErasableColumns.Of(part.Before.Place)))
            .Where(part => ErasableColumns.OfTasks.Contains(part.Column) || ErasableColumns.OfJobs.Contains(part.Column))
            .Select(part => ErasableColumns.OfJobs.Contains(part.Column) ? part.Key : TaskKey.JobOf(part.Key)).Distinct().Order(),
    ];

    private async Task<List<ErasablePart>> ReadPartsAsync(
        ErasableColumn[] columns, long from, long to, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        foreach (var column in columns) batch.Add(Statements[column].Read, Value(from), Value(to));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var parts = new List<ErasablePart>();
        foreach (var column in columns)
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                var part = new ErasablePart(column.Place, rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2));
                parts.Add(rows.IsDBNull(3) ? part : ErasableColumns.Edited(part, rows.GetFieldValue<byte[]>(3)));
            }

            await rows.NextResultAsync(cancellationToken);
        }

        return parts;
    }

    private async Task<T?> FirstAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
        where T : class => await ListAsync(sql, read, cancellationToken, parameters) is [var first, ..] ? first : null;

    private async Task<List<T>> ListAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(sql, parameters);
        return await PostgresRows.ListAsync(batch, read, cancellationToken);
    }

    private static Erasure Read(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        Id = row.GetGuid(1),
        Subject = ErasableColumns.SubjectOf(PostgresRows.TextOrNull(row, 2)),
        Stage = (ErasureStage)row.GetInt16(3),
        Bound = row.GetInt64(4),
        LastJob = row.GetInt64(5),
        Next = row.GetInt64(6),
        NextPart = row.GetInt32(7),
        JobsTotal = row.GetInt64(8),
        JobsDone = row.GetInt64(9),
        ResultsChanged = row.GetInt64(10),
        AskedBy = PostgresRows.TextOrNull(row, 11),
        Reason = PostgresRows.TextOrNull(row, 12),
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(13)),
        CompletedAt = PostgresRows.Time(row, 14),
    };

    /// <summary>The statements of a column, each made once.</summary>
    private sealed record ColumnSql(string Read, string Replace, string Remove, string Border)
    {
        public static ColumnSql Of(ErasableColumn column)
        {
            var (table, key, second, name) = (column.Table, column.Key, column.Second ?? "0", column.Column);
            var where = column.Where is { } condition ? $" AND {condition}" : "";
            var bytes = column.IsText ? $"convert_to({name}, 'UTF8')" : name;
            return new ColumnSql(
                $"SELECT {key}, {second}::bigint, {bytes}, {column.Edits} FROM {table} "
                    + $"WHERE {key} >= $1 AND {key} <= $2 AND {name} IS NOT NULL{where} ORDER BY {key}",
                $"UPDATE {table} SET {name} = $4 WHERE {key} = $1 AND {second} = $2 AND {name} = $3 RETURNING {key}",
                $"DELETE FROM {table} WHERE {key} = $1 AND {second} = $2 AND {name} = $3 RETURNING {key}",
                $"SELECT {key} FROM {table} WHERE {key} >= $1 ORDER BY {key} LIMIT 1 OFFSET $2");
        }
    }
}
