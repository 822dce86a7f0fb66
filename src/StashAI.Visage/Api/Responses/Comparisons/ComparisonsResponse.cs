namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>Comparisons, the most similar first, and the names that are not in the gallery.</summary>
internal sealed record ComparisonsResponse(IReadOnlyList<ComparisonDto> Data, IReadOnlyList<string> Unknown);
