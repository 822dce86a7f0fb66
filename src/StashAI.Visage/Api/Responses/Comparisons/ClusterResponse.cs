using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>The people in the photos, the most frequent first, and which of them appear together.</summary>
internal sealed record ClusterResponse(IReadOnlyList<ClusterDto> Clusters, IReadOnlyList<CoAppearanceDto> Together, int Photos, int Faces);
