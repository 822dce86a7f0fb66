using StashAI.Queue.Diagnostics;

namespace StashAI.Gateway.Routes.Health;

/// <summary>Says how parts of this process fare. All that are registered show in `/health`; the worst decides its status.</summary>
internal interface IHealthContributor
{
    /// <summary>The parts as they are now; it must answer at once.</summary>
    IEnumerable<PartHealth> Check();
}
