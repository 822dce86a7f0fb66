using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>
/// Pages of tasks over all jobs, newest job first. By their counters, only jobs with tasks in the wanted states are read.
/// </summary>
internal static class PostgresTaskList
{
    private const string List = $"""
        {PostgresRead.TaskColumns}, NULL::bytea FROM queue_jobs j CROSS JOIN LATERAL (
            SELECT * FROM queue_tasks WHERE id >= j.id << 24 AND id < (j.id + 1) << 24
                AND (CASE WHEN state = 0 /* Available */ AND j.waiting = 1 THEN 1 /* Scheduled */ ELSE state END)::smallint = ANY($4::smallint[])
            ORDER BY id DESC LIMIT $1::integer + $2::integer) AS t
        WHERE j.state <> 6 /* Staging */ AND ($3::text IS NULL OR j.service = $3)
            AND ((0 = ANY($4::smallint[]) AND j.available > 0) OR (1 = ANY($4::smallint[]) AND j.scheduled > 0)
                OR (2 = ANY($4::smallint[]) AND j.running > 0) OR (3 = ANY($4::smallint[]) AND j.completed > 0)
                OR (4 = ANY($4::smallint[]) AND j.failed > 0) OR (5 = ANY($4::smallint[]) AND j.cancelled > 0))
        ORDER BY j.id DESC, t.id DESC LIMIT $1 OFFSET $2
        """;

    private const string ListOfJob = $"""
        {PostgresRead.TaskColumns}, NULL::bytea FROM queue_tasks t JOIN queue_jobs j ON j.id = $3
        WHERE t.id >= $3 << 24 AND t.id < ($3 + 1) << 24 AND j.state <> 6 /* Staging */
            AND (CASE WHEN t.state = 0 /* Available */ AND j.waiting = 1 THEN 1 /* Scheduled */ ELSE t.state END)::smallint = ANY($4::smallint[])
        ORDER BY t.id LIMIT $1 OFFSET $2
        """;

    public static async Task<TaskPage> ReadAsync(PostgresSession session, TaskFilter filter, CancellationToken cancellationToken)
    {
        var states = Enum.GetValues<TaskState>().Where(filter.Includes).Select(state => (short)state).ToArray();
        List<TaskView> tasks;
        await using (var batch = session.Batch())
        {
            if (filter.JobKey is { } job) batch.Add(ListOfJob, Value(filter.Limit + 1), Value(filter.Offset), Value(job), Value(states));
            else batch.Add(List, Value(filter.Limit + 1), Value(filter.Offset), Text(filter.Service), Value(states));
            tasks = await PostgresRows.ListAsync(batch, PostgresRead.ReadTask, cancellationToken);
        }

        var hasMore = tasks.Count > filter.Limit;
        if (hasMore) tasks.RemoveAt(filter.Limit);
        return new TaskPage(tasks, await CountAsync(session, filter, cancellationToken), hasMore);
    }

    private static async Task<long> CountAsync(PostgresSession session, TaskFilter filter, CancellationToken cancellationToken)
    {
        if (filter.JobKey is { } key)
            return await PostgresRead.FindJobsAsync(session, [key], cancellationToken) is [var job] ? filter.CountOf(job.Counters) : 0;
        return (await PostgresMeasure.TasksByServiceAsync(session, cancellationToken))
            .Where(one => filter.Service is null || one.Service == filter.Service).Sum(one => filter.CountOf(one.Tasks));
    }
}
