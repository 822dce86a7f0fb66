using StashAI.Adapters.Visage;
using StashAI.Gateway.Routes.Health;
using StashAI.Queue.Diagnostics;

namespace StashAI.Server.Hosting;

/// <summary>The Visage service that this process runs. One elsewhere is in the care of whoever runs it, and shows in `/api/services`.</summary>
internal sealed class VisageCheck(VisageChild child) : IHealthContributor
{
    // A child that is still starting has not failed: the server is as healthy as without it.
    public IEnumerable<PartHealth> Check() =>
    [
        child switch
        {
            { IsReady: true } => new PartHealth(VisageAdapter.Name, HealthStatus.Healthy),
            { Trouble: { } trouble } => new PartHealth(VisageAdapter.Name, HealthStatus.Degraded, trouble),
            _ => new PartHealth(VisageAdapter.Name, HealthStatus.Healthy, "It is starting."),
        },
    ];
}
