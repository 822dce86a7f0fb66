namespace StashAI.Client.Live;

/// <summary>This way of following jobs does not work here, such as a WebSocket behind a proxy that knows none.</summary>
internal sealed class LiveUnsupportedException(string message, Exception? inner = null) : Exception(message, inner);
