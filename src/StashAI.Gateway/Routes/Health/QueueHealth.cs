using StashAI.Queue.Diagnostics;
using StashAI.Queue.Engine;

namespace StashAI.Gateway.Routes.Health;

/// <summary>The queue of this process: its lease, and how its real work ended.</summary>
internal sealed class QueueHealth(QueueEngine engine) : IHealthContributor
{
    public IEnumerable<PartHealth> Check()
    {
        foreach (var part in engine.Health.List()) yield return part;
        yield return engine.IsHealthy
            ? new PartHealth("lease", HealthStatus.Healthy)
            : new PartHealth("lease", HealthStatus.Degraded, "This process has no right to work, because it could not renew its lease in the database in time; it tries again.");
    }
}
