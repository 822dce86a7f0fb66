namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>A face that can be chosen by its index or by a point in its box.</summary>
internal sealed record FaceOptionDto(int Index, BoxDto Box, double Quality);
