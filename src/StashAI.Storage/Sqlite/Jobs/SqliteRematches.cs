using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Reading;
using StashAI.Storage.Sqlite.Subjects;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Rematches: results of ended jobs that are judged again, and how far each rematch is.</summary>
internal sealed class SqliteRematches(SqliteWriter writer, SqliteReaders readers) : IRematches
{
    private const string Columns =
        "bulk_id, threshold, completed, next, done, judged, changed, version, aggregate, is_over, started_at, updated_at";

    private const string HasDerived = "SELECT 1 FROM task_derived WHERE task_id >= ?1 AND task_id < ?2 LIMIT 1";

    private const string Find = $"SELECT {Columns} FROM job_rematches WHERE job_id = ?1";

    private const string FindJob = "SELECT state, completed FROM queue_jobs WHERE id = ?1 AND state <> 6 /* Staging */";

    private const string Begin = $"""
        INSERT OR REPLACE INTO job_rematches (job_id, bulk_id, threshold, completed, started_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, stashai_now(), stashai_now()) RETURNING {Columns}
        """;

    private const string Results = $"""
        SELECT r.task_id, (SELECT input FROM task_inputs WHERE task_id = r.task_id), {SqliteRead.OutputColumns},
            (SELECT data FROM task_derived WHERE task_id = r.task_id)
        FROM task_results r JOIN queue_tasks t ON t.id = r.task_id
        WHERE r.task_id >= ?1 AND r.task_id < ?2 AND t.state = 3 /* Completed */ ORDER BY r.task_id LIMIT ?3
        """;

    private const string Save = """
        UPDATE job_rematches SET next = ?4, done = ?5, judged = ?6, changed = ?7, version = ?8, aggregate = ?9, is_over = ?10,
            updated_at = stashai_now()
        WHERE job_id = ?1 AND bulk_id = ?2 AND next = ?3 AND is_over = 0
            AND EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = ?1 AND j.completed = job_rematches.completed
                AND j.state IN (2, 3, 4, 5) /* the terminal states */)
            AND NOT EXISTS (SELECT 1 FROM erasures WHERE id > ?11 OR stage < 3 /* Records */)
        """;

    // Results that an erasure has not reached yet must not be judged by a gallery that has lost the person (docs/adr/0025).
    private const string ErasureSince = "SELECT 1 FROM erasures WHERE id > ?1 OR stage < 3 /* Records */ LIMIT 1";

    private const string Erasures = "SELECT COALESCE(MAX(id), 0), COALESCE(SUM(stage < 3 /* Records */), 0) FROM erasures";

    private const string SaveEdits = "INSERT OR REPLACE INTO task_judgements (task_id, edits) VALUES (?1, ?2)";

    private const string Touch =
        "UPDATE queue_tasks SET version = version + 1 WHERE id = ?1 AND state = 3 /* Completed */ RETURNING version";

    private const string TouchUnchanged =
        "UPDATE queue_tasks SET version = version + 1 WHERE id = ?1 AND version = ?2 AND state = 3 /* Completed */ RETURNING version";

    // Without all results there is no new aggregate.
    private const string SaveAggregate = """
        INSERT OR REPLACE INTO job_aggregates (job_id, aggregate)
        SELECT job_id, aggregate FROM job_rematches WHERE job_id = ?1 AND aggregate IS NOT NULL AND done = completed
        """;

    public Task<bool> HasDerivedAsync(long jobKey, CancellationToken cancellationToken) => readers.ReadAsync(
        session => session.Use(HasDerived).Bind(1, TaskKey.From(jobKey, 0)).Bind(2, TaskKey.From(jobKey + 1, 0)).Scalar() is not null,
        cancellationToken);

    public Task<RematchProgress?> FindRematchAsync(long jobKey, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => FindOne(session, jobKey), cancellationToken);

