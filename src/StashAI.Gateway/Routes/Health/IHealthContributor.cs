using StashAI.Queue.Diagnostics;

namespace StashAI.Gateway.Routes.Health;

/// <summary>
/// Reports the health of parts of this process. All registered contributors appear in <c>/health</c>; the worst part decides its status.
/// </summary>
internal interface IHealthContributor
{
    /// <summary>The current health of the parts. Must not block.</summary>
    IEnumerable<PartHealth> Check();
}
