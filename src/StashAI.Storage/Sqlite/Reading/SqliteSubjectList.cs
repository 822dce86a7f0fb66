using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Subjects;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>Lists of what results show, and the results that were stored before that was kept.</summary>
internal sealed class SqliteSubjectList(SqliteWriter writer, SqliteReaders readers) : ISubjects
{
    // The few hidden jobs are read once, not the job of each row.
    private const string Hidden = "(SELECT id FROM queue_jobs WHERE state = 6 /* Staging */)";

    private const string IsCommitted = $"s.task_id >> 24 NOT IN {Hidden}";

    // CROSS JOIN keeps the order of the loops and so of the rows, without sorting.
    private const string Columns = $"""
        {SqliteRead.TaskColumns}, {SqliteRead.OutputColumns}, s.score, j.public_id, j.name
        FROM task_subjects s CROSS JOIN queue_jobs j ON j.id = s.task_id >> 24 AND j.state <> 6 /* Staging */
            CROSS JOIN queue_tasks t ON t.id = s.task_id CROSS JOIN task_results r ON r.task_id = s.task_id
        """;

    private const string OfAll = $"""
        {Columns} WHERE s.subject = ?1 AND s.score >= ?2 AND (s.score, s.task_id) < (?3, ?4)
        ORDER BY s.score DESC, s.task_id DESC LIMIT ?5
        """;

    private const string OfJob = $"""
        {Columns} WHERE s.job_id = ?6 AND s.subject = ?1 AND s.score >= ?2 AND (s.score, s.task_id) < (?3, ?4)
        ORDER BY s.score DESC, s.task_id DESC LIMIT ?5
        """;

    private const string CountOfJob = "SELECT tasks, 1 FROM job_subjects WHERE job_id = ?2 AND subject = ?1";

    private const string CountOfAll = $"""
        SELECT SUM(tasks), COUNT(*) FROM (
            SELECT k.tasks AS tasks FROM job_subjects k WHERE k.subject = ?1 AND k.job_id NOT IN {Hidden} LIMIT ?2)
        """;

    private const string CountFrom =
        $"SELECT COUNT(*) FROM (SELECT 1 FROM task_subjects s WHERE s.subject = ?1 AND s.score >= ?2 AND {IsCommitted} LIMIT ?3)";

    private const string CountFromOfJob =
        "SELECT COUNT(*) FROM (SELECT 1 FROM task_subjects WHERE job_id = ?4 AND subject = ?1 AND score >= ?2 LIMIT ?3)";

    private const string SubjectsOfJob = """
        SELECT subject, tasks, best FROM job_subjects WHERE job_id = ?1 AND (tasks, subject) < (?2, ?3)
        ORDER BY tasks DESC, subject DESC LIMIT ?4
        """;

    private const string CountSubjects = "SELECT COUNT(*) FROM job_subjects WHERE job_id = ?1";

    private const string TogetherInAll = $"""
        SELECT o.subject, COUNT(*)
        FROM (SELECT s.task_id AS id FROM task_subjects s WHERE s.subject = ?1 AND {IsCommitted}
            ORDER BY s.score DESC, s.task_id DESC LIMIT ?2) AS shown
            CROSS JOIN task_subjects o ON o.task_id = shown.id AND o.subject <> ?1
        GROUP BY o.subject
        """;

    private const string TogetherInJob = """
        SELECT o.subject, COUNT(*)
        FROM (SELECT task_id AS id FROM task_subjects WHERE job_id = ?3 AND subject = ?1 ORDER BY score DESC, task_id DESC LIMIT ?2) AS shown
            CROSS JOIN task_subjects o ON o.task_id = shown.id AND o.subject <> ?1
        GROUP BY o.subject
        """;

    private const string Backlog = """
        SELECT b.job_id, b.next FROM subject_backlog b CROSS JOIN queue_jobs j ON j.id = b.job_id
        WHERE j.state IN (2, 3, 4, 5) /* the terminal states */ ORDER BY b.job_id DESC LIMIT 1
        """;

    private const string Unindexed = $"""
        SELECT t.id, t.version, {SqliteRead.OutputColumns} FROM task_results r CROSS JOIN queue_tasks t ON t.id = r.task_id
        WHERE r.task_id >= ?1 AND r.task_id < ?2 AND t.state = 3 /* Completed */ ORDER BY r.task_id LIMIT ?3
        """;

    private const string Advance = "UPDATE subject_backlog SET next = ?3 WHERE job_id = ?1 AND next = ?2";

    private const string EndBacklog = "DELETE FROM subject_backlog WHERE job_id = ?1 AND next = ?2";

    private const string IsUnchanged = "SELECT 1 FROM queue_tasks WHERE id = ?1 AND version = ?2 AND state = 3 /* Completed */";

