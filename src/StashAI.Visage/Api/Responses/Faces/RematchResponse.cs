namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>Who the faces of some photos are, by a version of the gallery.</summary>
internal sealed record RematchResponse(long GalleryVersion, IReadOnlyList<RematchedPhotoDto> Photos);

/// <summary>The faces of one photo.</summary>
internal sealed record RematchedPhotoDto(double ThresholdCosine, IReadOnlyList<RematchedFaceDto> Faces);

/// <summary>The people who match a face, as in the answer for a photo.</summary>
internal sealed record RematchedFaceDto(IReadOnlyList<PerformerDto> Performers, bool Ambiguous);
