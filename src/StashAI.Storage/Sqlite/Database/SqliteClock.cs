using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Observes the database's clock, and corrects times that were written while it was wrong (docs/adr/0017).</summary>
internal static class SqliteClock
{
    /// <summary>
    /// The time to compute ages with: <see cref="ObservedClock.TrustedAt"/>. Null before the first reading, so that nothing is too old
    /// then.
    /// </summary>
    public const string Trusted = """
        (SELECT CASE WHEN ABS(stashai_now() - confirmed_at) <= 60000 /* ToleranceMs */ THEN stashai_now() ELSE MIN(stashai_now(), confirmed_at) END
            FROM clock_watch)
        """;

    /// <summary>Returns a row while the clock is known to be right: only then may times of past events be corrected.</summary>
    public const string IsCertain = $"SELECT 1 FROM clock_watch WHERE doubt_since IS NULL AND {Trusted} = stashai_now()";

    private const string Read = "SELECT confirmed_at, seen_at, doubt_since, stood_ms, stashai_now() FROM clock_watch";

    // Jobs are ordered by submit time, so the newest changes are among the last jobs.
    private const string Newest = "SELECT MAX(updated_at) FROM (SELECT updated_at FROM queue_jobs ORDER BY id DESC LIMIT 100)";

    private const string Write = """
        INSERT INTO clock_watch (id, confirmed_at, seen_at, doubt_since, stood_ms) VALUES (1, ?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET confirmed_at = excluded.confirmed_at, seen_at = excluded.seen_at, doubt_since = excluded.doubt_since,
            stood_ms = excluded.stood_ms
        """;

    private const string MoveEnds = """
        UPDATE queue_jobs SET finished_at = finished_at + ?3 WHERE id IN (
            SELECT j.id FROM (SELECT DISTINCT service FROM lanes) AS s JOIN queue_jobs j ON j.service = s.service
                AND j.state IN (2, 3, 4, 5) /* the terminal states */
            WHERE j.finished_at IS NOT NULL AND j.finished_at BETWEEN ?1 AND ?2)
        """;

    private const string MoveKeys = "UPDATE queue_jobs SET idempotency_until = idempotency_until + ?3 WHERE "
        + "idempotency_until BETWEEN ?1 AND ?2";

    private const string MoveDeliveries = """
        UPDATE webhook_deliveries SET give_up_at = give_up_at + CASE WHEN give_up_at BETWEEN ?1 AND ?2 + ?4 THEN ?3 ELSE 0 END,
            finished_at = finished_at + CASE WHEN finished_at BETWEEN ?1 AND ?2 THEN ?3 ELSE 0 END
        WHERE give_up_at BETWEEN ?1 AND ?2 + ?4 OR finished_at BETWEEN ?1 AND ?2
        """;

    // How long they are kept was counted from a wrong time.
    private static readonly string[] MoveKept = [MoveLife("client_files"), MoveLife("client_uploads")];

    private const string MendLanes = """
        UPDATE lanes SET
            blocked_until = CASE WHEN blocked_until > stashai_now() + ?1 THEN 0 ELSE blocked_until END,
            circuit_until = CASE WHEN circuit_until > stashai_now() + ?2 + COALESCE(
                (SELECT circuit_longest_pause FROM services WHERE name = service), ?3) THEN stashai_now() ELSE circuit_until END,
            rate_updated_at = MIN(rate_updated_at, stashai_now()),
            served_at = MIN(served_at, stashai_now())
        WHERE blocked_until > stashai_now() + ?1 OR rate_updated_at > stashai_now() + ?4 OR served_at > stashai_now() + ?4
            OR circuit_until > stashai_now() + ?2 + COALESCE((SELECT circuit_longest_pause FROM services WHERE name = service), ?3)
        """;

    private const string MendLeases = "UPDATE nodes SET lease_until = stashai_now() + ?1 WHERE rescued = 0 "
        + "AND lease_until > stashai_now() + ?1";

    // A process that is alive renews it sooner.
    private static readonly string[] MendWork =
    [
        EndLease("file_batches", "state < 2 /* to be checked */"), EndLease("bulk_operations", "state = 0 /* Running */"),
        EndLease("schedule_runs", "state < 2 /* open */"), EndLease("erasures", "stage < 5 /* Completed */"),
    ];

    private const string MendTickets = "DELETE FROM tickets WHERE expires_at > stashai_now() + ?1";

    private const string MendRates = "UPDATE lane_rates SET measured_at = stashai_now() WHERE measured_at > stashai_now() + ?1";

