namespace StashAI.Queue.Store;

/// <summary>The database was written by a newer version of this program; the message says what to do.</summary>
public sealed class SchemaTooNewException(string message) : Exception(message);
