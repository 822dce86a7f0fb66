namespace StashAI.Queue.Model.Changes;

/// <summary>The result of recording a batch of outcomes.</summary>
/// <param name="Statuses">One status per outcome, in order.</param>
/// <param name="Changes">What changed in the database.</param>
public sealed record AppliedBatch(IReadOnlyList<ApplyStatus> Statuses, ChangeSet Changes)
{
    /// <summary>
    /// True when a job can give tasks now that could give none before: one of its tasks is to run again, or it had as many calls as it may
    /// have at once. Other jobs of its lane are not meant, which the lane's limit may have held back.
    /// </summary>
    public bool HasNewWork { get; init; } = true;

    /// <summary>Why a job's aggregate lacks some results, which were recorded nevertheless; null when it lacks none.</summary>
    public string? FoldError { get; init; }
}
