using Npgsql;
using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Subjects;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>Lists of what results show, and the results that were stored before that was kept.</summary>
internal sealed class PostgresSubjectList(PostgresDatabase database) : ISubjects
{
    // The few hidden jobs are read once, not the job of each row; and an EXISTS may become a join that begins with all jobs.
    private const string Hidden = "(SELECT id FROM queue_jobs WHERE state = 6 /* Staging */)";

    private const string IsCommitted = $"s.task_id >> 24 NOT IN {Hidden}";

    private const string Head = $"""
        {PostgresRead.TaskColumns}, {PostgresRead.OutputColumns}, s.score, j.public_id, j.name
        FROM (SELECT s.task_id, s.score FROM task_subjects s
        """;

    private const string Tail = $"""
        s.subject = $1 AND s.score >= $2 AND (s.score, s.task_id) < ($3, $4) AND {IsCommitted}
            ORDER BY s.score DESC, s.task_id DESC LIMIT $5) AS s
            JOIN queue_jobs j ON j.id = s.task_id >> 24 JOIN queue_tasks t ON t.id = s.task_id JOIN task_results r ON r.task_id = s.task_id
        ORDER BY s.score DESC, s.task_id DESC
        """;

    private const string OfAll = $"{Head} WHERE {Tail}";

    private const string OfJob = $"{Head} WHERE s.job_id = $6 AND {Tail}";

    private const string CountOfJob = "SELECT tasks::bigint, 1::bigint FROM job_subjects WHERE job_id = $2 AND subject = $1";

    private const string CountOfAll = $"""
        SELECT COALESCE(SUM(tasks), 0)::bigint, COUNT(*) FROM (
            SELECT k.tasks FROM job_subjects k WHERE k.subject = $1 AND k.job_id NOT IN {Hidden} LIMIT $2) AS k
        """;

    private const string CountFrom =
        $"SELECT COUNT(*) FROM (SELECT 1 FROM task_subjects s WHERE s.subject = $1 AND s.score >= $2 AND {IsCommitted} LIMIT $3) AS s";

    private const string CountFromOfJob =
        "SELECT COUNT(*) FROM (SELECT 1 FROM task_subjects WHERE job_id = $4 AND subject = $1 AND score >= $2 LIMIT $3) AS s";

    private const string SubjectsOfJob = """
        SELECT subject, tasks, best FROM job_subjects WHERE job_id = $1 AND (tasks, subject) < ($2, $3)
        ORDER BY tasks DESC, subject DESC LIMIT $4
        """;

    private const string CountSubjects = "SELECT COUNT(*) FROM job_subjects WHERE job_id = $1";

    private const string TogetherInAll = $"""
        SELECT o.subject, COUNT(*)::int
        FROM (SELECT s.task_id FROM task_subjects s WHERE s.subject = $1 AND {IsCommitted}
            ORDER BY s.score DESC, s.task_id DESC LIMIT $2) AS shown
            JOIN task_subjects o ON o.task_id = shown.task_id AND o.subject <> $1
        GROUP BY o.subject
        """;

    private const string TogetherInJob = """
        SELECT o.subject, COUNT(*)::int
        FROM (SELECT s.task_id FROM task_subjects s WHERE s.job_id = $3 AND s.subject = $1
            ORDER BY s.score DESC, s.task_id DESC LIMIT $2) AS shown
            JOIN task_subjects o ON o.task_id = shown.task_id AND o.subject <> $1
        GROUP BY o.subject
        """;

    private const string Backlog = """
        SELECT b.job_id, b.next FROM subject_backlog b
        WHERE EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = b.job_id AND j.state IN (2, 3, 4, 5) /* the terminal states */)
        ORDER BY b.job_id DESC LIMIT 1
        """;

