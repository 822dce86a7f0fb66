namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>A rectangle in pixels of the upright photo.</summary>
internal sealed record BoxDto(double X, double Y, double Width, double Height);
