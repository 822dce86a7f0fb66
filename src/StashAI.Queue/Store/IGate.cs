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
}
