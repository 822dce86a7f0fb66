using StashAI.Queue.Model;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Store;

/// <summary>
/// Leases of processes. The calls are synchronous because a node renews its lease on a thread and a connection of its own,
/// which nothing else can delay.
/// </summary>
public interface INodes
{
    /// <summary>Registers this process under a fresh key with a lease, and with labels that services may require.</summary>
    long Register(string name, TimeSpan lease, LabelSet? labels = null);

    /// <summary>Renews the lease, unless it is over.</summary>
    NodeHeartbeat Renew(long nodeKey, TimeSpan lease);

    /// <summary>Ends the lease in good order; what the node still holds is rescued at once.</summary>
    void Leave(long nodeKey);
}
