using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Storage.Postgres.Work;

/// <summary>What a claim reads after it has locked its lanes.</summary>
internal sealed class ClaimView
{
    /// <summary>The suspect that the node runs or has reserved.</summary>
    public long? OwnSuspect { get; set; }

    /// <summary>True when that suspect is running, so that the node gets nothing else.</summary>
    public bool OwnSuspectRuns { get; set; }

    /// <summary>Lanes that are open to the node, or will open by themselves, with their next jobs.</summary>
    public List<LaneCandidate> Lanes { get; } = [];

    /// <summary>True when <see cref="Lanes"/> has all lanes with ready tasks of the node's services that are not paused.</summary>
    public bool SeesAll { get; set; }

    /// <summary>How long until the first lane opens whose service asked to wait, or is outside its allowed hours.</summary>
    public TimeSpan? UnblocksIn { get; set; }

    /// <summary>The circuits of the lanes.</summary>
    public Dictionary<long, Circuit> Circuits { get; } = [];

    /// <summary>The capacities of the lanes that this claim has locked.</summary>
    public Dictionary<long, LaneCapacity> Capacities { get; } = [];

    /// <summary>Available suspects of all lanes.</summary>
    public List<Suspect> Suspects { get; } = [];
}
