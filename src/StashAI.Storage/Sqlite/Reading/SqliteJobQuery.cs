using System.Text.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>Pages of jobs by any filter, as <see cref="JobListing"/> makes them.</summary>
internal static class SqliteJobQuery
{
    // ?1 and ?2: rank and key of the place before; ?3: how many; ?4: tag; ?5: fingerprint; ?6: kind of error; ?7: whether messages are
    // wanted.
    private const string Head = "SELECT q.id, ";

    private const string Columns = """
        , q.public_id, q.service, q.single_task, q.state, q.name, q.task_type, q.owner, q.paused, q.created_at, q.user_id, q.session_id,
            (?4 IS NULL OR EXISTS (SELECT 1 FROM job_labels WHERE job_id = q.id AND kind = 0 /* a tag */ AND value = ?4))
            AND (?5 IS NULL OR EXISTS (SELECT 1 FROM job_failures WHERE job_id = q.id AND fingerprint = ?5))
            AND (?6 IS NULL OR EXISTS (SELECT 1 FROM job_errors WHERE job_id = q.id AND kind = ?6)),
            CASE WHEN ?7 THEN
                COALESCE((SELECT group_concat(message, char(10)) FROM job_failures WHERE job_id = q.id), '') || char(10)
                || COALESCE((SELECT group_concat(example, char(10)) FROM job_errors WHERE job_id = q.id), '') END,
            CASE WHEN q.failed > 0 AND q.state > 1 /* it has ended */ AND EXISTS (SELECT 1 FROM file_batches WHERE job_id = q.id) THEN 0 ELSE q.failed END
        """;

    private const string ByKey = $"{Head} 0 {Columns}";

    private const string IsListed = "q.state <> 6 /* Staging */";

    private const string All = $"{ByKey} FROM queue_jobs q WHERE q.id < ?2 AND {IsListed} ORDER BY q.id DESC LIMIT ?3";

    private const string OfGroup = $"""
        {ByKey} FROM queue_jobs q INDEXED BY queue_jobs_groups
        WHERE q.service = ?8 AND q.single_task = ?9 AND q.state = ?10 AND {IsListed} AND q.id < ?2 ORDER BY q.id DESC LIMIT ?3
        """;

    private const string Created = $"""
        {Head} q.created_at {Columns} FROM queue_jobs q INDEXED BY queue_jobs_created
        WHERE (q.created_at, q.id) < (?1, ?2) AND q.created_at > ?8 AND {IsListed} ORDER BY q.created_at DESC, q.id DESC LIMIT ?3
        """;

    // Few jobs have such an id, and they are sorted by key: ids of one millisecond have no order. The plus keeps the index of ids.
    private const string OfIds = $"""
        {ByKey} FROM (
            SELECT id AS found FROM queue_jobs
            WHERE public_id >= ?8 AND public_id <= ?9 AND +id < ?2 AND state <> 6 /* Staging */ ORDER BY +id DESC LIMIT ?3) f
        CROSS JOIN queue_jobs q ON q.id = f.found ORDER BY q.id DESC
        """;

    // The ids come as a list in JSON, as hexadecimal digits.
    private const string OfNames = $"""
        {ByKey} FROM queue_jobs q
        WHERE q.public_id IN (SELECT unhex(value) FROM json_each(?8)) AND q.id < ?2 AND {IsListed} ORDER BY q.id DESC LIMIT ?3
        """;

    // The index is over the first characters: a name may be long.
    private const string OfUser = $"""
        {ByKey} FROM queue_jobs q INDEXED BY queue_jobs_of_user
        WHERE substr(q.user_id, 1, 100) = substr(?8, 1, 100) AND q.id < ?2 AND q.user_id IS NOT NULL AND {IsListed} ORDER BY q.id DESC LIMIT ?3
        """;

    private const string OfSession = $"""
        {ByKey} FROM queue_jobs q INDEXED BY queue_jobs_of_session
        WHERE substr(q.session_id, 1, 100) = substr(?8, 1, 100) AND q.id < ?2 AND q.session_id IS NOT NULL AND {IsListed}
        ORDER BY q.id DESC LIMIT ?3
        """;

    private const string OfLabel = $"""
        {ByKey} FROM job_labels l CROSS JOIN queue_jobs q ON q.id = l.job_id
        WHERE l.kind = ?8 AND l.value = ?9 AND l.job_id < ?2 AND {IsListed} ORDER BY l.job_id DESC LIMIT ?3
        """;

    private const string Oldest = $"{ByKey} FROM queue_jobs q WHERE q.id > ?2 AND {IsListed} ORDER BY q.id LIMIT ?3";

    private const string ByName = $"""
        {ByKey}, l.value FROM job_labels l INDEXED BY job_labels_of_names CROSS JOIN queue_jobs q ON q.id = l.job_id
        WHERE l.kind = 2 /* the name */ AND (l.value, l.job_id) > (?8, ?2) AND {IsListed} ORDER BY l.value, l.job_id LIMIT ?3
        """;

    // In millionths of its tasks.
    private const string Running = $"""
        {Head} (q.completed + q.failed + q.cancelled) * 1000000 / MAX(q.total, 1) {Columns} FROM queue_jobs q INDEXED BY queue_jobs_groups
        WHERE q.service = ?8 AND q.single_task = ?9 AND q.state = 1 /* Running */ AND {IsListed} AND q.id < ?2 ORDER BY q.id DESC LIMIT ?3
        """;

