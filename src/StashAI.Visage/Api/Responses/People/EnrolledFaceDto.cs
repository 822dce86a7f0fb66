using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.People;

/// <summary>The face that was enrolled from a photo of the request; photos are counted from 0.</summary>
internal sealed record EnrolledFaceDto(int Photo, BoxDto Box, double Quality);
