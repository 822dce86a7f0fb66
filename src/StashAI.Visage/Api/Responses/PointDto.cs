namespace StashAI.Visage.Api.Responses;

/// <summary>A point in pixels of the upright photo.</summary>
internal sealed record PointDto(double X, double Y);
