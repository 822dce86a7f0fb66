using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Store;

/// <summary>Claims tasks and records how they ended.</summary>
public interface IWork
{
    /// <summary>
    /// Claims tasks for a node, fairly across lanes and jobs and within each lane's limits over all nodes (S3). Empty when there is nothing
    /// to do. A suspect, which is a task that was lost with its node twice, is given only to a node without other tasks, and that node gets
    /// nothing more until the suspect's outcome is recorded.
    /// </summary>
    /// <param name="request">The node and what it can take.</param>
    /// <param name="cancellationToken">Cancels the claim if it has not begun.</param>
    Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>Claims for a node that has other tasks, so no suspect.</summary>
    Task<ClaimedBatch> ClaimAsync(
        long nodeKey, int slots, int ahead, IReadOnlyCollection<string> services, CancellationToken cancellationToken) =>
        ClaimAsync(new ClaimRequest { NodeKey = nodeKey, Slots = slots, Ahead = ahead, Services = services }, cancellationToken);

    /// <summary>
    /// Makes a node's tasks available again that the node does not know, because the answer to their claim was lost: all except
    /// <paramref name="known"/>. Waits for claims of the node that are in progress.
    /// </summary>
    Task<ChangeSet> ReleaseUnknownAsync(
        long nodeKey, IReadOnlySet<(long TaskKey, int Fence)> known, CancellationToken cancellationToken);

    /// <summary>Records outcomes in one transaction. May be repeated after an ambiguous failure (S4, S12).</summary>
    /// <exception cref="OutcomeRefusedException">The database works, but refuses one of the outcomes; nothing was recorded.</exception>
    Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken);
}
