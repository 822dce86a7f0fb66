namespace StashAI.Visage.Video;

/// <summary>The disk has no room for a video. The message is a sentence without its full stop.</summary>
internal sealed class NoRoomException(string message, Exception? inner = null) : Exception(message, inner);
