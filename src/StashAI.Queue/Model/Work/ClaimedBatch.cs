using StashAI.Queue.Model.Changes;

namespace StashAI.Queue.Model.Work;

/// <summary>What a claim took.</summary>
/// <param name="Tasks">The tasks, in the order in which they should run.</param>
/// <param name="Changes">What the claim changed.</param>
public sealed record ClaimedBatch(IReadOnlyList<ClaimedTask> Tasks, ChangeSet Changes)
{
    /// <summary>Nothing to do.</summary>
    public static ClaimedBatch Empty { get; } = new([], ChangeSet.Empty);

    /// <summary>True when a lane with a hard limit got no free slot for what it could give: claim nothing ahead for now.</summary>
    public bool CappedLaneWaits { get; init; }

    /// <summary>When the passing of time alone opens a lane that is shut, and how long that takes.</summary>
    public TimeSpan? OpensIn { get; init; }

    /// <summary>
    /// A suspect that this node runs alone or will run alone: until it is over the node gets nothing else. While it is not among
    /// <see cref="Tasks"/>, it waits for what the node holds to end, or runs.
    /// </summary>
    public long? Suspect { get; init; }
}
