namespace StashAI.Queue.Store;

/// <summary>A newer version of this program wrote the database; the message says what to do.</summary>
public sealed class SchemaTooNewException(string message) : Exception(message);
