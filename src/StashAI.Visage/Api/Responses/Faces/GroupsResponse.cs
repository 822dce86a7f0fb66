namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>The groups of those faces of some photos that a version of the gallery does not know, the largest group first.</summary>
internal sealed record GroupsResponse(
    long GalleryVersion, double ThresholdCosine, int Photos, int Faces, int Unknown, IReadOnlyList<FaceGroupDto> Groups);

/// <summary>
/// A group: for each of its faces the position of the photo, and the position of the face in the photo. The first <see cref="Best"/> are
/// those that are worth enrolling.
/// </summary>
internal sealed record FaceGroupDto(int Best, IReadOnlyList<int> Photos, IReadOnlyList<int> Faces);
