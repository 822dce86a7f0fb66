using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Store;

/// <summary>
/// Leases of processes. The calls are synchronous because a node renews its lease on a thread and a connection of its own,
/// which nothing else can delay.
/// </summary>
public interface INodes
{
    /// <summary>Registers this process under a new key, with a lease and with labels that services may require.</summary>
    /// <param name="name">A name for people.</param>
    /// <param name="lease">How long the lease lasts without a renewal.</param>
    /// <param name="formerKey">
    /// The key of an earlier registration whose lease this process lost. Its tasks do not count as crashed, because the process is alive.
    /// </param>
    long Register(string name, TimeSpan lease, LabelSet? labels = null, long? formerKey = null, NodeProgram? program = null);

    /// <summary>Renews the lease, unless it has expired.</summary>
    /// <param name="nodeKey">The key of the registration.</param>
    /// <param name="lease">How long the lease lasts from now on.</param>
    /// <param name="running">How many calls the process runs, for lists of processes.</param>
    NodeHeartbeat Renew(long nodeKey, TimeSpan lease, int running = 0);

    /// <summary>Ends the lease cleanly; what the node still holds is rescued at once and does not count as a crash.</summary>
    void Leave(long nodeKey);

    /// <summary>
    /// Notes that a task's call is about to begin, on databases where such a note costs next to nothing and survives the process. There, a
    /// claimed task whose call had not begun does not count as crashed. On other databases, every task of a lost node does.
    /// </summary>
    /// <returns>The note, for <see cref="EndCall"/>; -1 for none.</returns>
    int BeginCall(long nodeKey, long taskKey);

    /// <summary>Removes the note after the task's outcome was recorded.</summary>
    void EndCall(long nodeKey, int note);
}
