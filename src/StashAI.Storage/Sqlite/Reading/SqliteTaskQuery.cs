using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>Pages of tasks by any filter, as <see cref="TaskListing"/> makes them.</summary>
internal static class SqliteTaskQuery
{
    private const string OfJob = $"""
        {SqliteRead.TaskColumns}, NULL FROM queue_jobs j CROSS JOIN queue_tasks t
        WHERE j.id = ?1 AND j.state <> 6 /* Staging */ AND t.id > ?2 AND t.id < ?3 AND {SqliteTaskList.IsWanted}
            AND (?10 IS NULL OR t.fingerprint = ?10) AND t.attempt >= ?11
        ORDER BY t.id LIMIT ?12
        """;

    private const string IsCandidate = """
        j.state <> 6 /* Staging */ AND (?1 IS NULL OR j.service = ?1)
            AND ((?4 AND j.available > 0) OR (?5 AND j.scheduled > 0) OR (?6 AND j.running > 0)
                OR (?7 AND j.completed > 0) OR (?8 AND j.failed > 0) OR (?9 AND j.cancelled > 0))
        """;

    // CROSS JOIN keeps the order of the loops, and so of the rows: nothing is sorted.
    private const string Jobs = $"queue_jobs j WHERE j.id <= ?2 >> 24 AND {IsCandidate}";

    private const string JobsOfGroup = $"""
        job_failures f CROSS JOIN queue_jobs j ON j.id = f.job_id
        WHERE f.fingerprint = ?10 AND f.job_id <= ?2 >> 24 AND {IsCandidate}
        """;

    private const string Floor = $"SELECT j.id, j.total FROM {Jobs} ORDER BY j.id DESC LIMIT ?3";

    private const string FloorOfGroup = $"SELECT j.id, j.total FROM {JobsOfGroup} ORDER BY f.job_id DESC LIMIT ?3";

    private const string Wanted = $"""
        t.id >= j.id << 24 AND t.id < (j.id + 1) << 24 AND t.id < ?2 AND t.id >= ?3 AND {SqliteTaskList.IsWanted} AND t.attempt >= ?11
        """;

    private const string OfAll = $"""
        {SqliteRead.TaskColumns}, NULL FROM queue_jobs j CROSS JOIN queue_tasks t
        WHERE j.id <= ?2 >> 24 AND j.id >= ?3 >> 24 AND {IsCandidate} AND {Wanted} ORDER BY j.id DESC, t.id DESC LIMIT ?12
        """;

    // The tasks of each job are sorted: SQLite does not see that a job is in the group once. The floor bounds how many they are.
    private const string OfGroup = $"""
        {SqliteRead.TaskColumns}, NULL FROM job_failures f CROSS JOIN queue_jobs j ON j.id = f.job_id CROSS JOIN queue_tasks t
        WHERE f.fingerprint = ?10 AND f.job_id <= ?2 >> 24 AND f.job_id >= ?3 >> 24 AND {IsCandidate} AND {Wanted} AND t.fingerprint = ?10
        ORDER BY f.job_id DESC, t.id DESC LIMIT ?12
        """;

    public static TaskListing Read(SqliteSession session, TaskQuery query)
    {
        var listing = new TaskListing(query);
        return query.JobKey is { } job ? ReadJob(session, query, listing, job) : ReadAll(session, query, listing);
    }

    private static TaskListing ReadJob(SqliteSession session, TaskQuery query, TaskListing listing, long jobKey)
    {
        if (SqliteRead.FindJobs(session, [jobKey]) is not [var job]) return listing.End(0, null);
        var after = query.After ?? TaskKey.From(jobKey, 0) - 1;
        var end = Math.Min(after + 1 + listing.Window, TaskKey.From(jobKey, 0) + job.Counters.Total);
        Step(session.Use(OfJob).Bind(1, jobKey).Bind(2, after).Bind(3, end), query, listing);
        var c = job.Counters;
        return listing.End(
            TaskListing.CountOf(query, new QueueTotals(c.Available, c.Scheduled, c.Running, c.Completed, c.Failed, c.Cancelled)),
            end < TaskKey.From(jobKey, 0) + c.Total ? end - 1 : null);
    }

    private static TaskListing ReadAll(SqliteSession session, TaskQuery query, TaskListing listing)
    {
        var counts = SqliteMeasure.TasksByService(session).Where(one => query.Service is null || one.Service == query.Service)
            .Select(one => one.Tasks).ToList();
        var counted = counts.Sum(tasks => TaskListing.CountOf(query, tasks));
        var isKnown = counts.TrueForAll(tasks => TaskListing.CountOf(query, tasks) is not null);
        // Without one such task all jobs would be looked at in vain.
        var states = query with { Fingerprint = null, LeastAttempts = 0, Text = null };
        var floor = new TaskFloor(query);
        if (counts.Sum(tasks => TaskListing.CountOf(states, tasks)) > 0)
        {
            var after = query.After ?? long.MaxValue;
            if (floor.IsNeeded)
            {
                var jobs = session.Use(query.Fingerprint is null ? Floor : FloorOfGroup).Bind(1, query.Service).Bind(2, after)
                    .Bind(3, TaskFloor.MaxJobs);
                BindStates(jobs, query);
                if (query.Fingerprint is { } fingerprint) jobs.Bind(10, fingerprint);
                while (jobs.Step() && floor.TryAdd(jobs.Int64(0), jobs.Int32(1)))
                {
                    // Until the read has enough to look at.
                }

                jobs.Reset();
            }

            var tasks = session.Use(query.Fingerprint is null ? OfAll : OfGroup);
            Step(tasks.Bind(1, query.Service).Bind(2, after).Bind(3, floor.Key), query, listing);
        }

        return listing.End(isKnown ? counted : null, floor.Key > 0 ? floor.Key : null);
    }

    private static void BindStates(SqliteStatement rows, TaskQuery query)
    {
        for (var state = 0; state < 6; state++) rows.Bind(4 + state, query.Wants((TaskState)state) ? 1 : 0);
    }

    private static void Step(SqliteStatement rows, TaskQuery query, TaskListing listing)
    {
        BindStates(rows, query);
        rows.Bind(10, query.Fingerprint).Bind(11, query.LeastAttempts).Bind(12, listing.Rows);
        while (!listing.IsFull && rows.Step()) listing.Examine(SqliteRead.ReadTask(rows));
    }
}
