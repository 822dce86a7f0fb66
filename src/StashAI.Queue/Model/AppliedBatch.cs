namespace StashAI.Queue.Model;

/// <summary>What became of a batch of outcomes.</summary>
/// <param name="Statuses">One per outcome, in order.</param>
/// <param name="Changes">What was changed.</param>
public sealed record AppliedBatch(IReadOnlyList<ApplyStatus> Statuses, ChangeSet Changes);
