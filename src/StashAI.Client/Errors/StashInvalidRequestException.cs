namespace StashAI.Client.Errors;

/// <summary>
/// The request cannot be used (400, 413, 415, 422). <see cref="StashException.Errors"/> names the fields and items at fault.
/// </summary>
public sealed class StashInvalidRequestException : StashException
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public StashInvalidRequestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
