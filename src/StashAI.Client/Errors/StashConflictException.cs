namespace StashAI.Client.Errors;

/// <summary>The request does not fit the current state (409).</summary>
public sealed class StashConflictException : StashException
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public StashConflictException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
