namespace StashAI.Queue.Model.Nodes;

/// <summary>The answer to a node that renews its lease.</summary>
/// <param name="Alive">False when the lease had expired and the node's tasks may run elsewhere (S6): the node must stop its work.</param>
/// <param name="CancelRequested">Internal keys of the node's running tasks that are to be cancelled.</param>
public sealed record NodeHeartbeat(bool Alive, IReadOnlyList<long> CancelRequested)
{
    /// <summary>The time of the database's clock.</summary>
    public DateTimeOffset Now { get; init; }
}
