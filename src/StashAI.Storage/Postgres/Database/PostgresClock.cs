using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Observes the database's clock, and corrects times that were written while it was wrong (docs/adr/0017).</summary>
internal static class PostgresClock
{
    /// <summary>
    /// The time to compute ages with: <see cref="ObservedClock.TrustedAt"/>. Null before the first reading, so that nothing is too old
    /// then.
    /// </summary>
    public const string Trusted = """
        (SELECT CASE WHEN ABS(stashai_now() - confirmed_at) <= 60000 /* ToleranceMs */ THEN stashai_now() ELSE LEAST(stashai_now(), confirmed_at) END
            FROM clock_watch WHERE id = 1)
        """;

    /// <summary>Returns a row while the clock is known to be right: only then may times of past events be corrected.</summary>
    public const string IsCertain = "SELECT id::bigint FROM clock_watch WHERE id = 1 AND doubt_since IS "
        + $"NULL AND {Trusted} = stashai_now()";

    private const string Read = """
        SELECT confirmed_at, seen_at, doubt_since, stood_ms, stashai_now() FROM clock_watch WHERE id = 1 FOR NO KEY UPDATE
        """;

    // Jobs are ordered by submit time, so the newest changes are among the last jobs.
    private const string Newest =
        "SELECT MAX(updated_at), stashai_now() FROM (SELECT updated_at FROM queue_jobs ORDER BY id DESC LIMIT 100) AS last";

    private const string Write = """
        INSERT INTO clock_watch (id, confirmed_at, seen_at, doubt_since, stood_ms) VALUES (1, $1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET confirmed_at = excluded.confirmed_at, seen_at = excluded.seen_at, doubt_since = excluded.doubt_since,
            stood_ms = excluded.stood_ms
        """;

    private const string MoveEnds = """
        UPDATE queue_jobs SET finished_at = finished_at + $3 WHERE id = ANY (ARRAY (
            SELECT id FROM queue_jobs WHERE id = ANY (ARRAY (
                SELECT j.id FROM (SELECT DISTINCT service FROM lanes) AS s CROSS JOIN (VALUES (2), (3), (4), (5)) AS e (state)
                    JOIN queue_jobs j ON j.service = s.service AND j.state = e.state
                WHERE j.finished_at IS NOT NULL AND j.finished_at BETWEEN $1 AND $2))
            ORDER BY id FOR NO KEY UPDATE))
        """;

    private const string MoveKeys = """
        UPDATE queue_jobs SET idempotency_until = idempotency_until + $3 WHERE id = ANY (ARRAY (
            SELECT id FROM queue_jobs WHERE id = ANY (ARRAY (SELECT id FROM queue_jobs WHERE idempotency_until BETWEEN $1 AND $2))
            ORDER BY id FOR NO KEY UPDATE))
        """;

    private const string MoveDeliveries = """
        UPDATE webhook_deliveries SET
            give_up_at = give_up_at + CASE WHEN give_up_at BETWEEN $1 AND $2::bigint + $4::bigint THEN $3::bigint ELSE 0 END,
            finished_at = finished_at + CASE WHEN finished_at BETWEEN $1 AND $2 THEN $3::bigint ELSE 0 END
        WHERE id = ANY (ARRAY (
            SELECT id FROM webhook_deliveries
            WHERE give_up_at BETWEEN $1 AND $2::bigint + $4::bigint OR finished_at BETWEEN $1 AND $2 ORDER BY id FOR NO KEY UPDATE))
        """;

    // How long they are kept was counted from a wrong time.
    private static readonly string[] MoveKept = [MoveLife("client_files"), MoveLife("client_uploads")];

