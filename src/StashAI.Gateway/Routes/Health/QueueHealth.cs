using StashAI.Queue.Diagnostics;
using StashAI.Queue.Engine;

namespace StashAI.Gateway.Routes.Health;

/// <summary>Reports the health of this process's queue: its lease, its disk, and the results of its real work.</summary>
internal sealed class QueueHealth(QueueEngine engine) : IHealthContributor
{
    public IEnumerable<PartHealth> Check()
    {
        foreach (var part in engine.Health.List()) yield return part;
        if (engine.Storage is { Room: not null } disk)
        {
            yield return disk.Warning is { } warning
                ? new PartHealth("disk", HealthStatus.Degraded, warning, disk.LowSince)
                : new PartHealth("disk", HealthStatus.Healthy);
        }

        yield return engine.IsHealthy
            ? new PartHealth("lease", HealthStatus.Healthy)
            : new PartHealth(
                "lease",
                HealthStatus.Degraded,
                "This process has no right to work, because it could not renew its lease in the database in time; it tries again.");
    }
}
