using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Storage.Postgres.Work;

/// <summary>What a claim sees once it has locked its lanes.</summary>
internal sealed class ClaimView
{
    /// <summary>The suspect that the node runs or lets its other work end for.</summary>
    public long? Own { get; set; }

    /// <summary>True when that suspect runs: the node gets nothing else.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Lanes that are not shut to the node, or will open by themselves, with the jobs that come next.</summary>
    public List<LaneCandidate> Lanes { get; } = [];

    /// <summary>When the first lane opens that a service asked to leave alone.</summary>
    public TimeSpan? Unblocks { get; set; }

    /// <summary>Their circuits.</summary>
    public Dictionary<long, Circuit> Circuits { get; } = [];

    /// <summary>The gates of those that this claim has locked.</summary>
    public Dictionary<long, LaneCapacity> Capacities { get; } = [];

    /// <summary>Available suspects of all lanes.</summary>
    public List<Suspect> Suspects { get; } = [];
}
