namespace StashAI.Queue.Model.Changes;

/// <summary>The result of recording a batch of outcomes.</summary>
/// <param name="Statuses">One status per outcome, in order.</param>
/// <param name="Changes">What changed in the database.</param>
public sealed record AppliedBatch(IReadOnlyList<ApplyStatus> Statuses, ChangeSet Changes)
{
    /// <summary>Why a job's aggregate lacks some results, which were recorded nevertheless; null when it lacks none.</summary>
    public string? FoldError { get; init; }
}
