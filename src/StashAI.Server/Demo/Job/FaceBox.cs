namespace StashAI.Server.Demo.Job;

/// <summary>A rectangle in pixels of the upright photo.</summary>
internal sealed record FaceBox(double X, double Y, double Width, double Height);
