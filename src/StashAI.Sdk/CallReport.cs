namespace StashAI.Sdk;

/// <summary>What the history of an attempt keeps of its call.</summary>
/// <param name="HttpStatus">The HTTP status of the answer; null when there was no answer.</param>
/// <param name="AnswerHead">The first bytes of an answer that was not a success, at most 2 KB; null otherwise.</param>
public sealed record CallReport(int? HttpStatus = null, string? AnswerHead = null)
{
    /// <summary>The report of a call that got no answer.</summary>
    public static CallReport None { get; } = new();
}
