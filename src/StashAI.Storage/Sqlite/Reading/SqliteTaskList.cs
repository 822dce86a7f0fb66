using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>
/// Pages of tasks over all jobs, newest job first. By their counters, only jobs with tasks in the wanted states are read.
/// </summary>
internal static class SqliteTaskList
{
    // Waiting tasks of a job that starts later are shown as scheduled.
    public const string IsWanted = """
        CASE CASE WHEN t.state = 0 /* Available */ AND j.waiting = 1 THEN 1 ELSE t.state END
            WHEN 0 THEN ?4 WHEN 1 THEN ?5 WHEN 2 THEN ?6 WHEN 3 THEN ?7 WHEN 4 THEN ?8 ELSE ?9 END
        """;

    // CROSS JOIN keeps the order of the loops and so of the rows, without sorting.
    private const string List = $"""
        {SqliteRead.TaskColumns}, NULL FROM queue_jobs j CROSS JOIN queue_tasks t
        WHERE j.state <> 6 /* Staging */ AND (?3 IS NULL OR j.service = ?3)
            AND ((?4 AND j.available > 0) OR (?5 AND j.scheduled > 0) OR (?6 AND j.running > 0)
                OR (?7 AND j.completed > 0) OR (?8 AND j.failed > 0) OR (?9 AND j.cancelled > 0))
            AND t.id >= j.id << 24 AND t.id < (j.id + 1) << 24 AND {IsWanted}
        ORDER BY j.id DESC, t.id DESC LIMIT ?1 OFFSET ?2
        """;

    private const string ListOfJob = $"""
        {SqliteRead.TaskColumns}, NULL FROM queue_jobs j CROSS JOIN queue_tasks t
        WHERE j.id = ?3 AND j.state <> 6 /* Staging */ AND t.id >= ?3 << 24 AND t.id < (?3 + 1) << 24 AND {IsWanted}
        ORDER BY t.id LIMIT ?1 OFFSET ?2
        """;

    public static TaskPage Read(SqliteSession session, TaskFilter filter)
    {
        var rows = filter.JobKey is { } job
            ? session.Use(ListOfJob).Bind(3, job)
            : session.Use(List).Bind(3, filter.Service);
        rows.Bind(1, filter.Limit + 1).Bind(2, filter.Offset);
        for (var state = 0; state < 6; state++) rows.Bind(4 + state, filter.Includes((TaskState)state) ? 1 : 0);
        var tasks = new List<TaskView>();
        while (rows.Step()) tasks.Add(SqliteRead.ReadTask(rows));
        var hasMore = tasks.Count > filter.Limit;
        if (hasMore) tasks.RemoveAt(filter.Limit);
        return new TaskPage(tasks, Count(session, filter), hasMore);
    }

    private static long Count(SqliteSession session, TaskFilter filter)
    {
        if (filter.JobKey is { } key)
            return SqliteRead.FindJobs(session, [key]) is [var job] ? filter.CountOf(job.Counters) : 0;
        return SqliteMeasure.TasksByService(session).Where(one => filter.Service is null || one.Service == filter.Service)
            .Sum(one => filter.CountOf(one.Tasks));
    }
}
