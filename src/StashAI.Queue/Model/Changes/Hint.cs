namespace StashAI.Queue.Model.Changes;

/// <summary>A message from one process to the others that something changed.</summary>
/// <param name="HasWork">True when tasks may have become ready to be claimed.</param>
/// <param name="Jobs">Internal keys of changed jobs, or of jobs with changed tasks; null when there are too many.</param>
public sealed record Hint(bool HasWork, IReadOnlyList<long>? Jobs);
