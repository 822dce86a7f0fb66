namespace StashAI.Server.Demo.Server;

/// <summary>A point in pixels of the upright photo.</summary>
internal sealed record FacePoint(int X, int Y);
