namespace StashAI.Queue.Store;

/// <summary>The database cannot be used although it answers; the message says why, in one sentence that says how to fix it.</summary>
/// <param name="message">The sentence.</param>
/// <param name="isDamaged">True when what it holds cannot be relied on.</param>
public sealed class StoreTroubleException(string message, bool isDamaged = false) : Exception(message)
{
    /// <summary>True when what it holds cannot be relied on.</summary>
    public bool IsDamaged { get; } = isDamaged;
}
