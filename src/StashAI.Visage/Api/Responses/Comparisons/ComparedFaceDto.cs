using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>The face of a photo that was closest to the other side: its index among the faces of the photo, and its box.</summary>
internal sealed record ComparedFaceDto(int Index, BoxDto Box, double Quality);
