using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Store;

/// <summary>Claims tasks and records how they ended.</summary>
public interface IWork
{
    /// <summary>
    /// Claims tasks for a node, fairly over lanes and jobs and never past a lane's gate over all nodes (S3). Empty when there is
    /// nothing to do. A suspect, a task that was lost with its node twice, is given only to a node that holds nothing else, and that
    /// node gets nothing more until the suspect's outcome is recorded.
    /// </summary>
    /// <param name="request">Who claims, and what.</param>
    /// <param name="cancellationToken">Gives up waiting before the claim began.</param>
    Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>Claims for a node that holds other tasks, so no suspect.</summary>
    Task<ClaimedBatch> ClaimAsync(
        long nodeKey, int slots, int ahead, IReadOnlyCollection<string> services, CancellationToken cancellationToken) =>
        ClaimAsync(new ClaimRequest { NodeKey = nodeKey, Slots = slots, Ahead = ahead, Services = services }, cancellationToken);

    /// <summary>
    /// Gives back tasks that run under a node which does not know of them, because the answer to their claim was lost: all but
    /// <paramref name="known"/>. Waits for claims of the node that are under way.
    /// </summary>
    Task<ChangeSet> ReleaseUnknownAsync(
        long nodeKey, IReadOnlySet<(long TaskKey, int Fence)> known, CancellationToken cancellationToken);

    /// <summary>Records outcomes in one transaction. May be repeated after an ambiguous failure (S4, S12).</summary>
    /// <exception cref="OutcomeRefusedException">The database works and does not take one of them; nothing was recorded.</exception>
    Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken);
}
