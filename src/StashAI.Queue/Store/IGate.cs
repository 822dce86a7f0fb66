using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Sdk;

namespace StashAI.Queue.Store;

/// <summary>The gate of each lane: limits that hold over all nodes.</summary>
public interface IGate
{
    /// <summary>
    /// Writes down what services declare of themselves: limits, labels, circuit, health path. It holds for all their lanes, those
    /// that come later too. The last declaration wins; jobs of a service that nobody declared have no limits.
    /// </summary>
    Task DeclareAsync(IReadOnlyCollection<AdapterManifest> manifests, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the right to ask the health path of one lane that is due for it, for at most <paramref name="time"/>; null when none is.
    /// One node at a time has it.
    /// </summary>
    Task<(LaneProbe? Probe, ChangeSet Changes)> BeginProbeAsync(
        IReadOnlyCollection<string> services, TimeSpan time, CancellationToken cancellationToken);

    /// <summary>Says what the health path answered; nothing changes when the time for it is over or the circuit moved on.</summary>
    Task<ChangeSet> EndProbeAsync(LaneProbe probe, bool isHealthy, CancellationToken cancellationToken);
}
