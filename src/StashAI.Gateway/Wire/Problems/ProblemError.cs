namespace StashAI.Gateway.Wire.Problems;

/// <summary>One fault of a request.</summary>
/// <param name="Field">The field at fault: <c>images[3]</c>, <c>config.threshold</c>.</param>
/// <param name="Item">The zero-based index of the item at fault.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record ProblemError(string? Field, int? Item, string Reason);
