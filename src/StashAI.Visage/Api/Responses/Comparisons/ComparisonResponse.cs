namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>One comparison, and the lowest cosine that counts as a match.</summary>
internal sealed record ComparisonResponse(ComparisonDto Data, double ThresholdCosine);
