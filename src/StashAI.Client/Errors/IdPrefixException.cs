namespace StashAI.Client.Errors;

/// <summary>A shortened id means nothing, or more than one thing.</summary>
public sealed class IdPrefixException : StashException
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    public IdPrefixException(string message)
        : base(message)
    {
    }
}
