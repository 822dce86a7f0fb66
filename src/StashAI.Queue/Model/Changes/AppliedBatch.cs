namespace StashAI.Queue.Model.Changes;

/// <summary>What became of a batch of outcomes.</summary>
/// <param name="Statuses">One per outcome, in order.</param>
/// <param name="Changes">What was changed.</param>
public sealed record AppliedBatch(IReadOnlyList<ApplyStatus> Statuses, ChangeSet Changes)
{
    /// <summary>Why a job's aggregate could not take results up, which were recorded all the same; null when all went well.</summary>
    public string? FoldError { get; init; }
}
