namespace StashAI.Client.Errors;

/// <summary>The server needs an API key (401), or the role of the key is too small (403).</summary>
public sealed class StashNotAllowedException : StashException
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public StashNotAllowedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