    private const string MendLanes = """
        WITH off AS (
            SELECT l.id, stashai_now() AS now, stashai_now() + $2 + COALESCE(s.circuit_longest_pause, $3) AS longest
            FROM lanes l LEFT JOIN services s ON s.name = l.service
            WHERE l.blocked_until > stashai_now() + $1 OR l.rate_updated_at > stashai_now() + $4 OR l.served_at > stashai_now() + $4
                OR l.circuit_until > stashai_now() + $2 + COALESCE(s.circuit_longest_pause, $3)
            ORDER BY l.id FOR NO KEY UPDATE OF l SKIP LOCKED)
        UPDATE lanes SET
            blocked_until = CASE WHEN blocked_until > off.now + $1 THEN 0 ELSE blocked_until END,
            circuit_until = CASE WHEN circuit_until > off.longest THEN off.now ELSE circuit_until END,
            rate_updated_at = CASE WHEN rate_updated_at > off.now THEN off.now ELSE rate_updated_at END,
            served_at = LEAST(served_at, off.now)
        FROM off WHERE lanes.id = off.id RETURNING lanes.id
        """;

    private const string MendLeases =
        "UPDATE nodes SET lease_until = stashai_now() + $1 WHERE rescued = 0 AND lease_until > stashai_now() + $1 RETURNING id";

    // A process that is alive renews it sooner.
    private static readonly string[] MendWork =
    [
        EndLease("file_batches", "state < 2 /* to be checked */"), EndLease("bulk_operations", "state = 0 /* Running */"),
        EndLease("schedule_runs", "state < 2 /* open */"), EndLease("erasures", "stage < 5 /* Completed */"),
    ];

    private const string MendTickets = "DELETE FROM tickets WHERE expires_at > stashai_now() + $1 RETURNING 1::bigint";

    private const string MendRates = "UPDATE lane_rates SET measured_at = stashai_now() WHERE measured_at > "
        + "stashai_now() + $1 RETURNING lane_id";

    private const string FarTasks = """
        SELECT id FROM queue_tasks
        WHERE due_at > stashai_now() + $1 + (SELECT COALESCE(MAX(circuit_longest_pause), $2) FROM services) ORDER BY due_at LIMIT $3
        """;

    private const string MendTasks =
        "UPDATE queue_tasks SET due_at = stashai_now() WHERE id = ANY ($1) AND state = 1 /* Scheduled */ AND due_at > stashai_now()";

    private const string MendDeliveries = """
        UPDATE webhook_deliveries SET due_at = stashai_now() WHERE id = ANY (ARRAY (
            SELECT id FROM webhook_deliveries WHERE state = 0 /* Waiting */ AND due_at > stashai_now() + $1
            ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        RETURNING id
        """;

    // A run while the clock is wrong must not change what a run at the right time finds.
    private const string MendKeys = """
        UPDATE queue_jobs SET idempotency_until = stashai_now() + $1 WHERE id = ANY (ARRAY (
            SELECT id FROM queue_jobs WHERE id = ANY (ARRAY (
                SELECT id FROM queue_jobs WHERE idempotency_until > stashai_now() + $1 ORDER BY idempotency_until LIMIT $2))
            ORDER BY id FOR NO KEY UPDATE SKIP LOCKED))
        RETURNING id
        """;

    /// <summary>Reads the clock, and stores what is known about it.</summary>
    public static async Task<ObservedClock> ObserveAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        ObservedClock? before = null;
        long now = 0;
        long? newest = null;
        await using (var look = session.Batch().Add(Begin).Add(Read).Add(Newest))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            if (await rows.ReadAsync(cancellationToken))
            {
                before = new ObservedClock(
                    rows.GetInt64(0), rows.GetInt64(1), rows.IsDBNull(2) ? null : rows.GetInt64(2), rows.GetInt64(3));
            }

