using StashAI.Sdk;

namespace StashAI.Queue.Model.Jobs;

/// <summary>The failed tasks of a job that have one kind of error.</summary>
/// <param name="Kind">Why they failed.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Example">The message of one that failed so; null when there was none.</param>
public sealed record JobErrors(ErrorKind Kind, int Count, string? Example);
