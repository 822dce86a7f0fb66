using StashAI.Queue.Model;

namespace StashAI.Queue.Store;

/// <summary>Claims tasks and records how they ended.</summary>
public interface IWork
{
    /// <summary>Claims up to <paramref name="slots"/> tasks for a node, fairly over lanes and jobs. Empty when there is nothing to do.</summary>
    /// <param name="nodeKey">The node, whose lease must be alive: otherwise nothing is claimed.</param>
    /// <param name="slots">At most this many.</param>
    /// <param name="services">Only these services.</param>
    /// <param name="cancellationToken">Gives up waiting before the claim began.</param>
    Task<ClaimedBatch> ClaimAsync(long nodeKey, int slots, IReadOnlyCollection<string> services, CancellationToken cancellationToken);

    /// <summary>Records outcomes in one transaction. May be repeated after an ambiguous failure (S4, S12).</summary>
    Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken);
}
