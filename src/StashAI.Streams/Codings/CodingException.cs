namespace StashAI.Streams.Codings;

/// <summary>Coded data cannot be decoded. The message is the end of a sentence whose subject is the data.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="isCutOff">True when the data ends too early: sent again, it may be whole.</param>
/// <param name="inner">What the framework's decoder says.</param>
public sealed class CodingException(string message, bool isCutOff = false, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the data ends too early.</summary>
    public bool IsCutOff { get; } = isCutOff;

    internal static CodingException CutOff(string coding) => new($"is cut off: it is not valid {coding} data to its end", isCutOff: true);

    internal static CodingException Damaged(string coding, Exception? inner = null) => new($"is not valid {coding} data", inner: inner);

    internal static CodingException Followed(string coding) => new($"is not valid {coding} data: other bytes follow its end");
}
