using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Sdk;

namespace StashAI.Queue.Store;

/// <summary>The gate of each lane: limits that hold over all nodes.</summary>
public interface IGate
{
    /// <summary>
    /// Stores what services declare about themselves: limits, labels, circuit and health path. They apply to all lanes of a service,
    /// including future ones. The last declaration wins; jobs of an undeclared service have no limits.
    /// </summary>
    Task DeclareAsync(IReadOnlyCollection<AdapterManifest> manifests, CancellationToken cancellationToken);

    /// <summary>
    /// Changes limits of a service while it runs. They hold in all processes from the next claim on, and over restarts and new
    /// declarations.
    /// </summary>
    Task SetLimitsAsync(string service, LimitPatch patch, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the current or next window of each service with allowed hours, where it is not stored yet. Until then the service is closed.
    /// </summary>
    /// <returns>How long until the next window ends and must be computed again; null when no service has hours.</returns>
    Task<TimeSpan?> KeepHoursAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reserves the probe of one lane whose health path is due, for at most <paramref name="time"/>; null when none is due.
    /// One node at a time can hold it.
    /// </summary>
    Task<(LaneProbe? Probe, ChangeSet Changes)> BeginProbeAsync(
        IReadOnlyCollection<string> services, TimeSpan time, CancellationToken cancellationToken);

    /// <summary>
    /// Records what the health path answered; nothing changes when the reservation is over or the circuit has changed since.
    /// </summary>
    Task<ChangeSet> EndProbeAsync(LaneProbe probe, bool isHealthy, CancellationToken cancellationToken);
}
