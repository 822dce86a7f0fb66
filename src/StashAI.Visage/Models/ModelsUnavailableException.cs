namespace StashAI.Visage.Models;

/// <summary>
/// A model or a sample photo is not on this machine and could not be fetched. The message is for the operator: it says what is missing, why
/// the fetch failed, and how to fix it.
/// </summary>
public sealed class ModelsUnavailableException : Exception
{
    public ModelsUnavailableException()
    {
    }

    public ModelsUnavailableException(string message)
        : base(message)
    {
    }

    public ModelsUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
