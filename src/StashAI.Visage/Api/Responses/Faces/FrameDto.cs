namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>A frame: its time in seconds, its place on the sheet, and its faces (boxes are in pixels of the frame).</summary>
internal sealed record FrameDto(double Start, double End, BoxDto Place, IReadOnlyList<FaceDto> Faces);
