using System.Text;
using System.Text.Json;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Subjects;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Erasures: one row each, with its progress, and the values that it replaces.</summary>
internal sealed class SqliteErasures(SqliteDatabase database, SqliteWriter writer, SqliteReaders readers) : IErasures
{
    private const string Columns = """
        id, public_id, subject, stage, bound, last_job, next, next_part, jobs_total, jobs_done, results_changed, asked_by, reason,
        started_at, completed_at
        """;

    private const string Insert = $"""
        INSERT INTO erasures (public_id, subject_hash, subject, asked_by, started_at) VALUES (?1, ?2, ?3, ?4, stashai_now())
        RETURNING {Columns}
        """;

    private const string FindOpen = $"SELECT {Columns} FROM erasures WHERE subject_hash = ?1 AND stage < 5 ORDER BY id DESC LIMIT 1";

    private const string ById = $"SELECT {Columns} FROM erasures WHERE public_id = ?1";

    private const string BySubject = $"SELECT {Columns} FROM erasures WHERE subject_hash = ?1 ORDER BY id DESC LIMIT 1";

    private const string Newest = $"SELECT {Columns} FROM erasures WHERE id < ?1 ORDER BY id DESC LIMIT ?2";

    private const string FindFree = """
        SELECT id FROM erasures WHERE stage < 5 /* Completed */ AND (worker = ?1 OR worker_until <= stashai_now())
        ORDER BY worker_until, id LIMIT 1
        """;

    private const string Take = $"""
        UPDATE erasures SET worker = ?2, worker_until = stashai_now() + ?3
        WHERE id = ?1 AND stage < 5 /* Completed */ AND (worker = ?2 OR worker_until <= stashai_now()) RETURNING {Columns}
        """;

    private const string Describe = "UPDATE erasures SET subject = ?2 WHERE id = ?1 AND stage = 0 /* Subject */";

    private const string Explain = "UPDATE erasures SET reason = ?2 WHERE id = ?1 AND stage = 0 /* Subject */";

    private const string Begin = """
        UPDATE erasures SET stage = 1 /* Jobs */, reason = NULL, bound = (SELECT COALESCE(MAX(id), 0) FROM queue_jobs),
            last_job = (SELECT COALESCE(MAX(id), 0) FROM queue_jobs),
            jobs_total = (SELECT COUNT(*) FROM queue_jobs WHERE state <> 6 AND service IN (SELECT value FROM json_each(?2)))
        WHERE id = ?1 AND stage = 0 /* Subject */
        """;

    private const string Jobs = """
        SELECT id, service, task_type, state, finished_at FROM queue_jobs
        WHERE id >= ?1 AND id <= ?2 AND (state = 6 /* Staging */ OR service IN (SELECT value FROM json_each(?4)))
            AND (id <= ?3 OR source_job IS NOT NULL OR state = 6 /* Staging */)
        ORDER BY id LIMIT ?5
        """;

    private const string LastCopy =
        "SELECT MAX(id) FROM queue_jobs WHERE id > ?1 AND (source_job IS NOT NULL OR (?2 = 1 AND state = 6 /* Staging */))";

    private const string Tasks = """
        SELECT t.id, COALESCE((SELECT LENGTH(output) FROM task_results WHERE task_id = t.id), 0)
            + COALESCE((SELECT LENGTH(data) FROM task_derived WHERE task_id = t.id), 0)
            + COALESCE((SELECT LENGTH(input) FROM task_inputs WHERE task_id = t.id), 0)
        FROM queue_tasks t WHERE t.id >= ?1 AND t.id < ?2 ORDER BY t.id LIMIT ?3
        """;

    private const string Running = "SELECT id, fence FROM queue_tasks WHERE id >= ?1 AND id < ?2 AND state = 2 /* Running */";

    private const string OpenJobs = "SELECT job_id FROM erasure_jobs WHERE erasure_id = ?1 ORDER BY job_id LIMIT ?2";

    private const string AddOpenJob = "INSERT OR IGNORE INTO erasure_jobs (erasure_id, job_id) VALUES (?1, ?2)";

    private const string RemoveOpenJob = "DELETE FROM erasure_jobs WHERE erasure_id = ?1 AND job_id = ?2";

