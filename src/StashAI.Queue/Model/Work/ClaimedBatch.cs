using System.Collections.Frozen;
using StashAI.Queue.Model.Changes;

namespace StashAI.Queue.Model.Work;

/// <summary>The result of a claim.</summary>
/// <param name="Tasks">The claimed tasks, in the order in which they should run.</param>
public sealed record ClaimedBatch(IReadOnlyList<ClaimedTask> Tasks, ChangeSet Changes)
{
    public static ClaimedBatch Empty { get; } = new([], ChangeSet.Empty);

    /// <summary>True when a lane with a hard limit has tasks but got no free slot; nothing should be claimed ahead for now.</summary>
    public bool CappedLaneWaits { get; init; }

    /// <summary>The limits on concurrent calls of the lanes that the claim has read; a lane without one is missing.</summary>
    public IReadOnlyDictionary<long, int> Limits { get; init; } = FrozenDictionary<long, int>.Empty;

    /// <summary>How long until a blocked lane opens by itself; null when none will.</summary>
    public TimeSpan? OpensIn { get; init; }

    /// <summary>
    /// True when no task that is ready was left behind, neither for want of slots nor by a limit. Then another claim finds nothing until
    /// more tasks become ready. When in doubt it is false, which costs a claim.
    /// </summary>
    public bool TookAll { get; init; }

    /// <summary>
    /// The internal key of a suspect that this node runs alone, or will run alone; until it ends, the node gets nothing else. When it is
    /// not among <see cref="Tasks"/>, it is already running or waits for the node's other tasks to end.
    /// </summary>
    public long? Suspect { get; init; }
}
