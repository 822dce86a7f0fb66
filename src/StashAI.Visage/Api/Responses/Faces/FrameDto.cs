namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>
/// A frame: its times in seconds, its rectangle on the sheet (null for a video), and its faces (their boxes are in pixels of the frame).
/// </summary>
internal sealed record FrameDto(double Start, double End, BoxDto? Place, IReadOnlyList<FaceDto> Faces);
