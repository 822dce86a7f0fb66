namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>A point in pixels of the upright photo.</summary>
internal sealed record PointDto(double X, double Y);