    private const string Unindexed = $"""
        SELECT s.id, s.version, {PostgresRead.OutputColumns} FROM (
            SELECT id, version, ROW_NUMBER() OVER (ORDER BY id) AS n, SUM(size) OVER (ORDER BY id) AS bytes FROM (
                SELECT t.id, t.version, octet_length(r.output) AS size FROM task_results r JOIN queue_tasks t ON t.id = r.task_id
                WHERE r.task_id >= $1 AND r.task_id < $2 AND t.state = 3 /* Completed */ ORDER BY t.id LIMIT $3) AS page) AS s
            JOIN task_results r ON r.task_id = s.id
        WHERE s.n = 1 OR s.bytes <= $4 ORDER BY s.id
        """;

    private const string Advance = "UPDATE subject_backlog SET next = $3 WHERE job_id = $1 AND next = $2 RETURNING job_id";

    private const string EndBacklog = "DELETE FROM subject_backlog WHERE job_id = $1 AND next = $2 RETURNING job_id";

    private const string Unchanged = """
        SELECT t.id FROM unnest($1::bigint[], $2::int[]) AS k (id, version) JOIN queue_tasks t ON t.id = k.id
        WHERE t.version = k.version AND t.state = 3 /* Completed */
        """;

    public async Task<SubjectTaskPage> ListTasksAsync(SubjectQuery query, CancellationToken cancellationToken)
    {
        var after = query.After ?? new SubjectPlace(double.PositiveInfinity, long.MaxValue);
        NpgsqlParameter[] parameters =
        [
            Text(query.Subject), Value(query.MinScore ?? double.NegativeInfinity), Value(after.Score), Value(after.TaskKey),
            Value(query.Limit + 1L),
        ];
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        if (query.JobKey is { } job) batch.Add(OfJob, [.. parameters, Value(job)]);
        else batch.Add(OfAll, parameters);
        AddCount(batch, query.Subject, query.JobKey, query.MinScore);
        await using var rows = await batch.ReadAsync(cancellationToken);
        var tasks = new List<SubjectTask>();
        const int score = PostgresRead.ReadColumns;
        while (await rows.ReadAsync(cancellationToken))
        {
            tasks.Add(new SubjectTask(
                PostgresRead.ReadTask(rows), rows.GetGuid(score + 1), PostgresRows.TextOrNull(rows, score + 2), rows.GetDouble(score)));
        }

        await rows.NextResultAsync(cancellationToken);
        var (total, isExact) = await ReadCountAsync(rows, query.MinScore is not null, cancellationToken);
        var hasMore = tasks.Count > query.Limit;
        if (hasMore) tasks.RemoveAt(query.Limit);
        return new SubjectTaskPage(tasks, total, isExact, hasMore);
    }

    public async Task<SubjectPage<JobSubject>> ListOfJobAsync(
        long jobKey, SubjectCount? after, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch()
            .Add(SubjectsOfJob, Value(jobKey), Value(after?.Tasks ?? int.MaxValue), Text(after?.Subject ?? ""), Value(limit + 1L))
            .Add(CountSubjects, Value(jobKey));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var subjects = new List<JobSubject>();
        while (await rows.ReadAsync(cancellationToken))
            subjects.Add(new JobSubject(rows.GetString(0), rows.GetInt32(1), rows.GetDouble(2)));
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var total = rows.GetInt64(0);
        var hasMore = subjects.Count > limit;
        if (hasMore) subjects.RemoveAt(limit);
        return new SubjectPage<JobSubject>(subjects, total, true, hasMore);
    }

    public async Task<SubjectPage<SubjectCount>> ListTogetherAsync(
        string subject, long? jobKey, SubjectCount? after, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        if (jobKey is { } job) batch.Add(TogetherInJob, Text(subject), Value((long)ISubjects.MaxTogether), Value(job));
        else batch.Add(TogetherInAll, Text(subject), Value((long)ISubjects.MaxTogether));
        AddCount(batch, subject, jobKey, null);
        await using var rows = await batch.ReadAsync(cancellationToken);
        var counts = new List<SubjectCount>();
        while (await rows.ReadAsync(cancellationToken)) counts.Add(new SubjectCount(rows.GetString(0), rows.GetInt32(1)));
        await rows.NextResultAsync(cancellationToken);
        var (total, isExact) = await ReadCountAsync(rows, false, cancellationToken);
        return CompanionCounts.Page(counts, isExact && total <= ISubjects.MaxTogether, after, limit);
    }

