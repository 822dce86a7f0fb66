namespace StashAI.Client.Models;

/// <summary>Failed tasks of a job whose errors are of one kind.</summary>
/// <param name="ErrorKind">The kind, such as <c>connection</c>, <c>timeout</c> or <c>rejected</c>.</param>
/// <param name="Count">How many tasks failed so.</param>
/// <param name="Example">The message of one of them.</param>
public sealed record ErrorGroup(string ErrorKind, int Count, string? Example);
