namespace StashAI.Queue.Model.Changes;

/// <summary>The result of a cancel.</summary>
/// <param name="Cancelled">How many tasks were cancelled at once.</param>
/// <param name="AbortRequested">Internal keys of the running tasks whose node was asked to abort them.</param>
/// <param name="Changes">What changed in the database.</param>
public sealed record CancelResult(int Cancelled, IReadOnlyList<long> AbortRequested, ChangeSet Changes);
