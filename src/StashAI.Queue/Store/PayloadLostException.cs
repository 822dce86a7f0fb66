namespace StashAI.Queue.Store;

/// <summary>
/// Bytes of a payload are missing or damaged; another try cannot help. The message names the file or the rows, and how to fix it.
/// </summary>
public sealed class PayloadLostException(string message, Exception? inner = null) : Exception(message, inner);
