namespace StashAI.Queue.Model.Changes;

/// <summary>What a cancel did.</summary>
/// <param name="Cancelled">Tasks that were cancelled at once.</param>
/// <param name="AbortRequested">Running tasks whose owner was asked to abort; their inside ids.</param>
/// <param name="Changes">What was changed.</param>
public sealed record CancelResult(int Cancelled, IReadOnlyList<long> AbortRequested, ChangeSet Changes);
