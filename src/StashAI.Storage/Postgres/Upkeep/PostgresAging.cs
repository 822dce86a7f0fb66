using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Upkeep;

/// <summary>
/// Raises the priority of jobs that wait because jobs of a higher priority take every slot. Within a priority the order is fair, so reading
/// the head of each is enough: a few entries of the claim's index, however many jobs wait.
/// </summary>
internal static class PostgresAging
{
    private const string Heads = """
        SELECT h.id FROM (
            SELECT l.id FROM lanes l WHERE l.blocked_until <= stashai_now() AND l.circuit_state NOT IN (1, 2) /* Open, HalfOpen */
                AND NOT EXISTS (SELECT 1 FROM services s
                    WHERE s.name = l.service AND (s.open_from > stashai_now() OR s.open_until <= stashai_now()))
                AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.service IN (l.service, '*')) ORDER BY l.id) AS l
            CROSS JOIN generate_series(0, 8) AS p (priority)
            CROSS JOIN LATERAL (
                SELECT j.id, j.waiting_since FROM queue_jobs j
                WHERE j.lane_id = l.id AND j.effective_priority = p.priority::smallint AND j.is_runnable
                ORDER BY j.vtime, j.id LIMIT $2) AS h
        WHERE h.waiting_since NOT BETWEEN stashai_now() - $1 + 1 AND stashai_now() + 60000
        """;

    // Checks again under the lock, because another node may have raised or served the job.
    private const string Raise = """
        UPDATE queue_jobs SET effective_priority = effective_priority + 1, waiting_since = stashai_now()
        WHERE id = ANY ($1) AND is_runnable AND effective_priority < 9 AND waiting_since NOT BETWEEN stashai_now() - $2 + 1 AND stashai_now() + 60000
        RETURNING id
        """;

    public static async Task<int> RunAsync(PostgresSession session, TimeSpan step, int limit, CancellationToken cancellationToken)
    {
        var ms = (long)step.TotalMilliseconds;
        var jobs = new List<long>();
        await using (var look = session.Batch().Add(Heads, Value(ms), Value(limit)))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken)) jobs.Add(rows.GetInt64(0));
        }

        // Usually nothing has waited that long, and no lock is needed.
        if (jobs.Count == 0) return 0;
        var keys = jobs.ToArray();
        await using var batch = session.Batch().Add(PostgresUnit.LockJobs, Value(keys)).Add(Raise, Value(keys), Value(ms));
        await using var lifted = await batch.ReadAsync(CancellationToken.None);
        await lifted.NextResultAsync(CancellationToken.None);
        var count = 0;
        while (await lifted.ReadAsync(CancellationToken.None)) count++;
        return count;
    }
}
