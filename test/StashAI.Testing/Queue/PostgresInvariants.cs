using Npgsql;

namespace StashAI.Testing.Queue;

/// <summary>
/// What must be true of a queue database after every commit (S5 and its like), checked by plain SQL that shares nothing with
/// the store. The rules are those of <see cref="SqliteInvariants"/>.
/// </summary>
public static class PostgresInvariants
{
    private static readonly (string Rule, string Offenders)[] Rules =
    [
        .. QueueInvariants.Rules,
        ("a job's counters are the sums over its tasks", """
            SELECT j.id, j.total, j.available, j.scheduled, j.running, j.completed, j.failed, j.cancelled, j.requeued,
                t.n, t.s0, t.s1, t.s2, t.s3, t.s4, t.s5, t.again
            FROM queue_jobs j LEFT JOIN (
                SELECT id >> 24 AS job, COUNT(*) AS n, COUNT(*) FILTER (WHERE state = 0) AS s0, COUNT(*) FILTER (WHERE state = 1) AS s1,
                    COUNT(*) FILTER (WHERE state = 2) AS s2, COUNT(*) FILTER (WHERE state = 3) AS s3, COUNT(*) FILTER (WHERE state = 4) AS s4,
                    COUNT(*) FILTER (WHERE state = 5) AS s5, COUNT(*) FILTER (WHERE state = 0 AND requeued = 1) AS again
                FROM queue_tasks GROUP BY 1) t ON t.job = j.id
            WHERE j.state <> 6 AND (j.total <> t.n OR j.available <> CASE j.waiting WHEN 0 THEN t.s0 ELSE 0 END
                OR j.scheduled <> t.s1 + CASE j.waiting WHEN 0 THEN 0 ELSE t.s0 END OR j.running <> t.s2
                OR j.completed <> t.s3 OR j.failed <> t.s4 OR j.cancelled <> t.s5 OR j.requeued <> t.again OR t.n IS NULL)
            """),
        ("a job's state follows from its counters", """
            SELECT id, state, available, scheduled, running, completed, failed, cancelled FROM queue_jobs
            WHERE state <> 6 AND state <> CASE
                WHEN available + scheduled + running > 0 THEN (started_at IS NOT NULL)::int
                WHEN completed = total THEN 2 WHEN completed > 0 THEN 3 WHEN cancelled > 0 THEN 5 ELSE 4 END
            """),
        ("only available tasks below the cursor are in the index of requeued ones", """
            SELECT id, state FROM queue_tasks WHERE requeued > 0 AND state <> 0
            """),
        ("every task has a job", "SELECT id FROM queue_tasks t WHERE NOT EXISTS (SELECT 1 FROM queue_jobs WHERE id = t.id >> 24)"),
        ("every input has a task", "SELECT task_id FROM task_inputs i WHERE NOT EXISTS (SELECT 1 FROM queue_tasks WHERE id = i.task_id)"),
        ("every result has a task", "SELECT task_id FROM task_results r WHERE NOT EXISTS (SELECT 1 FROM queue_tasks WHERE id = r.task_id)"),
        ("totals of tasks are the sums", """
            WITH real AS (SELECT j.service AS service, CASE WHEN j.waiting = 1 AND t.state = 0 THEN 1 ELSE t.state END AS state, COUNT(*) AS n
                    FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24 WHERE j.state <> 6 GROUP BY 1, 2),
                kept AS (SELECT service, state, SUM(count) AS n FROM totals WHERE kind = 0 GROUP BY 1, 2)
            SELECT * FROM real FULL JOIN kept USING (service, state) WHERE COALESCE(real.n, 0) <> COALESCE(kept.n, 0)
            """),
        ("errors and aggregates have a job", """
            SELECT job_id FROM job_errors e WHERE NOT EXISTS (SELECT 1 FROM queue_jobs WHERE id = e.job_id)
            UNION ALL SELECT job_id FROM job_aggregates a WHERE NOT EXISTS (SELECT 1 FROM queue_jobs WHERE id = a.job_id)
            UNION ALL SELECT job_id FROM job_failures f WHERE NOT EXISTS (SELECT 1 FROM queue_jobs WHERE id = f.job_id)
            UNION ALL SELECT job_id FROM job_labels l WHERE NOT EXISTS (SELECT 1 FROM queue_jobs WHERE id = l.job_id)
            UNION ALL SELECT job_id FROM job_steps s WHERE NOT EXISTS (SELECT 1 FROM queue_jobs WHERE id = s.job_id)
            """),
        ("every reference has a task, or a job whose tasks share it, and a payload", """
            SELECT task_id, payload_id FROM task_payloads r
            WHERE (NOT EXISTS (SELECT 1 FROM queue_tasks WHERE id = r.task_id)
                    AND NOT (r.task_id & 16777215 = 16777215 AND EXISTS (SELECT 1 FROM queue_jobs WHERE id = r.task_id >> 24)))
                OR NOT EXISTS (SELECT 1 FROM payloads WHERE id = r.payload_id)
            """),
        ("every chunk has a payload", "SELECT id FROM payload_chunks c WHERE NOT EXISTS (SELECT 1 FROM payloads WHERE id = c.id >> 16)"),
        ("a payload's chunks are as long as it says", """
            SELECT p.id, p.size, SUM(octet_length(c.bytes)) FROM payloads p
            LEFT JOIN payload_chunks c ON c.id >= p.id << 16 AND c.id < (p.id + 1) << 16
            WHERE p.refs > 0 AND p.segment_id IS NULL GROUP BY p.id HAVING p.size <> COALESCE(SUM(octet_length(c.bytes)), 0)
            """),
        ("the payload of a large input is the one that the task's row refers to", """
            SELECT t.task_id, p.id FROM task_payloads t JOIN payloads p ON p.id = t.payload_id WHERE t.ordinal < 0 AND NOT EXISTS (
                SELECT 1 FROM task_inputs i WHERE i.task_id = t.task_id
                    AND (substring(i.input FROM 1 FOR 1) = '\x01'::bytea
                            AND convert_from(i.input, 'UTF8') LIKE chr(1) || p.id || ' ' || p.size || ' %'
                        OR substring(i.first_input FROM 1 FOR 1) = '\x01'::bytea
                            AND convert_from(i.first_input, 'UTF8') LIKE chr(1) || p.id || ' ' || p.size || ' %'))
            """),
        ("a row that refers to a payload has it", """
            SELECT i.task_id FROM task_inputs i
            WHERE (substring(i.input FROM 1 FOR 1) = '\x01'::bytea OR substring(i.first_input FROM 1 FOR 1) = '\x01'::bytea)
                AND NOT EXISTS (SELECT 1 FROM task_payloads t WHERE t.task_id = i.task_id AND t.ordinal = -1)
            """),
    ];

