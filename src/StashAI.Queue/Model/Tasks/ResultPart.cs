using StashAI.Sdk;

namespace StashAI.Queue.Model.Tasks;

/// <summary>The contribution of one result to its job's aggregate.</summary>
/// <param name="Fold">Merges the contributions.</param>
/// <param name="Json">The aggregate of this result alone, UTF-8 JSON.</param>
public sealed record ResultPart(IResultFold Fold, ReadOnlyMemory<byte> Json);
