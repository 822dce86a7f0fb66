namespace StashAI.Sdk;

/// <summary>What is worth keeping of one call, for the attempt's history.</summary>
/// <param name="HttpStatus">The status of the answer, or null when there was none.</param>
/// <param name="AnswerHead">The first bytes of an answer that was not a success, at most 2 KB; null otherwise.</param>
public sealed record CallReport(int? HttpStatus = null, string? AnswerHead = null)
{
    /// <summary>Nothing to report: no answer came.</summary>
    public static CallReport None { get; } = new();
}
