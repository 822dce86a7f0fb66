namespace StashAI.Client.Errors;

/// <summary>The answer is not that of a StashAI server, or of a version that this client does not understand.</summary>
public sealed class StashProtocolException : StashException
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public StashProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
