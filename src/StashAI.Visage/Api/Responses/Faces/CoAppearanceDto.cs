namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>Two clusters, by their indexes, and the number of photos in which both appear.</summary>
internal sealed record CoAppearanceDto(int First, int Second, int Photos);
