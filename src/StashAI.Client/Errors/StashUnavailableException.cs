namespace StashAI.Client.Errors;

/// <summary>The server cannot do this at the moment (429, 502, 503, 504, 507), also after the retries.</summary>
public sealed class StashUnavailableException : StashException
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public StashUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
