using Microsoft.Data.Sqlite;

namespace StashAI.Testing.Queue;

/// <summary>
/// What must be true of a queue database after every commit (S5 and its like), checked by plain SQL that shares nothing with
/// the store: counters against sums, cursors, totals, references, and each state's columns.
/// </summary>
public static class SqliteInvariants
{
    private static readonly (string Rule, string Offenders)[] Rules =
    [
        .. QueueInvariants.Rules,
        ("a job's counters are the sums over its tasks", """
            SELECT j.id, j.total, j.available, j.scheduled, j.running, j.completed, j.failed, j.cancelled, j.requeued, t.*
            FROM queue_jobs j LEFT JOIN (
                SELECT id >> 24 AS job, COUNT(*) AS n, SUM(state = 0) AS s0, SUM(state = 1) AS s1, SUM(state = 2) AS s2,
                    SUM(state = 3) AS s3, SUM(state = 4) AS s4, SUM(state = 5) AS s5, SUM(state = 0 AND requeued = 1) AS again
                FROM queue_tasks GROUP BY 1) t ON t.job = j.id
            WHERE j.state <> 6 AND (j.total <> t.n OR j.available <> IIF(j.waiting, 0, t.s0) OR j.scheduled <> IIF(j.waiting, t.s0, 0) + t.s1 OR j.running <> t.s2
                OR j.completed <> t.s3 OR j.failed <> t.s4 OR j.cancelled <> t.s5 OR j.requeued <> t.again OR t.n IS NULL)
            """),
        ("a job's state follows from its counters", """
            SELECT id, state, available, scheduled, running, completed, failed, cancelled FROM queue_jobs
            WHERE state <> 6 AND state <> CASE
                WHEN available + scheduled + running > 0 THEN (started_at IS NOT NULL)
                WHEN completed = total THEN 2 WHEN completed > 0 THEN 3 WHEN cancelled > 0 THEN 5 ELSE 4 END
            """),
        ("every task has a job", "SELECT id FROM queue_tasks WHERE id >> 24 NOT IN (SELECT id FROM queue_jobs)"),
        ("every result has a task", "SELECT task_id FROM task_results WHERE task_id NOT IN (SELECT id FROM queue_tasks)"),
        ("totals of tasks are the sums", """
            WITH real AS (SELECT j.service AS service, IIF(j.waiting AND t.state = 0, 1, t.state) AS state, COUNT(*) AS n
                    FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24 WHERE j.state <> 6 GROUP BY 1, 2),
                kept AS (SELECT service, state, SUM(count) AS n FROM totals WHERE kind = 0 GROUP BY 1, 2)
            SELECT * FROM real FULL JOIN kept USING (service, state) WHERE COALESCE(real.n, 0) <> COALESCE(kept.n, 0)
            """),
        ("errors and aggregates have a job", """
            SELECT job_id FROM job_errors WHERE job_id NOT IN (SELECT id FROM queue_jobs)
            UNION ALL SELECT job_id FROM job_aggregates WHERE job_id NOT IN (SELECT id FROM queue_jobs)
            UNION ALL SELECT job_id FROM job_failures WHERE job_id NOT IN (SELECT id FROM queue_jobs)
            UNION ALL SELECT job_id FROM job_labels WHERE job_id NOT IN (SELECT id FROM queue_jobs)
            UNION ALL SELECT job_id FROM job_steps WHERE job_id NOT IN (SELECT id FROM queue_jobs)
            """),
        ("every reference has a task, or a job whose tasks share it, and a payload", """
            SELECT task_id, payload_id FROM task_payloads
            WHERE (task_id NOT IN (SELECT id FROM queue_tasks) AND NOT (task_id & 16777215 = 16777215 AND task_id >> 24 IN (SELECT id FROM queue_jobs)))
                OR payload_id NOT IN (SELECT id FROM payloads)
            """),
        ("every chunk has a payload", "SELECT id FROM payload_chunks WHERE id >> 16 NOT IN (SELECT id FROM payloads)"),
        ("a payload's chunks are as long as it says", """
            SELECT p.id, p.size, SUM(LENGTH(c.bytes)) FROM payloads p
            LEFT JOIN payload_chunks c ON c.id >= p.id << 16 AND c.id < (p.id + 1) << 16
            WHERE p.refs > 0 AND p.segment_id IS NULL GROUP BY p.id HAVING p.size <> COALESCE(SUM(LENGTH(c.bytes)), 0)
            """),
        ("the payload of a large input is the one that the task's row refers to", """
            SELECT t.task_id, p.id FROM task_payloads t JOIN payloads p ON p.id = t.payload_id WHERE t.ordinal < 0 AND NOT EXISTS (
                SELECT 1 FROM task_inputs i WHERE i.task_id = t.task_id
                    AND (substr(i.input, 1, 1) = x'01' AND CAST(i.input AS TEXT) LIKE char(1) || p.id || ' ' || p.size || ' %'
                        OR substr(i.first_input, 1, 1) = x'01'
                            AND CAST(i.first_input AS TEXT) LIKE char(1) || p.id || ' ' || p.size || ' %'))
            """),
        ("a row that refers to a payload has it", """
            SELECT i.task_id FROM task_inputs i WHERE (substr(i.input, 1, 1) = x'01' OR substr(i.first_input, 1, 1) = x'01')
                AND NOT EXISTS (SELECT 1 FROM task_payloads t WHERE t.task_id = i.task_id AND t.ordinal = -1)
            """),
        ("the file is sound", "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
    ];

    /// <summary>Checks a database file that may be in use.</summary>
    /// <exception cref="InvalidOperationException">A rule is broken; the message names it and the first rows that break it.</exception>
    public static void Check(string path)
    {
        using var connection = Open(path);
        Check(connection);
    }

    /// <summary>The same on a connection that is open already.</summary>
    public static void Check(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        foreach (var (rule, offenders) in Rules)
        {
            if (FirstRows(connection, offenders) is { Length: > 0 } rows)
                throw new InvalidOperationException($"It does not hold that {rule}:\n{rows}");
        }
    }

    /// <summary>How many rows each table of the queue has, save those that outlive a job (nodes, lanes, totals).</summary>
    public static IReadOnlyDictionary<string, long> CountRows(string path)
    {
        using var connection = Open(path);
        var counts = new Dictionary<string, long>();
        foreach (var table in (string[])["queue_jobs", "queue_tasks", "task_attempts", "task_derived", "task_judgements",
            "task_results", "payloads", "payload_chunks", "payload_segments",
            "task_payloads",
            "job_aggregates", "job_errors", "job_failures", "job_labels", "job_steps", "task_subjects", "job_subjects", "subject_backlog",
            "job_groupings", "job_groups", "job_group_members", "known_results", "result_waiters"])
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT COUNT(*) FROM {table}";
            counts.Add(table, (long)command.ExecuteScalar()!);
        }

        return counts;
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static string FirstRows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM ({sql}) LIMIT 3";
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read())
        {
            var values = new object[rows.FieldCount];
            rows.GetValues(values);
            lines.Add(string.Join(", ", values.Select((value, i) => $"{rows.GetName(i)}={value}")));
        }

        return string.Join('\n', lines);
    }
}
