using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>The declarations of services, and the probes of services that are down.</summary>
internal sealed class PostgresGate(PostgresDatabase database) : IGate
{
    private const string Declared = """
        INSERT INTO services (name, max_running, rate_per_second, rate_burst, required_labels,
            circuit_failures, circuit_first_pause, circuit_longest_pause, health_path, hours, open_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $10::text IS NOT NULL THEN 0 END)
        ON CONFLICT (name) DO UPDATE SET max_running = excluded.max_running, rate_per_second = excluded.rate_per_second,
            rate_burst = excluded.rate_burst, required_labels = excluded.required_labels, circuit_failures = excluded.circuit_failures,
            circuit_first_pause = excluded.circuit_first_pause, circuit_longest_pause = excluded.circuit_longest_pause,
            health_path = excluded.health_path, hours = excluded.hours,
            open_from = CASE WHEN COALESCE(services.set_hours, excluded.hours) IS NOT NULL THEN services.open_from END,
            open_until = CASE
                WHEN COALESCE(services.set_hours, excluded.hours) IS NULL THEN NULL
                WHEN services.set_hours IS NOT NULL OR services.hours = excluded.hours THEN services.open_until
                ELSE 0 END
        """;

    // The lane whose probe has been due for longest.
    private const string ToProbe = """
        SELECT l.id FROM lanes l JOIN services s ON s.name = l.service
        WHERE l.circuit_state <> 0 /* Closed */ AND l.circuit_until <= stashai_now() AND s.health_path IS NOT NULL AND l.service = ANY ($1)
        ORDER BY l.circuit_until LIMIT 1
        """;

    public async Task<(LaneProbe? Probe, ChangeSet Changes)> BeginProbeAsync(
        IReadOnlyCollection<string> services, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        long lane;
        await using (var look = session.Batch().Add(ToProbe, Value<string[]>([.. services])))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            if (!await rows.ReadAsync(cancellationToken)) return (null, ChangeSet.Empty);
            lane = rows.GetInt64(0);
        }

        var circuits = await LockAsync(session, lane);
        var (circuit, now) = circuits.Find(lane);
        // Another node may have begun the probe.
        if (circuit.State == CircuitState.Closed || circuit.Until > now || circuits.HealthOf(lane) is not { } address)
        {
            await RollBackAsync(session);
            return (null, ChangeSet.Empty);
        }

        circuits.Move(lane, CircuitEvent.ProbeBegun, time);
        var probe = new LaneProbe(lane, circuits.ServiceOf(lane), address, circuits.Find(lane).Circuit.Until);
        return (probe, await CommitAsync(session, circuits));
    }

    public async Task<ChangeSet> EndProbeAsync(LaneProbe probe, bool isHealthy, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var circuits = await LockAsync(session, probe.LaneKey);
        if (circuits.Find(probe.LaneKey).Circuit.Until != probe.Token)
        {
            await RollBackAsync(session);
            return ChangeSet.Empty;
        }

        circuits.Move(probe.LaneKey, isHealthy ? CircuitEvent.ProbeSucceeded : CircuitEvent.ProbeFailed);
        return await CommitAsync(session, circuits);
    }

    public async Task DeclareAsync(IReadOnlyCollection<AdapterManifest> manifests, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        // In a fixed order, so that nodes that start at the same time do not deadlock (S13).
        foreach (var manifest in manifests.OrderBy(manifest => manifest.Name, StringComparer.Ordinal))
        {
            batch.Add(
                Declared, Text(manifest.Name), OrNull(manifest.MaxRunning), OrNull(manifest.Rate?.PerSecond), OrNull(manifest.Rate?.Burst),
                Text(LabelSet.Of(manifest.RequiredLabels).ToString()), Value(manifest.Circuit.Failures),
                Value((long)manifest.Circuit.FirstPause.TotalMilliseconds), Value((long)manifest.Circuit.LongestPause.TotalMilliseconds),
                Text(manifest.HealthPath), Text(manifest.AllowedHours?.ToString()));
        }

        if (manifests.Count == 0) return;
        await batch.RunAsync(cancellationToken);
        await PostgresLimits.KeepHoursAsync(session, cancellationToken);
    }

    public async Task SetLimitsAsync(string service, LimitPatch patch, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await PostgresLimits.SetAsync(session, service, patch);
    }

    public async Task<TimeSpan?> KeepHoursAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await PostgresLimits.KeepHoursAsync(session, cancellationToken);
        return await PostgresLimits.NextEndAsync(session, cancellationToken);
    }

    private static async Task<PostgresCircuits> LockAsync(PostgresSession session, long lane)
    {
        await using var hold = session.Batch().Add(Begin).Add(PostgresCircuits.LockLanes, Value<long[]>([lane]));
        await using var rows = await hold.ReadAsync(CancellationToken.None);
        var circuits = await PostgresCircuits.ReadAsync(rows);
        await EndAsync(rows, CancellationToken.None);
        return circuits;
    }

    private static async Task<ChangeSet> CommitAsync(PostgresSession session, PostgresCircuits circuits)
    {
        await using var batch = session.Batch();
        var lanes = circuits.Finish(batch);
        await batch.Add(Commit).RunAsync(CancellationToken.None);
        return new ChangeSet([], []) { Lanes = lanes };
    }

    private static async Task RollBackAsync(PostgresSession session)
    {
        await using var nothing = session.Batch().Add(Rollback);
        await nothing.RunAsync(CancellationToken.None);
    }
}
