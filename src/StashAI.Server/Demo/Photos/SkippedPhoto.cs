namespace StashAI.Server.Demo.Photos;

/// <summary>A file that was not used, and why, in words.</summary>
internal sealed record SkippedPhoto(string Name, string Reason);
