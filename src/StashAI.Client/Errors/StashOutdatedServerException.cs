namespace StashAI.Client.Errors;

/// <summary>The server is older than this client and does not have a route that the call needs.</summary>
public sealed class StashOutdatedServerException : StashException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which route is missing, and the version of the server.</param>
    /// <param name="innerException">The answer of the server.</param>
    public StashOutdatedServerException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
