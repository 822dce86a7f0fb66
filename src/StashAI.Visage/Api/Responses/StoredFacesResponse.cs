namespace StashAI.Visage.Api.Responses;

/// <summary>The enrolled faces of a person, in the order of enrolment.</summary>
internal sealed record StoredFacesResponse(IReadOnlyList<StoredFaceDto> Faces);
