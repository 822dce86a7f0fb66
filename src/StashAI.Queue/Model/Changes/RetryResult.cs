namespace StashAI.Queue.Model.Changes;

/// <summary>The result of a retry by a person.</summary>
/// <param name="Retried">How many tasks are open again.</param>
/// <param name="Changes">What changed in the database.</param>
public sealed record RetryResult(int Retried, ChangeSet Changes);
