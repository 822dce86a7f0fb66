using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>The declarations of services, and the probes of services that are down.</summary>
internal sealed class SqliteGate(SqliteWriter writer, SqliteReaders readers) : IGate
{
    private const string Declared = """
        INSERT INTO services (name, max_running, rate_per_second, rate_burst, required_labels,
            circuit_failures, circuit_first_pause, circuit_longest_pause, health_path, hours, open_until)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, CASE WHEN ?10 IS NOT NULL THEN 0 END)
        ON CONFLICT (name) DO UPDATE SET max_running = excluded.max_running, rate_per_second = excluded.rate_per_second,
            rate_burst = excluded.rate_burst, required_labels = excluded.required_labels, circuit_failures = excluded.circuit_failures,
            circuit_first_pause = excluded.circuit_first_pause, circuit_longest_pause = excluded.circuit_longest_pause,
            health_path = excluded.health_path, hours = excluded.hours,
            open_from = CASE WHEN COALESCE(set_hours, excluded.hours) IS NOT NULL THEN open_from END,
            open_until = CASE
                WHEN COALESCE(set_hours, excluded.hours) IS NULL THEN NULL
                WHEN set_hours IS NOT NULL OR hours = excluded.hours THEN open_until
                ELSE 0 END
        """;

    /// <summary>Lanes whose probe is due, the longest due first.</summary>
    public const string ToProbe = """
        SELECT l.id, l.service, l.origin, s.health_path FROM lanes l JOIN services s ON s.name = l.service
        WHERE l.circuit_state <> 0 /* Closed */ AND l.circuit_until <= stashai_now() AND s.health_path IS NOT NULL
        ORDER BY l.circuit_until
        """;

    public Task DeclareAsync(IReadOnlyCollection<AdapterManifest> manifests, CancellationToken cancellationToken) =>
        writer.RunAsync(session => Declare(session, manifests), cancellationToken);

    public Task SetLimitsAsync(string service, LimitPatch patch, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteLimits.Set(session, service, patch), cancellationToken);

    public async Task<TimeSpan?> KeepHoursAsync(CancellationToken cancellationToken)
    {
        // Usually nothing is to be computed, and the write lock is not needed.
        if (await readers.ReadAsync(session => SqliteLimits.HasStaleHours(session), cancellationToken))
            await writer.RunAsync(session => SqliteLimits.KeepHours(session), cancellationToken);
        var left = await readers.ReadAsync(SqliteLimits.NextEnd, cancellationToken);
        return left is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    public async Task<(LaneProbe? Probe, ChangeSet Changes)> BeginProbeAsync(
        IReadOnlyCollection<string> services, TimeSpan time, CancellationToken cancellationToken)
    {
        // Usually no probe is due, and the write lock is not needed.
        if (!await readers.ReadAsync(session => HasProbe(session, services), cancellationToken)) return (null, ChangeSet.Empty);
        return await writer.RunAsync(session => BeginProbe(session, services, time), cancellationToken);
    }

    public Task<ChangeSet> EndProbeAsync(LaneProbe probe, bool isHealthy, CancellationToken cancellationToken) =>
        writer.RunAsync(session => EndProbe(session, probe, isHealthy), cancellationToken);

    private static bool HasProbe(SqliteSession session, IReadOnlyCollection<string> services)
    {
        var rows = session.Use(ToProbe);
        while (rows.Step())
        {
            if (services.Contains(rows.Text(1))) return true;
        }

        return false;
    }

    private static (LaneProbe? Probe, ChangeSet Changes) BeginProbe(
        SqliteSession session, IReadOnlyCollection<string> services, TimeSpan time)
    {
        var rows = session.Use(ToProbe);
        while (rows.Step())
        {
            if (!services.Contains(rows.Text(1))) continue;
            var (lane, service, address) = (rows.Int64(0), rows.Text(1), new Uri(new Uri(rows.Text(2)), rows.Text(3)));
            rows.Reset();
            var circuits = new SqliteCircuits(session);
            circuits.Move(lane, CircuitEvent.ProbeBegun, time);
            var probe = new LaneProbe(lane, service, address, circuits.Find(lane).Circuit.Until);
            return (probe, new ChangeSet([], []) { Lanes = circuits.Finish() });
        }

        return (null, ChangeSet.Empty);
    }

    private static ChangeSet EndProbe(SqliteSession session, LaneProbe probe, bool isHealthy)
    {
        var circuits = new SqliteCircuits(session);
        if (circuits.Find(probe.LaneKey).Circuit.Until != probe.Token) return ChangeSet.Empty;
        circuits.Move(probe.LaneKey, isHealthy ? CircuitEvent.ProbeSucceeded : CircuitEvent.ProbeFailed);
        return new ChangeSet([], []) { Lanes = circuits.Finish() };
    }

    private static int Declare(SqliteSession session, IReadOnlyCollection<AdapterManifest> manifests)
    {
        foreach (var manifest in manifests)
        {
            var row = session.Use(Declared).Bind(1, manifest.Name).Bind(2, manifest.MaxRunning)
                .Bind(5, LabelSet.Of(manifest.RequiredLabels).ToString()).Bind(6, manifest.Circuit.Failures)
                .Bind(7, (long)manifest.Circuit.FirstPause.TotalMilliseconds)
                .Bind(8, (long)manifest.Circuit.LongestPause.TotalMilliseconds).Bind(9, manifest.HealthPath)
                .Bind(10, manifest.AllowedHours?.ToString());
            if (manifest.Rate is { } rate) row.Bind(3, rate.PerSecond).Bind(4, rate.Burst);
            row.Run();
        }

        SqliteLimits.KeepHours(session);
        return manifests.Count;
    }
}
