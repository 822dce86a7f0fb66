namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>One comparison, and the least cosine of a match.</summary>
internal sealed record ComparisonResponse(ComparisonDto Data, double ThresholdCosine);
