using Npgsql;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>The limits of services: what people set, and the windows of allowed hours.</summary>
internal static class PostgresLimits
{
    // A service that no process declares can be limited too.
    private const string Add = """
        INSERT INTO services (name, required_labels, circuit_failures, circuit_first_pause, circuit_longest_pause)
        VALUES ($1, '', $2, $3, $4) ON CONFLICT DO NOTHING
        """;

    private const string Change = """
        UPDATE services SET
            set_max_running = CASE WHEN $2 THEN $3 ELSE set_max_running END,
            set_rate_per_second = CASE WHEN $4 THEN $5 ELSE set_rate_per_second END,
            set_rate_burst = CASE WHEN $6 THEN $7 ELSE set_rate_burst END,
            open_from = CASE WHEN $8 THEN NULL ELSE open_from END,
            open_until = CASE WHEN NOT $8 THEN open_until WHEN COALESCE($9, hours) IS NULL THEN NULL ELSE 0 END,
            set_hours = CASE WHEN $8 THEN $9 ELSE set_hours END
        WHERE name = $1
        """;

    private const string All = """
        SELECT name, max_running, rate_per_second, rate_burst, hours, set_max_running, set_rate_per_second, set_rate_burst, set_hours,
            open_from, open_until
        FROM services ORDER BY name COLLATE "C"
        """;

    private const string WithHours = """
        SELECT name, COALESCE(set_hours, hours), COALESCE(open_from, 0), open_until, stashai_now()
        FROM services WHERE open_until IS NOT NULL ORDER BY name COLLATE "C"
        """;

    // Other hours may have been set meanwhile; then their own window was stored.
    private const string SaveWindow =
        "UPDATE services SET open_from = $2, open_until = $3 WHERE name = $1 AND COALESCE(set_hours, hours) = $4";

    private const string FirstEnd = "SELECT MIN(open_until) - stashai_now() FROM services WHERE open_until > stashai_now()";

    public static async Task SetAsync(PostgresSession session, string service, LimitPatch patch)
    {
        var circuit = new CircuitSettings();
        await using (var batch = session.Batch()
            .Add(
                Add, Text(service), Value(circuit.Failures), Value((long)circuit.FirstPause.TotalMilliseconds),
                Value((long)circuit.LongestPause.TotalMilliseconds))
            .Add(
                Change, Text(service), Value(patch.SetsMaxRunning), OrNull(patch.MaxRunning), Value(patch.SetsRate),
                OrNull(patch.RatePerSecond), Value(patch.SetsBurst), OrNull(patch.RateBurst), Value(patch.SetsHours),
                Text(patch.Hours?.ToString())))
        {
            await batch.RunAsync(CancellationToken.None);
        }

        await KeepHoursAsync(session, CancellationToken.None);
    }

    public static async Task<IReadOnlyList<ServiceLimits>> ListAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(All);
        return await PostgresRows.ListAsync(
            batch,
            row => new ServiceLimits
            {
                Service = row.GetString(0),
                Declared = Values(row, 1),
                Set = Values(row, 5),
                OpenFrom = PostgresRows.Time(row, 9),
                OpenUntil = PostgresRows.Time(row, 10),
            },
            cancellationToken);
    }

    /// <summary>Stores the windows that are not stored yet.</summary>
    public static async Task KeepHoursAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var stale = await FindStaleAsync(session, cancellationToken);
        if (stale.Count == 0) return;
        await using var batch = session.Batch();
        foreach (var (name, hours, window) in stale)
            batch.Add(SaveWindow, Text(name), Value(window.From), Value(window.Until), Text(hours));
        await batch.RunAsync(cancellationToken);
    }

    /// <summary>How long until the first window ends; null when there is none.</summary>
    public static async Task<TimeSpan?> NextEndAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(FirstEnd);
        await using var rows = await batch.ReadAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return rows.IsDBNull(0) ? null : TimeSpan.FromMilliseconds(rows.GetInt64(0));
    }

    private static async Task<List<(string Name, string Hours, HoursWindow Window)>> FindStaleAsync(
        PostgresSession session, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(WithHours);
        await using var row = await batch.ReadAsync(cancellationToken);
        var stale = new List<(string Name, string Hours, HoursWindow Window)>();
        while (await row.ReadAsync(cancellationToken))
        {
            // Another process may know a time zone that this machine does not; until one computes the window, the service is closed.
            if (!AllowedHours.TryParse(row.GetString(1), out var hours, out _)) continue;
            var (stored, now) = (new HoursWindow(row.GetInt64(2), row.GetInt64(3)), row.GetInt64(4));
            var right = HoursWindow.At(hours, now);
            if (!stored.Matches(right, now)) stale.Add((row.GetString(0), row.GetString(1), right));
        }

        return stale;
    }

    private static LimitValues Values(NpgsqlDataReader row, int at) => new(
        row.IsDBNull(at) ? null : row.GetInt32(at),
        row.IsDBNull(at + 1) ? null : row.GetDouble(at + 1),
        row.IsDBNull(at + 2) ? null : row.GetDouble(at + 2),
        PostgresRows.TextOrNull(row, at + 3));
}
