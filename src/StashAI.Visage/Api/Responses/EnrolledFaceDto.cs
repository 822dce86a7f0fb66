namespace StashAI.Visage.Api.Responses;

/// <summary>The face that was taken from a photo of the request (counted from 0).</summary>
internal sealed record EnrolledFaceDto(int Photo, BoxDto Box, double Quality);