            await rows.NextResultAsync(cancellationToken);
            // Read after the lock was granted, so that the second of two processes does not read before the first.
            if (await rows.ReadAsync(cancellationToken)) (newest, now) = (rows.IsDBNull(0) ? null : rows.GetInt64(0), rows.GetInt64(1));
            await EndAsync(rows, cancellationToken);
        }

        var after = before?.Observe(now) ?? ObservedClock.Begin(now, newest);
        await using var batch = session.Batch()
            .Add(Write, Value(after.Confirmed), Value(after.LastSeen), OrNull(after.SteppedTo), Value(after.SinceStep));
        if (before is { } last && after.ShiftSince(last) is var (from, to, by))
        {
            batch.Add(MoveEnds, Value(from), Value(to), Value(by));
            batch.Add(MoveKeys, Value(from), Value(to + Ms(WaitLimits.Key)), Value(by));
            foreach (var kept in MoveKept) batch.Add(kept, Value(from), Value(to), Value(by));
            batch.Add(MoveDeliveries, Value(from), Value(to), Value(by), Value(Ms(WebhookRetry.Period)));
        }

        await batch.Add(Commit).RunAsync(CancellationToken.None);
        return after;
    }

    /// <summary>Ends waits that are longer than possible; returns how many rows it changed.</summary>
    public static async Task<int> EndImpossibleWaitsAsync(
        PostgresSession session, WaitLimits limits, int limit, CancellationToken cancellationToken)
    {
        var (slack, pause) = (Ms(WaitLimits.Slack), Ms(new CircuitSettings().LongestPause));
        // A node that probes a health path reserves the lane for some seconds.
        var probe = Ms(TimeSpan.FromSeconds(30));
        var count = 0;
        count += (await RunAsync(
            session.Batch().Add(MendLanes, Value(Ms(limits.Pause) + slack), Value(probe), Value(pause), Value(slack)),
            cancellationToken)).Count;
        count += (await RunAsync(session.Batch().Add(MendLeases, Value(Ms(limits.Lease) + slack)), cancellationToken)).Count;
        foreach (var work in MendWork)
            count += (await RunAsync(session.Batch().Add(work, Value(Ms(WaitLimits.Work) + slack)), cancellationToken)).Count;
        count += (await RunAsync(session.Batch().Add(MendTickets, Value(Ms(WaitLimits.Ticket))), cancellationToken)).Count;
        count += (await RunAsync(session.Batch().Add(MendRates, Value(slack)), cancellationToken)).Count;
        if (await RunAsync(
            session.Batch().Add(FarTasks, Value(Ms(limits.Task) + slack), Value(pause), Value((long)limit)),
            cancellationToken)
            is { Count: > 0 } tasks)
        {
            long[] keys = [.. tasks];
            await using var batch = session.Batch().Add(PostgresUnit.LockJobs, Value(PostgresUnit.JobsOf(keys)))
                .Add(MendTasks, Value(keys));
            await batch.RunAsync(CancellationToken.None);
            count += keys.Length;
        }

        var longest = Ms(WebhookRetry.LongestDelay) + slack;
        count += (await RunAsync(session.Batch().Add(MendDeliveries, Value(longest), Value((long)limit)), cancellationToken)).Count;
        if ((await RunAsync(session.Batch().Add(IsCertain), cancellationToken)).Count == 0) return count;
        return count
            + (await RunAsync(session.Batch().Add(MendKeys, Value(Ms(WaitLimits.Key)), Value((long)limit)), cancellationToken)).Count;
    }

    private static async Task<List<long>> RunAsync(PostgresBatch statement, CancellationToken cancellationToken)
    {
        await using var batch = statement;
        await using var rows = await batch.ReadAsync(cancellationToken);
        var keys = new List<long>();
        while (await rows.ReadAsync(cancellationToken)) keys.Add(rows.GetInt64(0));
        await EndAsync(rows, cancellationToken);
        return keys;
    }

    private static string MoveLife(string table) => $"""
        UPDATE {table} SET created_at = created_at + $3, expires_at = expires_at + $3 WHERE id = ANY (ARRAY (
            SELECT id FROM {table} WHERE created_at BETWEEN $1 AND $2 ORDER BY id FOR NO KEY UPDATE))
        """;

    private static string EndLease(string table, string isOpen) => $"""
        UPDATE {table} SET worker_until = stashai_now() + $1 WHERE id = ANY (ARRAY (
            SELECT id FROM {table} WHERE {isOpen} AND worker_until > stashai_now() + $1 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED))
        RETURNING id
        """;

    private static long Ms(TimeSpan time) => (long)time.TotalMilliseconds;
}
