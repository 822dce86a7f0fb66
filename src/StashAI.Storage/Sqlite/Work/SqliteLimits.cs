using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>The limits of services: what people set, and the windows of allowed hours.</summary>
internal static class SqliteLimits
{
    // A service that no process declares can be limited too.
    private const string Add = """
        INSERT INTO services (name, required_labels, circuit_failures, circuit_first_pause, circuit_longest_pause)
        VALUES (?1, '', ?2, ?3, ?4) ON CONFLICT DO NOTHING
        """;

    private const string Change = """
        UPDATE services SET
            set_max_running = CASE WHEN ?2 THEN ?3 ELSE set_max_running END,
            set_rate_per_second = CASE WHEN ?4 THEN ?5 ELSE set_rate_per_second END,
            set_rate_burst = CASE WHEN ?6 THEN ?7 ELSE set_rate_burst END,
            open_from = CASE WHEN ?8 THEN NULL ELSE open_from END,
            open_until = CASE WHEN NOT ?8 THEN open_until WHEN COALESCE(?9, hours) IS NULL THEN NULL ELSE 0 END,
            set_hours = CASE WHEN ?8 THEN ?9 ELSE set_hours END
        WHERE name = ?1
        """;

    private const string All = """
        SELECT name, max_running, rate_per_second, rate_burst, hours, set_max_running, set_rate_per_second, set_rate_burst, set_hours,
            open_from, open_until
        FROM services ORDER BY name
        """;

    private const string WithHours = """
        SELECT name, COALESCE(set_hours, hours), COALESCE(open_from, 0), open_until, stashai_now()
        FROM services WHERE open_until IS NOT NULL ORDER BY name
        """;

    private const string SaveWindow = "UPDATE services SET open_from = ?2, open_until = ?3 WHERE name = ?1";

    private const string FirstEnd = "SELECT MIN(open_until) - stashai_now() FROM services WHERE open_until > stashai_now()";

    public static int Set(SqliteSession session, string service, LimitPatch patch)
    {
        var circuit = new CircuitSettings();
        session.Use(Add).Bind(1, service).Bind(2, circuit.Failures).Bind(3, (long)circuit.FirstPause.TotalMilliseconds)
            .Bind(4, (long)circuit.LongestPause.TotalMilliseconds).Run();
        var change = session.Use(Change).Bind(1, service).Bind(2, patch.SetsMaxRunning ? 1 : 0).Bind(3, patch.MaxRunning)
            .Bind(4, patch.SetsRate ? 1 : 0).Bind(6, patch.SetsBurst ? 1 : 0).Bind(8, patch.SetsHours ? 1 : 0)
            .Bind(9, patch.Hours?.ToString());
        if (patch.RatePerSecond is { } rate) change.Bind(5, rate);
        if (patch.RateBurst is { } burst) change.Bind(7, burst);
        change.Run();
        return KeepHours(session);
    }

    public static IReadOnlyList<ServiceLimits> List(SqliteSession session)
    {
        var limits = new List<ServiceLimits>();
        var row = session.Use(All);
        while (row.Step())
        {
            limits.Add(new ServiceLimits
            {
                Service = row.Text(0),
                Declared = Values(row, 1),
                Set = Values(row, 5),
                OpenFrom = row.IsNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(9)),
                OpenUntil = row.IsNull(10) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(10)),
            });
        }

        return limits;
    }

    public static bool HasStaleHours(SqliteSession session) => FindStale(session).Count > 0;

    /// <summary>Stores the windows that are not stored yet.</summary>
    public static int KeepHours(SqliteSession session)
    {
        var stale = FindStale(session);
        foreach (var (name, window) in stale) session.Use(SaveWindow).Bind(1, name).Bind(2, window.From).Bind(3, window.Until).Run();
        return stale.Count;
    }

    /// <summary>How long until the first window ends, in milliseconds; null when there is none.</summary>
    public static long? NextEnd(SqliteSession session) => session.Use(FirstEnd).Scalar();

    private static List<(string Name, HoursWindow Window)> FindStale(SqliteSession session)
    {
        var stale = new List<(string Name, HoursWindow Window)>();
        var row = session.Use(WithHours);
        while (row.Step())
        {
            // Another process may know a time zone that this machine does not; until one computes the window, the service is closed.
            if (!AllowedHours.TryParse(row.Text(1), out var hours, out _)) continue;
            var (stored, now) = (new HoursWindow(row.Int64(2), row.Int64(3)), row.Int64(4));
            var right = HoursWindow.At(hours, now);
            if (!stored.Matches(right, now)) stale.Add((row.Text(0), right));
        }

        return stale;
    }

    private static LimitValues Values(SqliteStatement row, int at) => new(
        row.IsNull(at) ? null : row.Int32(at),
        row.IsNull(at + 1) ? null : row.Real(at + 1),
        row.IsNull(at + 2) ? null : row.Real(at + 2),
        row.TextOrNull(at + 3));
}
