namespace StashAI.Server.Demo.Job;

/// <summary>A face in a photo.</summary>
/// <param name="Box">Where it is, in pixels of the upright photo; null when the service does not say.</param>
/// <param name="Match">The most similar known person above the threshold; null for a stranger.</param>
internal sealed record DemoFace(FaceBox? Box, FaceMatch? Match);
