using StashAI.Sdk;

namespace StashAI.Queue.Model.Tasks;

/// <summary>What one result adds to the aggregate of its job.</summary>
/// <param name="Fold">Joins it with the others.</param>
/// <param name="Json">The result as an aggregate of its own.</param>
public sealed record ResultPart(IResultFold Fold, ReadOnlyMemory<byte> Json);
