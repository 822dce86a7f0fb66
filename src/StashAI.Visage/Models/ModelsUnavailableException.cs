namespace StashAI.Visage.Models;

/// <summary>
/// A pinned file (a model or a sample photo) is not on this machine and could not be fetched. The message is made for
/// people: it says what is missing, why the fetch failed, and what to do.
/// </summary>
public sealed class ModelsUnavailableException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public ModelsUnavailableException()
    {
    }

    /// <summary>Creates the exception with a message for people.</summary>
    public ModelsUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for people and what caused it.</summary>
    public ModelsUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
