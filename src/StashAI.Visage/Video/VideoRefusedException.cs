namespace StashAI.Visage.Video;

/// <summary>A video cannot be used. The message completes "The video ...".</summary>
internal sealed class VideoRefusedException(string message) : Exception(message);
