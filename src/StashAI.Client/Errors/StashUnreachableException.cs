namespace StashAI.Client.Errors;

/// <summary>No answer came: the server is not there, or the connection broke, also after the retries.</summary>
public sealed class StashUnreachableException : StashException
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public StashUnreachableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
