namespace StashAI.Testing.Queue;

/// <summary>
/// What must be true of a queue database after every commit, in SQL that both databases understand: each rule, and a query that finds what
/// breaks it.
/// </summary>
internal static class QueueInvariants
{
    public static (string Rule, string Offenders)[] Rules { get; } =
    [
        ("a job's cached tasks are counted", """
            SELECT j.id, j.cached FROM queue_jobs j WHERE j.state <> 6 AND j.cached <> (
                SELECT COUNT(*) FROM queue_tasks t WHERE t.id >= j.id << 24 AND t.id < (j.id + 1) << 24 AND t.state = 3 AND t.cached = 1)
            """),
        ("a known result has a task, and so has a task that waits for one", """
            SELECT task_id FROM known_results k WHERE NOT EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = k.task_id AND t.state = 3)
            UNION ALL SELECT task_id FROM result_waiters w WHERE NOT EXISTS (SELECT 1 FROM result_flights f WHERE f.key = w.key AND f.waiting = 1)
            """),
        ("a job that is over, and no other, has an end", """
            SELECT id, state, finished_at FROM queue_jobs WHERE state <> 6 AND (state >= 2) <> (finished_at IS NOT NULL)
            """),
        ("a job that starts later gave no task yet", """
            SELECT id FROM queue_jobs WHERE waiting = 1 AND (start_at IS NULL OR available + running + next_ordinal > 0 OR started_at IS NOT NULL)
            """),
        ("a key has an end", "SELECT id FROM queue_jobs WHERE (idempotency_key IS NULL) <> (idempotency_until IS NULL)"),
        ("a started job had a claim", """
            SELECT id FROM queue_jobs j WHERE (started_at IS NOT NULL)
                <> EXISTS (SELECT 1 FROM queue_tasks WHERE id >= j.id << 24 AND id < (j.id + 1) << 24 AND fence > 0)
            """),
        ("a job never runs more than max_parallel", "SELECT id, running, max_parallel FROM queue_jobs WHERE running > max_parallel"),
        ("below the cursor nothing is fresh", """
            SELECT t.id, j.next_ordinal FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24
            WHERE t.state = 0 AND t.requeued = 0 AND (t.id & 16777215) < j.next_ordinal
            """),
        ("from the cursor on nothing was claimed", """
            SELECT t.id, j.next_ordinal FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24
            WHERE t.fence > 0 AND (t.id & 16777215) >= j.next_ordinal
            """),
        ("an upload under way counts nothing", "SELECT id FROM queue_jobs WHERE state = 6 AND total + available + lane_id > 0"),
        ("exactly the available tasks with two crashes are suspects", """
            SELECT id, crashes, requeued FROM queue_tasks WHERE state = 0 AND (crashes >= 2) <> (requeued = 2)
            """),
        ("a task has the columns of its state", """
            SELECT id, state, due_at, finished_at, node_id, cancel_requested, attempt, fence FROM queue_tasks
            WHERE (state = 1) <> (due_at IS NOT NULL) OR (state >= 3) <> (finished_at IS NOT NULL)
                OR (state = 2 AND (node_id IS NULL OR started_at IS NULL)) OR (cancel_requested = 1 AND state <> 2)
                OR attempt < 0 OR attempt > fence OR (state IN (2, 3) AND attempt = 0 AND cached = 0)
                OR (cached = 1 AND state <> 3)
            """),
        ("nothing runs on a node that was rescued", """
            SELECT t.id, t.node_id FROM queue_tasks t LEFT JOIN nodes n ON n.id = t.node_id
            WHERE t.state = 2 AND (n.id IS NULL OR n.rescued = 1)
            """),
        ("exactly the completed tasks have a result", """
            SELECT t.id, t.state FROM queue_tasks t LEFT JOIN task_results r ON r.task_id = t.id
            WHERE (t.state = 3) <> (r.task_id IS NOT NULL)
            """),
        ("only completed tasks have subjects, with the job of the task", """
            SELECT s.task_id, s.subject FROM task_subjects s LEFT JOIN queue_tasks t ON t.id = s.task_id
            WHERE t.id IS NULL OR t.state <> 3 OR s.job_id <> s.task_id >> 24
            """),
        ("a job's sums of subjects are those over its tasks", """
            WITH real AS (SELECT s.job_id AS job, s.subject AS subject, COUNT(*) AS n, MAX(s.score) AS best
                    FROM task_subjects s JOIN queue_jobs j ON j.id = s.job_id WHERE j.state <> 6 GROUP BY 1, 2),
                kept AS (SELECT s.job_id AS job, s.subject AS subject, s.tasks AS n, s.best AS best
                    FROM job_subjects s JOIN queue_jobs j ON j.id = s.job_id WHERE j.state <> 6)
            SELECT real.job, kept.job FROM real FULL JOIN kept USING (job, subject)
            WHERE real.n IS NULL OR kept.n IS NULL OR real.n <> kept.n OR real.best <> kept.best
            """),
        ("sums of subjects and jobs whose subjects are still to be read have a job", """
            SELECT job_id FROM job_subjects s WHERE NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = s.job_id)
            UNION ALL SELECT job_id FROM subject_backlog b WHERE NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = b.job_id)
            """),
        ("every recorded attempt was a claim", """
            SELECT a.task_id, a.fence FROM task_attempts a LEFT JOIN queue_tasks t ON t.id = a.task_id
            WHERE t.id IS NULL OR a.fence > t.fence OR a.ended_at < a.started_at
            """),
        ("previews have a payload", """
            SELECT payload_id FROM payload_previews v WHERE NOT EXISTS (SELECT 1 FROM payloads WHERE id = v.payload_id)
            """),
        ("totals of jobs are the sums", """
            WITH real AS (SELECT service, 1 + single_task AS kind, state, COUNT(*) AS n FROM queue_jobs WHERE state <> 6 GROUP BY 1, 2, 3),
                kept AS (SELECT service, kind, state, SUM(count) AS n FROM totals WHERE kind IN (1, 2) GROUP BY 1, 2, 3)
            SELECT * FROM real FULL JOIN kept USING (service, kind, state) WHERE COALESCE(real.n, 0) <> COALESCE(kept.n, 0)
            """),
        ("a job's errors are the sums over its failed tasks", """
            WITH real AS (SELECT j.id AS job, t.error_kind AS kind, COUNT(*) AS n FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24
                    WHERE j.state <> 6 AND t.state = 4 GROUP BY 1, 2),
                kept AS (SELECT e.job_id AS job, e.kind AS kind, e.count AS n FROM job_errors e JOIN queue_jobs j ON j.id = e.job_id WHERE j.state <> 6)
            SELECT * FROM real FULL JOIN kept USING (job, kind) WHERE COALESCE(real.n, 0) <> COALESCE(kept.n, 0) OR kept.n = 0
            """),
        ("a job's failures are the sums over its failed tasks, and its examples are some of them", """
            WITH real AS (SELECT t.id >> 24 AS job, t.fingerprint AS fingerprint, COUNT(*) AS n FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24
                    WHERE j.state <> 6 AND t.fingerprint IS NOT NULL GROUP BY 1, 2),
                kept AS (SELECT f.job_id AS job, f.fingerprint AS fingerprint, f.count AS n FROM job_failures f JOIN queue_jobs j ON j.id = f.job_id
                    WHERE j.state <> 6)
            SELECT job, fingerprint FROM real FULL JOIN kept USING (job, fingerprint) WHERE COALESCE(real.n, 0) <> COALESCE(kept.n, 0) OR kept.n = 0
            UNION ALL SELECT f.job_id, f.fingerprint FROM job_failures f JOIN queue_jobs j ON j.id = f.job_id WHERE j.state <> 6 AND EXISTS (
                SELECT 1 FROM (SELECT f.example_1 AS id UNION ALL SELECT f.example_2 UNION ALL SELECT f.example_3) e
                WHERE e.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = e.id AND t.fingerprint = f.fingerprint))
            """),
        ("only failed tasks have a fingerprint", "SELECT id, state FROM queue_tasks WHERE fingerprint IS NOT NULL AND state <> 4"),
        ("a payload's references are counted", """
            SELECT p.id, p.refs, COUNT(t.payload_id) FROM payloads p
            LEFT JOIN (
                SELECT payload_id FROM task_payloads UNION ALL SELECT payload_id FROM body_uploads UNION ALL SELECT payload_id FROM client_files
                UNION ALL SELECT payload_id FROM client_upload_parts) t ON t.payload_id = p.id
            GROUP BY p.id HAVING p.refs <> COUNT(t.payload_id)
            """),
        ("a payload in a file has a place there and no rows", """
            SELECT p.id, p.segment_id, p.segment_offset, p.size FROM payloads p WHERE p.segment_id IS NOT NULL AND (p.segment_offset IS NULL
                OR p.size <= 16384 OR p.sha256 IS NULL OR NOT EXISTS (SELECT 1 FROM payload_segments s WHERE s.id = p.segment_id)
                OR EXISTS (SELECT 1 FROM payload_chunks c WHERE c.id >= p.id << 16 AND c.id < (p.id + 1) << 16))
            """),
        ("payloads in a file do not overlap", """
            SELECT * FROM (SELECT id, segment_offset,
                    LAG(segment_offset + size) OVER (PARTITION BY segment_id ORDER BY segment_offset) AS border
                FROM payloads WHERE segment_id IS NOT NULL) AS p WHERE border > segment_offset
            """),
        ("a file's payloads are counted", """
            SELECT s.id, s.payloads FROM payload_segments s
            WHERE s.payloads <> (SELECT COUNT(*) FROM payloads p WHERE p.segment_id = s.id)
            """),
        ("a job's payload bytes are the sum over its parts", """
            SELECT j.id, j.payload_bytes FROM queue_jobs j WHERE j.state <> 6 AND j.payload_bytes <> COALESCE((
                SELECT SUM(p.size) FROM task_payloads t JOIN payloads p ON p.id = t.payload_id
                WHERE t.task_id >= j.id << 24 AND t.task_id < (j.id + 1) << 24 AND t.ordinal >= 0), 0)
            """),
    ];
}