    private const string MendTasks = """
        UPDATE queue_tasks SET due_at = stashai_now() WHERE id IN (
            SELECT id FROM queue_tasks
            WHERE state = 1 /* Scheduled */
                AND due_at > stashai_now() + ?1 + (SELECT COALESCE(MAX(circuit_longest_pause), ?2) FROM services) ORDER BY due_at LIMIT ?3)
        """;

    private const string MendDeliveries = """
        UPDATE webhook_deliveries SET due_at = stashai_now() WHERE id IN (
            SELECT id FROM webhook_deliveries WHERE state = 0 /* Waiting */ AND due_at > stashai_now() + ?1 ORDER BY due_at LIMIT ?2)
        """;

    // A run while the clock is wrong must not change what a run at the right time finds.
    private const string MendKeys = """
        UPDATE queue_jobs SET idempotency_until = stashai_now() + ?1 WHERE id IN (
            SELECT id FROM queue_jobs WHERE idempotency_until > stashai_now() + ?1 ORDER BY idempotency_until LIMIT ?2)
        """;

    /// <summary>Reads the clock, and stores what is known about it.</summary>
    public static ObservedClock Observe(SqliteSession session)
    {
        var now = session.Now();
        var before = Find(session);
        var after = before?.Observe(now) ?? ObservedClock.Begin(now, session.Use(Newest).Scalar());
        // Another process has just read it.
        if (before is { SteppedTo: null } known && after.SteppedTo is null && now - known.LastSeen is >= 0 and < 1000) return after;
        session.Use(Write).Bind(1, after.Confirmed).Bind(2, after.LastSeen).Bind(3, after.SteppedTo).Bind(4, after.SinceStep).Run();
        if (before is { } last && after.ShiftSince(last) is var (from, to, by))
        {
            session.Use(MoveEnds).Bind(1, from).Bind(2, to).Bind(3, by).Run();
            session.Use(MoveKeys).Bind(1, from).Bind(2, to + Ms(WaitLimits.Key)).Bind(3, by).Run();
            foreach (var kept in MoveKept) session.Use(kept).Bind(1, from).Bind(2, to).Bind(3, by).Run();
            session.Use(MoveDeliveries).Bind(1, from).Bind(2, to).Bind(3, by).Bind(4, Ms(WebhookRetry.Period)).Run();
        }

        return after;
    }

    /// <summary>What was known at the last reading; null before the first.</summary>
    public static ObservedClock? Find(SqliteSession session)
    {
        var row = session.Use(Read);
        if (!row.Step()) return null;
        var known = new ObservedClock(row.Int64(0), row.Int64(1), row.IsNull(2) ? null : row.Int64(2), row.Int64(3));
        row.Reset();
        return known;
    }

    /// <summary>Ends waits that are longer than possible; returns how many rows it changed.</summary>
    public static int EndImpossibleWaits(SqliteSession session, WaitLimits limits, int limit)
    {
        var (slack, pause) = (Ms(WaitLimits.Slack), Ms(new Sdk.CircuitSettings().LongestPause));
        // A node that probes a health path reserves the lane for some seconds.
        var probe = Ms(TimeSpan.FromSeconds(30));
        var count = session.Use(MendLanes).Bind(1, Ms(limits.Pause) + slack).Bind(2, probe).Bind(3, pause).Bind(4, slack).Run();
        count += session.Use(MendLeases).Bind(1, Ms(limits.Lease) + slack).Run();
        foreach (var work in MendWork) count += session.Use(work).Bind(1, Ms(WaitLimits.Work) + slack).Run();
        count += session.Use(MendTickets).Bind(1, Ms(WaitLimits.Ticket)).Run();
        count += session.Use(MendRates).Bind(1, slack).Run();
        count += session.Use(MendTasks).Bind(1, Ms(limits.Task) + slack).Bind(2, pause).Bind(3, limit).Run();
        count += session.Use(MendDeliveries).Bind(1, Ms(WebhookRetry.LongestDelay) + slack).Bind(2, limit).Run();
        if (session.Use(IsCertain).Scalar() is not null) count += session.Use(MendKeys).Bind(1, Ms(WaitLimits.Key)).Bind(2, limit).Run();
        return count;
    }

    private static string MoveLife(string table) =>
        $"UPDATE {table} SET created_at = created_at + ?3, expires_at = expires_at + ?3 WHERE created_at BETWEEN ?1 AND ?2";

    private static string EndLease(string table, string isOpen) =>
        $"UPDATE {table} SET worker_until = stashai_now() + ?1 WHERE {isOpen} AND worker_until > stashai_now() + ?1";

    private static long Ms(TimeSpan time) => (long)time.TotalMilliseconds;
}
