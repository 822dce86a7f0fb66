namespace StashAI.Queue.Store;

/// <summary>
/// The database cannot be opened. The message tells an operator in one sentence what is wrong and how to fix it, without secrets.
/// </summary>
public sealed class StoreOpenException : Exception
{
    /// <param name="message">One sentence that says what is wrong and how to fix it.</param>
    /// <param name="isSetting">True when only a change of the settings helps; false when trying again later may help.</param>
    /// <param name="inner">The database's exception.</param>
    public StoreOpenException(string message, bool isSetting, Exception? inner = null) : base(message, inner) => IsSetting = isSetting;

    /// <summary>True when only a change of the settings helps; false when trying again later may help.</summary>
    public bool IsSetting { get; }
}
