namespace StashAI.Queue.Store;

/// <summary>The database answers, but cannot be used. The message says in one sentence why, and how to fix it.</summary>
/// <param name="isDamaged">True when the data may be wrong.</param>
public sealed class StoreTroubleException(string message, bool isDamaged = false) : Exception(message)
{
    /// <summary>True when the data may be wrong.</summary>
    public bool IsDamaged { get; } = isDamaged;
}
