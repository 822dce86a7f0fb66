namespace StashAI.Queue.Model;

/// <summary>What a claim took.</summary>
/// <param name="Tasks">The tasks, in the order in which they should run.</param>
/// <param name="Changes">What the claim changed.</param>
public sealed record ClaimedBatch(IReadOnlyList<ClaimedTask> Tasks, ChangeSet Changes)
{
    /// <summary>Nothing to do.</summary>
    public static ClaimedBatch Empty { get; } = new([], ChangeSet.Empty);
}
