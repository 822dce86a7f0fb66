namespace StashAI.Visage.Api.Responses.People;

/// <summary>The enrolled faces of a person, in the order of enrolment.</summary>
internal sealed record StoredFacesResponse(IReadOnlyList<StoredFaceDto> Faces);