    private const string Save = """
        UPDATE erasures SET worker_until = stashai_now() + ?3, stage = ?4, last_job = ?5, next = ?6, next_part = ?7, jobs_total = ?8,
            jobs_done = ?9, results_changed = ?10, subject = ?11, reason = ?12,
            completed_at = CASE WHEN ?4 = 5 /* Completed */ THEN stashai_now() END
        WHERE id = ?1 AND worker = ?2 AND stage = ?13 AND next = ?14 AND next_part = ?15 AND last_job = ?16
        """;

    private const string Touch =
        "UPDATE queue_tasks SET version = version + 1 WHERE id = ?1 AND state = 3 /* Completed */ RETURNING version";

    private const string RemoveEdits = "DELETE FROM task_judgements WHERE task_id = ?1";

    private static readonly Dictionary<ErasableColumn, ColumnSql> Statements = ErasableColumns.OfTasks.Concat(ErasableColumns.OfJobs)
        .Concat(ErasableColumns.OfRecords.SelectMany(table => table)).ToDictionary(column => column, ColumnSql.Of);

    private readonly SqliteScrub scrub = new(database);

    public int RecordTables => ErasableColumns.OfRecords.Length;

    public Task<Erasure> AddErasureAsync(Guid id, ErasedSubject subject, string? askedBy, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                var hash = ErasableColumns.HashOf(subject.Ids[0]);
                return Read(session.Use(FindOpen).Bind(1, hash)).FirstOrDefault()
                    ?? Read(session.Use(Insert).Bind(1, id).Bind(2, hash).Bind(3, ErasableColumns.TextOf(subject)).Bind(4, askedBy))[0];
            },
            cancellationToken);

    public Task<Erasure?> FindErasureAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session.Use(ById).Bind(1, id)).FirstOrDefault(), cancellationToken);

    public Task<Erasure?> FindErasureOfAsync(string subjectId, CancellationToken cancellationToken) => readers.ReadAsync(
        session => Read(session.Use(BySubject).Bind(1, ErasableColumns.HashOf(subjectId))).FirstOrDefault(), cancellationToken);

    public Task<IReadOnlyList<Erasure>> ListErasuresAsync(long before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<Erasure>>(session => Read(session.Use(Newest).Bind(1, before).Bind(2, limit)), cancellationToken);

    public async Task<Erasure?> TakeErasureAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        // Usually there is none, and the write lock is not needed.
        var free = await readers.ReadAsync(session => session.Use(FindFree).Bind(1, worker).Scalar(), cancellationToken);
        return free is not { } key
            ? null
            : await writer.RunAsync(
                session => Read(session.Use(Take).Bind(1, key).Bind(2, worker).Bind(3, (long)lease.TotalMilliseconds)).FirstOrDefault(),
                cancellationToken);
    }

    public Task<bool> DescribeSubjectAsync(long key, ErasedSubject subject, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Describe).Bind(1, key).Bind(2, ErasableColumns.TextOf(subject)).Run() > 0, cancellationToken);

    public Task ExplainErasureAsync(long key, string reason, CancellationToken cancellationToken) =>
        writer.RunAsync(session => session.Use(Explain).Bind(1, key).Bind(2, reason).Run(), cancellationToken);

    public Task BeginErasingAsync(long key, IReadOnlyCollection<string> services, CancellationToken cancellationToken) =>
        writer.RunAsync(session => session.Use(Begin).Bind(1, key).Bind(2, JsonSerializer.Serialize(services)).Run(), cancellationToken);

    public Task<IReadOnlyList<ErasableJob>> ListErasableJobsAsync(
        long from, long to, long bound, IReadOnlyCollection<string> services, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ErasableJob>>(
            session =>
            {
                var jobs = new List<ErasableJob>();
                var row = session.Use(Jobs).Bind(1, from).Bind(2, to).Bind(3, bound).Bind(4, JsonSerializer.Serialize(services))
                    .Bind(5, limit);
                while (row.Step())
                {
                    jobs.Add(new ErasableJob(
                        row.Int64(0), row.Text(1), row.Text(2),
                        row.Int32(3) is var state && state == 6 /* Staging */ ? null : (JobState)state,
                        row.IsNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(4))));
                }

                return jobs;
            },
            cancellationToken);

    public Task<long?> FindLastCopyAsync(long after, bool withUploads, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var row = session.Use(LastCopy).Bind(1, after).Bind(2, withUploads ? 1 : 0);
            var key = row.Step() && !row.IsNull(0) ? row.Int64(0) : (long?)null;
            row.Reset();
            return key;
        },
        cancellationToken);

    public Task<ErasableTasks> ReadErasableTasksAsync(long jobKey, int from, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var (first, last, bytes) = (0L, 0L, 0L);
            var isMore = false;
            var row = session.Use(Tasks).Bind(1, TaskKey.From(jobKey, from)).Bind(2, TaskKey.From(jobKey + 1, 0))
                .Bind(3, IErasures.MaxTasks + 1);
            for (var count = 0; row.Step(); count++)
            {
                bytes += row.Int64(1);
                if (isMore = count == IErasures.MaxTasks || (count > 0 && bytes > IErasures.MaxBytes)) break;
                last = row.Int64(0);
                if (count == 0) first = last;
            }

            row.Reset();
            if (last == 0) return new ErasableTasks([], null);
            return new ErasableTasks(
                ReadParts(session, ErasableColumns.OfTasks, first, last), isMore ? TaskKey.OrdinalOf(last) + 1 : null);
        },
        cancellationToken);

    public Task<IReadOnlyList<ErasablePart>> ReadErasableJobAsync(long jobKey, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ErasablePart>>(
            session => ReadParts(session, ErasableColumns.OfJobs, jobKey, jobKey), cancellationToken);

    public Task<IReadOnlyList<(long TaskKey, int Fence)>> ListRunningAsync(long jobKey, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<(long, int)>>(
            session =>
            {
                var running = new List<(long, int)>();
                var row = session.Use(Running).Bind(1, TaskKey.From(jobKey, 0)).Bind(2, TaskKey.From(jobKey + 1, 0));
                while (row.Step()) running.Add((row.Int64(0), row.Int32(1)));
                return running;
            },
            cancellationToken);

    public Task<IReadOnlyList<long>> ListOpenJobsAsync(long key, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<long>>(
            session =>
            {
                var jobs = new List<long>();
                var row = session.Use(OpenJobs).Bind(1, key).Bind(2, limit);
                while (row.Step()) jobs.Add(row.Int64(0));
                return jobs;
            },
            cancellationToken);

    public Task<ErasableRecords> ReadErasableRecordsAsync(int table, long from, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var columns = ErasableColumns.OfRecords[table];
            var last = session.Use(Statements[columns[0]].Border).Bind(1, from).Bind(2, IErasures.MaxRecords).Scalar();
            return new ErasableRecords(ReadParts(session, columns, from, last ?? long.MaxValue), last + 1);
        },
        cancellationToken);

    public async Task<ChangeSet?> SaveErasureAsync(ErasureSave save, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.RunAsync(session => Write(session, save), cancellationToken, isBulk: true);
        }
        catch (ValueChangedException)
        {
            return null;
        }
    }

    public Task<bool> ScrubAsync(Func<Task<bool>> goOn, CancellationToken cancellationToken) => scrub.RunAsync(goOn, cancellationToken);

    private static ChangeSet? Write(SqliteSession session, ErasureSave save)
    {
        var (before, after) = (save.Before, save.After);
        var isSaved = session.Use(Save).Bind(1, before.Key).Bind(2, save.Worker).Bind(3, (long)save.Lease.TotalMilliseconds)
            .Bind(4, (int)after.Stage).Bind(5, after.LastJob).Bind(6, after.Next).Bind(7, after.NextPart).Bind(8, after.JobsTotal)
            .Bind(9, after.JobsDone).Bind(10, after.ResultsChanged).Bind(11, ErasableColumns.TextOf(after.Subject)).Bind(12, after.Reason)
            .Bind(13, (int)before.Stage).Bind(14, before.Next).Bind(15, before.NextPart).Bind(16, before.LastJob).Run() > 0;
        if (!isSaved) return null;
        if (save.OpenJob is { } open) session.Use(AddOpenJob).Bind(1, before.Key).Bind(2, open).Run();
        if (save.DoneJob is { } done) session.Use(RemoveOpenJob).Bind(1, before.Key).Bind(2, done).Run();
        var unit = new SqliteUnit(session);
        var subjects = new SqliteSubjects(session);
        foreach (var erased in save.Parts)
        {
            var (part, data) = erased;
            if (part.Place == ErasablePlace.Result) subjects.Replace(part.Key, erased.Subjects);
            Replace(session, part, data);
            var column = ErasableColumns.Of(part.Place);
            if (ErasableColumns.OfJobs.Contains(column)) unit.Job(part.Key);
            if (!ErasableColumns.OfTasks.Contains(column)) continue;
            unit.Job(TaskKey.JobOf(part.Key));
            // Clients that follow the job read the new result.
            if (part.Place == ErasablePlace.Result && session.Use(Touch).Bind(1, part.Key).Scalar() is { } version)
                unit.Changed(part.Key, (int)version, TaskState.Completed);
        }

        subjects.Finish();
        return unit.Finish();
    }

    private static void Replace(SqliteSession session, ErasablePart part, ReadOnlyMemory<byte> data)
    {
        var column = ErasableColumns.Of(part.Place);
        var sql = Statements[column];
        var isRemoved = part.Place == ErasablePlace.Derived && data.IsEmpty;
        var replace = session.Use(isRemoved ? sql.Remove : sql.Replace).Bind(1, part.Key).Bind(2, part.Second);
        Bind(3, part.Recorded ?? part.Data);
        if (!isRemoved) Bind(4, data);
        if (replace.Run() == 0) throw new ValueChangedException();
        if (part.Recorded is not null) session.Use(RemoveEdits).Bind(1, part.Key).Run();

        void Bind(int index, ReadOnlyMemory<byte> value)
        {
            if (column.IsText) replace.Bind(index, Encoding.UTF8.GetString(value.Span));
            else replace.Bind(index, value.Span);
        }
    }

    private static List<ErasablePart> ReadParts(SqliteSession session, ErasableColumn[] columns, long from, long to)
    {
        var parts = new List<ErasablePart>();
        foreach (var column in columns)
        {
            var row = session.Use(Statements[column].Read).Bind(1, from).Bind(2, to);
            while (row.Step())
            {
                var part = new ErasablePart(column.Place, row.Int64(0), row.Int64(1), row.Blob(2));
                parts.Add(row.IsNull(3) ? part : ErasableColumns.Edited(part, row.Blob(3)));
            }
        }

        return parts;
    }

    private static List<Erasure> Read(SqliteStatement row)
    {
        var found = new List<Erasure>();
        while (row.Step())
        {
            found.Add(new Erasure
            {
                Key = row.Int64(0),
                Id = row.Guid(1),
                Subject = ErasableColumns.SubjectOf(row.TextOrNull(2)),
                Stage = (ErasureStage)row.Int32(3),
                Bound = row.Int64(4),
                LastJob = row.Int64(5),
                Next = row.Int64(6),
                NextPart = row.Int32(7),
                JobsTotal = row.Int64(8),
                JobsDone = row.Int64(9),
                ResultsChanged = row.Int64(10),
                AskedBy = row.TextOrNull(11),
                Reason = row.TextOrNull(12),
                StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(13)),
                CompletedAt = row.IsNull(14) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(14)),
            });
        }

        return found;
    }

    /// <summary>The statements of a column, each made once.</summary>
    private sealed record ColumnSql(string Read, string Replace, string Remove, string Border)
    {
        public static ColumnSql Of(ErasableColumn column)
        {
            var (table, key, second, name) = (column.Table, column.Key, column.Second ?? "0", column.Column);
            var where = column.Where is { } condition ? $" AND {condition}" : "";
            return new ColumnSql(
                $"SELECT {key}, {second}, {name}, {column.Edits} FROM {table} WHERE {key} >= ?1 AND {key} <= ?2 AND {name} "
                + $"IS NOT NULL{where} ORDER BY {key}",
                $"UPDATE {table} SET {name} = ?4 WHERE {key} = ?1 AND {second} = ?2 AND {name} = ?3",
                $"DELETE FROM {table} WHERE {key} = ?1 AND {second} = ?2 AND {name} = ?3",
                $"SELECT {key} FROM {table} WHERE {key} >= ?1 ORDER BY {key} LIMIT 1 OFFSET ?2");
        }
    }
}
