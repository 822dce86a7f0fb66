namespace StashAI.Queue.Model.Changes;

/// <summary>What one process tells the others.</summary>
/// <param name="HasWork">True when tasks may have become ready to be claimed.</param>
/// <param name="Jobs">Inside ids of jobs that changed, or whose tasks did; null when they are too many to name.</param>
public sealed record Hint(bool HasWork, IReadOnlyList<long>? Jobs);
