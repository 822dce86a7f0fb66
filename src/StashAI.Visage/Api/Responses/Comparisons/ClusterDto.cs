using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>
/// One person: in which photos, with which faces, and who it is when the gallery knows. Any of the faces can be sent to
/// POST /api/gallery/people under "faces" to give the person a name.
/// </summary>
internal sealed record ClusterDto(int Index, IReadOnlyList<string> Photos, IReadOnlyList<ClusteredFaceDto> Faces, PerformerDto? Performer);
