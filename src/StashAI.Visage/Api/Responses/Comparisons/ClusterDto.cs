using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>
/// One person: the photos, the faces, and the name if the gallery knows the person. To give the person a name, send one or more of the
/// faces to POST /api/gallery/people under "faces".
/// </summary>
internal sealed record ClusterDto(int Index, IReadOnlyList<string> Photos, IReadOnlyList<ClusteredFaceDto> Faces, PerformerDto? Performer);