    /// <summary>Checks a database that may be in use.</summary>
    /// <exception cref="InvalidOperationException">A rule is broken; the message names it and the first rows that break it.</exception>
    public static void Check(string connectionString)
    {
        using var connection = Open(connectionString);
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
        using var batch = new NpgsqlBatch(connection, transaction) { Timeout = 0 };
        foreach (var (_, offenders) in Rules)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT * FROM ({offenders}) AS offenders LIMIT 3"));
        }

        using var rows = batch.ExecuteReader();
        foreach (var (rule, _) in Rules)
        {
            if (ReadRows(rows) is { Length: > 0 } found) throw new InvalidOperationException($"It does not hold that {rule}:\n{found}");
            rows.NextResult();
        }
    }

    /// <summary>How many rows each table of the queue has, save those that outlive a job (nodes, lanes, totals).</summary>
    public static IReadOnlyDictionary<string, long> CountRows(string connectionString)
    {
        using var connection = Open(connectionString);
        var counts = new Dictionary<string, long>();
        foreach (var table in (string[])["queue_jobs", "queue_tasks", "task_inputs", "task_attempts", "task_derived", "task_judgements",
            "task_results", "payloads",
            "payload_chunks", "payload_segments", "task_payloads",
            "job_aggregates", "job_errors", "job_failures", "job_labels", "job_steps", "task_subjects", "job_subjects", "subject_backlog",
            "job_groupings", "job_groups", "job_group_members", "known_results", "result_waiters"])
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT COUNT(*) FROM {table}";
            counts.Add(table, (long)command.ExecuteScalar()!);
        }

        return counts;
    }

    private static NpgsqlConnection Open(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static string ReadRows(NpgsqlDataReader rows)
    {
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
