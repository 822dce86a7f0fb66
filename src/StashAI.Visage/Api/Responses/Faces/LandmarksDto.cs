namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>The five points of a face; left and right as seen in the picture.</summary>
internal sealed record LandmarksDto(PointDto LeftEye, PointDto RightEye, PointDto Nose, PointDto LeftMouth, PointDto RightMouth);
