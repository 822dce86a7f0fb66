namespace StashAI.Visage.Api.Responses;

/// <summary>One comparison.</summary>
internal sealed record ComparisonResponse(ComparisonDto Data);