    public async Task<SubjectBacklog?> FindBacklogAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Backlog);
        var found = await PostgresRows.ListAsync(batch, row => new SubjectBacklog(row.GetInt64(0), row.GetInt32(1)), cancellationToken);
        return found is [var one] ? one : null;
    }

    public async Task<IReadOnlyList<UnindexedResult>> ReadUnindexedAsync(SubjectBacklog backlog, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Unindexed, Value(TaskKey.From(backlog.JobKey, backlog.Next)), Value(TaskKey.From(backlog.JobKey + 1, 0)),
            Value((long)ISubjects.MaxUnindexed), Value((long)ISubjects.MaxUnindexedBytes));
        return await PostgresRows.ListAsync(
            batch, row => new UnindexedResult(row.GetInt64(0), row.GetInt32(1), PostgresRead.ReadOutput(row, 2)), cancellationToken);
    }

    public Task<bool> SaveIndexedAsync(
        SubjectBacklog backlog, int? next, IReadOnlyList<IndexedResult> results, CancellationToken cancellationToken) =>
        database.RunAsync(session => SaveAsync(session, backlog, next, results), cancellationToken);

    private static async Task<bool> SaveAsync(
        PostgresSession session, SubjectBacklog backlog, int? next, IReadOnlyList<IndexedResult> results)
    {
        var subjects = new PostgresSubjects();
        var unchanged = new HashSet<long>();
        await using var look = session.Batch().Add(Begin).Add(PostgresUnit.LockJobs, Value<long[]>([backlog.JobKey]));
        if (next is { } place) look.Add(Advance, Value(backlog.JobKey), Value(backlog.Next), Value(place));
        else look.Add(EndBacklog, Value(backlog.JobKey), Value(backlog.Next));
        look.Add(Unchanged, Value(results.Select(one => one.TaskKey).ToArray()), Value(results.Select(one => one.Version).ToArray()));
        look.Add(PostgresSubjects.Find, Value(results.Select(one => one.TaskKey).ToArray()));
        bool isOurs;
        await using (var rows = await look.ReadAsync(CancellationToken.None))
        {
            await rows.NextResultAsync();
            isOurs = await rows.ReadAsync();
            await rows.NextResultAsync();
            while (await rows.ReadAsync()) unchanged.Add(rows.GetInt64(0));
            await rows.NextResultAsync();
            await subjects.LoadAsync(rows);
            await EndAsync(rows, CancellationToken.None);
        }

        await using var batch = session.Batch();
        foreach (var result in results.Where(result => isOurs && unchanged.Contains(result.TaskKey)))
            subjects.Replace(result.TaskKey, result.Subjects);
        subjects.Finish(batch);
        await batch.Add(isOurs ? Commit : Rollback).RunAsync(CancellationToken.None);
        return isOurs;
    }

    private static void AddCount(PostgresBatch batch, string subject, long? jobKey, double? minScore)
    {
        const long Limit = ISubjects.MaxCounted + 1;
        if (minScore is { } from)
        {
            if (jobKey is { } of) batch.Add(CountFromOfJob, Text(subject), Value(from), Value(Limit), Value(of));
            else batch.Add(CountFrom, Text(subject), Value(from), Value(Limit));
        }
        else if (jobKey is { } job)
        {
            batch.Add(CountOfJob, Text(subject), Value(job));
        }
        else
        {
            batch.Add(CountOfAll, Text(subject), Value(Limit));
        }
    }

    private static async Task<(long Total, bool IsExact)> ReadCountAsync(
        NpgsqlDataReader rows, bool isLimited, CancellationToken cancellationToken)
    {
        if (!await rows.ReadAsync(cancellationToken)) return (0, true);
        var count = rows.GetInt64(0);
        return isLimited
            ? (Math.Min(count, ISubjects.MaxCounted), count <= ISubjects.MaxCounted)
            : (count, rows.GetInt64(1) <= ISubjects.MaxCounted);
    }
}