    private const string OfFingerprint = $"""
        {ByKey} FROM job_failures f CROSS JOIN queue_jobs q ON q.id = f.job_id
        WHERE f.fingerprint = ?5 AND f.job_id < ?2 AND {IsListed} ORDER BY f.job_id DESC LIMIT ?3
        """;

    private const string OfErrorKind = $"""
        {ByKey} FROM job_errors e CROSS JOIN queue_jobs q ON q.id = e.job_id
        WHERE e.kind = ?6 AND e.job_id < ?2 AND {IsListed} ORDER BY e.job_id DESC LIMIT ?3
        """;

    private const string MostFailed = $"""
        {Head} q.failed {Columns} FROM queue_jobs q INDEXED BY queue_jobs_most_failed
        WHERE (q.failed, q.id) < (?1, ?2) AND q.failed > 0 AND {IsListed} ORDER BY q.failed DESC, q.id DESC LIMIT ?3
        """;

    private const string MostUrgent = $"""
        {Head} q.priority {Columns} FROM queue_jobs q INDEXED BY queue_jobs_urgent
        WHERE (q.priority, q.id) < (?1, ?2) AND q.state IN (0, 1) /* Pending, Running */ ORDER BY q.priority DESC, q.id DESC LIMIT ?3
        """;

    public static JobQueryPage Read(SqliteSession session, JobQuery query,
        IReadOnlyList<(string Service, int Kind, int State, long Count)> groups)
    {
        var listing = new JobListing(query);
        var driver = JobDrivers.Of(query);
        bool isComplete;
        if (driver == JobDriver.Groups)
        {
            var share = JobGroups.Share(groups.Count);
            var jobs = new List<JobCandidate>();
            foreach (var group in groups)
            {
                var rows = session.Use(OfGroup).Bind(8, group.Service).Bind(9, group.Kind - 1).Bind(10, group.State);
                Step(rows, query, share, jobs.Add);
            }

            (var merged, isComplete) = JobGroups.Merge(jobs, share);
            foreach (var job in merged) listing.Examine(job);
        }
        else if (driver == JobDriver.Furthest)
        {
            var running = groups.Where(group => group.State == (int)JobState.Running).ToList();
            var share = JobGroups.Share(running.Count);
            var jobs = new List<JobCandidate>();
            foreach (var group in running)
                Step(session.Use(Running).Bind(8, group.Service).Bind(9, group.Kind - 1), query with { After = null }, share, jobs.Add);

            (var sorted, isComplete) = JobGroups.Sort(jobs, share, query.After);
            foreach (var job in sorted) listing.Examine(job);
            return listing.Page(SqliteRead.FindJobs(session, listing.Keys), isComplete, isLast: true);
        }
        else
        {
            var count = Step(Rows(session, query, driver), query, JobListing.MaxExamined, job => listing.Examine(job));
            isComplete = count < JobListing.MaxExamined;
        }

        return listing.Page(SqliteRead.FindJobs(session, listing.Keys), isComplete);
    }

    private static SqliteStatement Rows(SqliteSession session, JobQuery query, JobDriver driver) => driver switch
    {
        JobDriver.MostFailed => session.Use(MostFailed),
        JobDriver.MostUrgent => session.Use(MostUrgent),
        JobDriver.Oldest => session.Use(Oldest),
        JobDriver.Name => session.Use(ByName).Bind(8, query.After?.Text ?? ""),
        JobDriver.Named => session.Use(OfNames).Bind(8, JsonSerializer.Serialize(query.OnlyIds!.Select(id => $"{id:N}"))),
        JobDriver.Ids => session.Use(OfIds).Bind(8, query.Ids!.Value.First).Bind(9, query.Ids.Value.Last),
        JobDriver.Session => session.Use(OfSession).Bind(8, query.SessionId),
        JobDriver.User => session.Use(OfUser).Bind(8, query.UserId),
        JobDriver.Fingerprint => session.Use(OfFingerprint),
        JobDriver.Label when query.Tag is { } tag => session.Use(OfLabel).Bind(8, JobLabels.Tag).Bind(9, tag),
        JobDriver.Label => session.Use(OfLabel).Bind(8, JobLabels.Owner).Bind(9, query.Owner),
        JobDriver.ErrorKind => session.Use(OfErrorKind),
        JobDriver.Created => session.Use(Created).Bind(8, query.CreatedAfter?.ToUnixTimeMilliseconds() ?? long.MinValue),
        _ => session.Use(All),
    };

    private static int Step(SqliteStatement rows, JobQuery query, int limit, Action<JobCandidate> found)
    {
        rows.Bind(1, query.After?.Rank ?? query.CreatedBefore?.ToUnixTimeMilliseconds() ?? long.MaxValue)
            .Bind(2, query.After?.Key ?? JobDrivers.FirstKey(query))
            .Bind(3, limit).Bind(4, query.Tag).Bind(5, query.Fingerprint).Bind(6, (long?)query.ErrorKind)
            .Bind(7, query.ErrorPart is null ? 0 : 1);
        var count = 0;
        for (; rows.Step(); count++)
        {
            found(new JobCandidate(
                rows.Int64(1), rows.Int64(0), rows.Guid(2), rows.Text(3), rows.Int32(4) != 0, (JobState)rows.Int32(5), rows.Text(6),
                rows.Text(7), rows.TextOrNull(8), rows.Int32(9) != 0, rows.Int64(10), rows.TextOrNull(11), rows.TextOrNull(12),
                rows.Int32(13) != 0, rows.TextOrNull(14), rows.Int32(15), query.Order == JobOrder.ByName ? rows.Text(16) : null));
        }

        return count;
    }
}