    public Task<RematchStart> BeginRematchAsync(long jobKey, BulkOperation bulk, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            var job = session.Use(FindJob).Bind(1, jobKey);
            if (!job.Step()) return new RematchStart(null);
            var (state, completed) = ((JobState)job.Int32(0), job.Int32(1));
            job.Reset();
            if (!JobStateMachine.IsTerminal(state)) return new RematchStart(null, IsOpen: true);
            var erasures = session.Use(Erasures);
            erasures.Step();
            var (newest, isHeld) = (erasures.Int64(0), erasures.Int64(1) > 0);
            erasures.Reset();
            if (FindOne(session, jobKey) is { } current && current.BulkKey >= bulk.Key)
            {
                if (current.BulkKey > bulk.Key) return new RematchStart(null);
                if (current.Completed == completed)
                    return new RematchStart(current with { Erasure = newest }) { IsHeld = isHeld };
            }

            var row = session.Use(Begin).Bind(1, jobKey).Bind(2, bulk.Key).Bind(3, bulk.Threshold).Bind(4, completed);
            row.Step();
            var begun = Read(row, jobKey);
            row.Run();
            return new RematchStart(begun with { Erasure = newest }) { IsHeld = isHeld };
        },
        cancellationToken);

    public Task<IReadOnlyList<StoredResult>> ReadResultsAsync(long jobKey, int from, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<StoredResult>>(
            session =>
            {
                var results = new List<StoredResult>();
                var bytes = 0L;
                var row = session.Use(Results).Bind(1, TaskKey.From(jobKey, from)).Bind(2, TaskKey.From(jobKey + 1, 0))
                    .Bind(3, IRematches.MaxResults);
                while (row.Step())
                {
                    var result = ReadResult(row);
                    bytes += result.Input.Length + result.Output.Length + result.Derived.Length;
                    if (results.Count > 0 && bytes > IRematches.MaxBytes) break;
                    results.Add(result);
                }

                row.Reset();
                return results;
            },
            cancellationToken);

    public Task<StoredResult?> FindResultAsync(long taskKey, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var row = session.Use(Results).Bind(1, taskKey).Bind(2, taskKey + 1).Bind(3, 1);
            StoredResult? found = row.Step() ? ReadResult(row) : null;
            row.Reset();
            return found;
        },
        cancellationToken);

    public Task<ChangeSet?> SaveRematchAsync(
        int from, RematchProgress progress, IReadOnlyList<JudgedResult> results, CancellationToken cancellationToken)
    {
        var edits = results.Select(EditsOf).ToList();
        return writer.RunAsync(session => Write(session, from, progress, results, edits), cancellationToken, isBulk: true);
    }

    public Task<ChangeSet> SaveResultsAsync(
        long jobKey, long erasure, IReadOnlyList<(int Version, JudgedResult Result)> results, CancellationToken cancellationToken) =>
        writer.RunAsync(
        session =>
        {
            if (session.Use(ErasureSince).Bind(1, erasure).Scalar() is not null) return ChangeSet.Empty;
            var unit = new SqliteUnit(session);
            var subjects = new SqliteSubjects(session);
            foreach (var (known, result) in results)
            {
                var task = result.TaskKey;
                if (session.Use(TouchUnchanged).Bind(1, task).Bind(2, known).Scalar() is not { } version) continue;
                session.Use(SaveEdits).Bind(1, task).Bind(2, EditsOf(result)).Run();
                subjects.Replace(task, result.Subjects);
                unit.Job(jobKey);
                unit.Changed(task, (int)version, TaskState.Completed);
            }

            subjects.Finish();
            return unit.Finish();
        },
        cancellationToken);

    private static ChangeSet? Write(
        SqliteSession session, int from, RematchProgress progress, IReadOnlyList<JudgedResult> results, List<byte[]> edits)
    {
        var save = session.Use(Save).Bind(1, progress.JobKey).Bind(2, progress.BulkKey).Bind(3, from).Bind(4, progress.Next)
            .Bind(5, progress.Done).Bind(6, progress.Judged).Bind(7, progress.Changed).Bind(8, progress.Version)
            .Bind(10, progress.IsOver ? 1 : 0).Bind(11, progress.Erasure);
        if (!progress.Aggregate.IsEmpty) save.Bind(9, progress.Aggregate.Span);
        if (save.Run() == 0) return null;
        var unit = new SqliteUnit(session);
        // Clients that follow the job read the new results, and at the end the new aggregate.
        unit.Job(progress.JobKey);
        var subjects = new SqliteSubjects(session);
        for (var i = 0; i < results.Count; i++)
        {
            var task = results[i].TaskKey;
            subjects.Replace(task, results[i].Subjects);
            session.Use(SaveEdits).Bind(1, task).Bind(2, edits[i]).Run();
            if (session.Use(Touch).Bind(1, task).Scalar() is { } version) unit.Changed(task, (int)version, TaskState.Completed);
        }

        subjects.Finish();
        if (progress.IsOver) session.Use(SaveAggregate).Bind(1, progress.JobKey).Run();
        return unit.Finish();
    }

    private static byte[] EditsOf(JudgedResult result) => ResultEdits.Between(result.Recorded.Span, result.Output.Span);

    private static StoredResult ReadResult(SqliteStatement row)
    {
        var recorded = row.Blob(2);
        var output = row.IsNull(3) ? recorded : ResultEdits.Apply(recorded, row.Blob(3));
        return new(row.Int64(0), row.IsNull(1) ? default : row.Blob(1), output, row.IsNull(4) ? default : row.Blob(4))
        {
            Recorded = recorded,
        };
    }

    private static RematchProgress? FindOne(SqliteSession session, long jobKey)
    {
        var row = session.Use(Find).Bind(1, jobKey);
        if (!row.Step()) return null;
        var found = Read(row, jobKey);
        row.Reset();
        return found;
    }

    private static RematchProgress Read(SqliteStatement row, long jobKey) => new()
    {
        JobKey = jobKey,
        BulkKey = row.Int64(0),
        Threshold = row.IsNull(1) ? null : row.Real(1),
        Completed = row.Int32(2),
        Next = row.Int32(3),
        Done = row.Int32(4),
        Judged = row.Int32(5),
        Changed = row.Int32(6),
        Version = row.IsNull(7) ? null : row.Int64(7),
        Aggregate = row.IsNull(8) ? default(ReadOnlyMemory<byte>) : row.Blob(8),
        IsOver = row.Int32(9) != 0,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(10)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(11)),
    };
}
