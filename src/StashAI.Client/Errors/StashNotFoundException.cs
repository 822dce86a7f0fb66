namespace StashAI.Client.Errors;

/// <summary>The server knows no job, task, service or route of this name (404).</summary>
public sealed class StashNotFoundException : StashException
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public StashNotFoundException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
