using StashAI.Adapters.Visage;
using StashAI.Server.Api;

namespace StashAI.Server.Hosting;

/// <summary>The Visage service that this process runs. One elsewhere is in the care of whoever runs it, and shows in `/api/services`.</summary>
internal sealed class VisageCheck(VisageChild child) : IHealthCheck
{
    public HealthCheck Look() => (child.IsReady, child.Trouble) switch
    {
        (true, _) => new HealthCheck(VisageAdapter.Name, HealthCheck.Up, null),
        (_, { } trouble) => new HealthCheck(VisageAdapter.Name, HealthCheck.Down, trouble),
        _ => new HealthCheck(VisageAdapter.Name, HealthCheck.Starting, null),
    };
}
