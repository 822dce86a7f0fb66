using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Store;

/// <summary>
/// Leases of processes. The calls are synchronous because a node renews its lease on a thread and a connection of its own,
/// which nothing else can delay.
/// </summary>
public interface INodes
{
    /// <summary>Registers this process under a fresh key with a lease, and with labels that services may require.</summary>
    /// <param name="name">For people.</param>
    /// <param name="lease">How long it lives without a renewal.</param>
    /// <param name="labels">What it can do.</param>
    /// <param name="formerKey">
    /// The key under which the same process took part before, if it lost that lease: it came back, so what it held there is no crash.
    /// </param>
    long Register(string name, TimeSpan lease, LabelSet? labels = null, long? formerKey = null);

    /// <summary>Renews the lease, unless it is over.</summary>
    NodeHeartbeat Renew(long nodeKey, TimeSpan lease);

    /// <summary>Ends the lease cleanly; what the node still holds is rescued at once and does not count as a crash.</summary>
    void Leave(long nodeKey);

    /// <summary>
    /// Records that a task's call is about to begin, on databases where such a note is nearly free and outlives the process: a task that
    /// was claimed but not begun is then no crash. On other databases every task of a lost node counts.
    /// </summary>
    /// <returns>The note, for <see cref="EndCall"/>; -1 for none.</returns>
    int BeginCall(long nodeKey, long taskKey);

    /// <summary>Removes a note; its task's outcome is recorded.</summary>
    void EndCall(long nodeKey, int note);
}
