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
        INSERT OR REPLACE INTO services (name, max_running, rate_per_second, rate_burst, required_labels,
            circuit_failures, circuit_first_pause, circuit_longest_pause, health_path)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    /// <summary>Lanes whose probe is due, the longest due first.</summary>
    public const string ToProbe = """
        SELECT l.id, l.service, l.origin, s.health_path FROM lanes l JOIN services s ON s.name = l.service
        WHERE l.circuit_state <> 0 /* Closed */ AND l.circuit_until <= stashai_now() AND s.health_path IS NOT NULL
        ORDER BY l.circuit_until
        """;

    public Task DeclareAsync(IReadOnlyCollection<AdapterManifest> manifests, CancellationToken cancellationToken) =>
        writer.RunAsync(session => Declare(session, manifests), cancellationToken);

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
                .Bind(8, (long)manifest.Circuit.LongestPause.TotalMilliseconds).Bind(9, manifest.HealthPath);
            if (manifest.Rate is { } rate) row.Bind(3, rate.PerSecond).Bind(4, rate.Burst);
            row.Run();
        }

        return manifests.Count;
    }
}
