namespace StashAI.Queue.Model.Changes;

/// <summary>What a retry by a person did.</summary>
/// <param name="Retried">Tasks that are open again.</param>
/// <param name="Changes">What was changed.</param>
public sealed record RetryResult(int Retried, ChangeSet Changes);