    public Task<SubjectTaskPage> ListTasksAsync(SubjectQuery query, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var after = query.After ?? new SubjectPlace(double.PositiveInfinity, long.MaxValue);
            var rows = (query.JobKey is { } job ? session.Use(OfJob).Bind(6, job) : session.Use(OfAll))
                .Bind(1, query.Subject).Bind(2, query.MinScore ?? double.NegativeInfinity).Bind(3, after.Score).Bind(4, after.TaskKey)
                .Bind(5, query.Limit + 1);
            var tasks = new List<SubjectTask>();
            const int score = SqliteRead.ReadColumns;
            while (rows.Step())
                tasks.Add(new SubjectTask(SqliteRead.ReadTask(rows), rows.Guid(score + 1), rows.TextOrNull(score + 2), rows.Real(score)));
            var hasMore = tasks.Count > query.Limit;
            if (hasMore) tasks.RemoveAt(query.Limit);
            var (total, isExact) = Count(session, query.Subject, query.JobKey, query.MinScore);
            return new SubjectTaskPage(tasks, total, isExact, hasMore);
        },
        cancellationToken);

    public Task<SubjectPage<JobSubject>> ListOfJobAsync(
        long jobKey, SubjectCount? after, int limit, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var rows = session.Use(SubjectsOfJob).Bind(1, jobKey).Bind(2, after?.Tasks ?? int.MaxValue).Bind(3, after?.Subject ?? "")
                .Bind(4, limit + 1);
            var subjects = new List<JobSubject>();
            while (rows.Step()) subjects.Add(new JobSubject(rows.Text(0), rows.Int32(1), rows.Real(2)));
            var hasMore = subjects.Count > limit;
            if (hasMore) subjects.RemoveAt(limit);
            var total = session.Use(CountSubjects).Bind(1, jobKey).Scalar() ?? 0;
            return new SubjectPage<JobSubject>(subjects, total, true, hasMore);
        },
        cancellationToken);

    public Task<SubjectPage<SubjectCount>> ListTogetherAsync(
        string subject, long? jobKey, SubjectCount? after, int limit, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var rows = (jobKey is { } job ? session.Use(TogetherInJob).Bind(3, job) : session.Use(TogetherInAll))
                .Bind(1, subject).Bind(2, ISubjects.MaxTogether);
            var counts = new List<SubjectCount>();
            while (rows.Step()) counts.Add(new SubjectCount(rows.Text(0), rows.Int32(1)));
            var (total, isExact) = Count(session, subject, jobKey, null);
            return CompanionCounts.Page(counts, isExact && total <= ISubjects.MaxTogether, after, limit);
        },
        cancellationToken);

    public Task<SubjectBacklog?> FindBacklogAsync(CancellationToken cancellationToken) => readers.ReadAsync<SubjectBacklog?>(
        session =>
        {
            var row = session.Use(Backlog);
            if (!row.Step()) return null;
            var found = new SubjectBacklog(row.Int64(0), row.Int32(1));
            row.Reset();
            return found;
        },
        cancellationToken);

    public Task<IReadOnlyList<UnindexedResult>> ReadUnindexedAsync(SubjectBacklog backlog, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<UnindexedResult>>(
            session =>
            {
                var results = new List<UnindexedResult>();
                var bytes = 0L;
                var row = session.Use(Unindexed).Bind(1, TaskKey.From(backlog.JobKey, backlog.Next))
                    .Bind(2, TaskKey.From(backlog.JobKey + 1, 0)).Bind(3, ISubjects.MaxUnindexed);
                while (row.Step())
                {
                    var result = new UnindexedResult(row.Int64(0), row.Int32(1), SqliteRead.ReadOutput(row, 2));
                    bytes += result.Output.Length;
                    if (results.Count > 0 && bytes > ISubjects.MaxUnindexedBytes) break;
                    results.Add(result);
                }

                row.Reset();
                return results;
            },
            cancellationToken);

    public Task<bool> SaveIndexedAsync(
        SubjectBacklog backlog, int? next, IReadOnlyList<IndexedResult> results, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            var advance = session.Use(next is null ? EndBacklog : Advance).Bind(1, backlog.JobKey).Bind(2, backlog.Next);
            if (next is { } place) advance.Bind(3, place);
            if (advance.Run() == 0) return false;
            var subjects = new SqliteSubjects(session);
            foreach (var result in results)
            {
                if (session.Use(IsUnchanged).Bind(1, result.TaskKey).Bind(2, result.Version).Scalar() is not null)
                    subjects.Replace(result.TaskKey, result.Subjects);
            }

            subjects.Finish();
            return true;
        },
        cancellationToken, isBulk: true);

    private static (long Total, bool IsExact) Count(SqliteSession session, string subject, long? jobKey, double? minScore)
    {
        const int Limit = ISubjects.MaxCounted + 1;
        if (minScore is { } from)
        {
            var count = (jobKey is { } of ? session.Use(CountFromOfJob).Bind(4, of) : session.Use(CountFrom))
                .Bind(1, subject).Bind(2, from).Bind(3, Limit).Scalar() ?? 0;
            return (Math.Min(count, ISubjects.MaxCounted), count < Limit);
        }

        var row = jobKey is { } job
            ? session.Use(CountOfJob).Bind(1, subject).Bind(2, job)
            : session.Use(CountOfAll).Bind(1, subject).Bind(2, Limit);
        if (!row.Step()) return (0, true);
        var (total, jobs) = (row.IsNull(0) ? 0 : row.Int64(0), row.Int64(1));
        row.Reset();
        return (total, jobs < Limit);
    }
}
