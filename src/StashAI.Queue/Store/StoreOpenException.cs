namespace StashAI.Queue.Store;

/// <summary>The database cannot be opened. The message is one sentence for an operator with the way out, and holds no secret.</summary>
public sealed class StoreOpenException : Exception
{
    /// <param name="message">One sentence: what is wrong, and the way out.</param>
    /// <param name="isSetting">True when only a change of the settings helps, false when trying again later may.</param>
    /// <param name="inner">What the database said.</param>
    public StoreOpenException(string message, bool isSetting, Exception? inner = null) : base(message, inner) => IsSetting = isSetting;

    /// <summary>True when only a change of the settings helps, false when trying again later may.</summary>
    public bool IsSetting { get; }
}
