using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>The face of a photo that was closest to the other side: its place among the faces of that photo, and in the photo.</summary>
internal sealed record ComparedFaceDto(int Index, BoxDto Box, double Quality);
