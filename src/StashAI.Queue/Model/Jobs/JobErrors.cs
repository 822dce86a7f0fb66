using StashAI.Sdk;

namespace StashAI.Queue.Model.Jobs;

/// <summary>The failed tasks of a job with one kind of error.</summary>
/// <param name="Kind">The kind of error.</param>
/// <param name="Count">The number of tasks.</param>
/// <param name="Example">The error message of one of them; null when it has none.</param>
public sealed record JobErrors(ErrorKind Kind, int Count, string? Example);
