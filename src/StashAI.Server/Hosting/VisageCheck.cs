using StashAI.Adapters.Visage;
using StashAI.Gateway.Routes.Health;
using StashAI.Queue.Diagnostics;

namespace StashAI.Server.Hosting;

/// <summary>
/// Reports the health of the Visage service that this process runs. A service elsewhere is monitored by its own operator, and listed in
/// <c>/api/services</c>.
/// </summary>
internal sealed class VisageCheck(VisageChild child) : IHealthContributor
{
    // A child that is still starting has not failed, so the server counts as healthy.
    public IEnumerable<PartHealth> Check() =>
    [
        child switch
        {
            { IsReady: true } => new PartHealth(VisageAdapter.Name, HealthStatus.Healthy),
            { Failure: { } trouble } => new PartHealth(VisageAdapter.Name, HealthStatus.Degraded, trouble),
            _ => new PartHealth(VisageAdapter.Name, HealthStatus.Healthy, "It is starting."),
        },
    ];
}
