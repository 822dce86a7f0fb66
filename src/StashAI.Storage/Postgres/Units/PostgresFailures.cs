namespace StashAI.Storage.Postgres.Units;

/// <summary>A job's failed tasks by fingerprint, grouped as they fail and as people retry or skip them.</summary>
internal static class PostgresFailures
{
    /// <summary>
    /// Comes after <see cref="PostgresUnit.Errors"/>; <c>changed</c> then has <c>http_status</c>, <c>fingerprint</c> and <c>pattern</c>
    /// too.
    /// </summary>
    public const string Add = """
        , failures AS (
            INSERT INTO job_failures
                (job_id, fingerprint, kind, http_status, pattern, message, count, first_at, last_at, example_1, example_2, example_3)
            SELECT id >> 24, fingerprint, MIN(kind), MIN(http_status), MIN(pattern),
                (ARRAY_AGG(message ORDER BY id))[1], COUNT(*)::int, stashai_now(), stashai_now(),
                (ARRAY_AGG(id ORDER BY id))[1], (ARRAY_AGG(id ORDER BY id))[2], (ARRAY_AGG(id ORDER BY id))[3]
            FROM changed WHERE becomes = 4 /* Failed */ AND was <> 4 AND fingerprint IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
            ON CONFLICT (job_id, fingerprint) DO UPDATE SET count = job_failures.count + excluded.count, last_at = excluded.last_at,
                example_1 = COALESCE(job_failures.example_1, excluded.example_1),
                example_2 = COALESCE(job_failures.example_2,
                    CASE WHEN job_failures.example_1 IS NULL THEN excluded.example_2 ELSE excluded.example_1 END),
                example_3 = COALESCE(job_failures.example_3, CASE WHEN job_failures.example_1 IS NULL THEN excluded.example_3
                    WHEN job_failures.example_2 IS NULL THEN excluded.example_2 ELSE excluded.example_1 END))
        """;

    /// <summary>The same for failed tasks that are retried or skipped: all of a group between the first and the last.</summary>
    public const string TakeBack = """
        , failures AS (
            UPDATE job_failures f SET count = f.count - t.n,
                example_1 = CASE WHEN f.example_1 BETWEEN t.first AND t.last THEN NULL ELSE f.example_1 END,
                example_2 = CASE WHEN f.example_2 BETWEEN t.first AND t.last THEN NULL ELSE f.example_2 END,
                example_3 = CASE WHEN f.example_3 BETWEEN t.first AND t.last THEN NULL ELSE f.example_3 END
            FROM (
                SELECT id >> 24 AS job, fingerprint, COUNT(*)::int AS n, MIN(id) AS first, MAX(id) AS last
                FROM changed WHERE was = 4 /* Failed */ AND becomes <> 4 AND fingerprint IS NOT NULL GROUP BY 1, 2) AS t
            WHERE f.job_id = t.job AND f.fingerprint = t.fingerprint)
        """;
}
