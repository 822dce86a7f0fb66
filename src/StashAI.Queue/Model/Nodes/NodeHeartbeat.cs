namespace StashAI.Queue.Model.Nodes;

/// <summary>What a node learns when it renews its lease.</summary>
/// <param name="Alive">False when the lease was over and the node's tasks may run elsewhere (S6): it must stop its work.</param>
/// <param name="CancelRequested">The node's running tasks that somebody asked to cancel.</param>
public sealed record NodeHeartbeat(bool Alive, IReadOnlyList<long> CancelRequested)
{
    /// <summary>The database's clock.</summary>
    public DateTimeOffset Now { get; init; }
}
