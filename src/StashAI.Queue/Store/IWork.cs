using StashAI.Queue.Model;

namespace StashAI.Queue.Store;

/// <summary>Claims tasks and records how they ended.</summary>
public interface IWork
{
    /// <summary>
    /// Claims tasks for a node, fairly over lanes and jobs and never past a lane's gate over all nodes (S3). Empty when there is
    /// nothing to do.
    /// </summary>
    /// <param name="nodeKey">The node, whose lease must be alive: otherwise nothing is claimed.</param>
    /// <param name="slots">At most this many for free slots.</param>
    /// <param name="ahead">At most this many more, to wait for a slot; none of a lane with a hard limit.</param>
    /// <param name="services">Only these services.</param>
    /// <param name="cancellationToken">Gives up waiting before the claim began.</param>
    Task<ClaimedBatch> ClaimAsync(
        long nodeKey, int slots, int ahead, IReadOnlyCollection<string> services, CancellationToken cancellationToken);

    /// <summary>Records outcomes in one transaction. May be repeated after an ambiguous failure (S4, S12).</summary>
    Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken);
}
