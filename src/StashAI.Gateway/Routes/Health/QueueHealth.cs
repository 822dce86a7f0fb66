using StashAI.Queue.Diagnostics;
using StashAI.Queue.Engine;

namespace StashAI.Gateway.Routes.Health;

/// <summary>Reports the health of this process's queue: its lease, and the results of its real work.</summary>
internal sealed class QueueHealth(QueueEngine engine) : IHealthContributor
{
    public IEnumerable<PartHealth> Check()
    {
        foreach (var part in engine.Health.List()) yield return part;
        yield return engine.IsHealthy
            ? new PartHealth("lease", HealthStatus.Healthy)
            : new PartHealth(
                "lease",
                HealthStatus.Degraded,
                "This process has no right to work, because it could not renew its lease in the database in time; it tries again.");
    }
}
