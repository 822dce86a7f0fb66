namespace StashAI.Adapters.Http;

/// <summary>
/// The body of an answer cannot be read. The message is the end of a sentence whose subject is the answer, such as "is not valid gzip
/// data".
/// </summary>
public sealed class AnswerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the same request may get a whole answer later.</summary>
    public bool MayPass { get; init; }
}
