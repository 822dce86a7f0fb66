using System.Net;
using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>
/// Interprets the answers of a service. This class has the rules for any HTTP API that answers with JSON; subclasses override them.
/// </summary>
internal class AnswerRules
{
    public static AnswerRules Default { get; } = new();

    /// <summary>Handles an error answer in a special way; null applies the other rules.</summary>
    public virtual TaskOutcome? ReadError(HttpStatusCode status, string head) => null;

    /// <summary>What an error status means for the task.</summary>
    public virtual StatusMeaning Meaning(int status, bool hasRetryAfter) => status switch
    {
        429 => StatusMeaning.Throttle,
        503 when hasRetryAfter => StatusMeaning.Throttle,
        408 or 425 or >= 500 => StatusMeaning.Retry,
        _ => StatusMeaning.Fail,
    };

    /// <summary>
    /// Reads the reason from an error answer if the service has a special place for it; null to look in the usual places.
    /// </summary>
    public virtual string? ReadReason(string head) => null;

    /// <summary>True when the service answers with JSON, false for plain text.</summary>
    public virtual bool IsJson => true;

    /// <summary>Reads the body of a successful answer.</summary>
    /// <param name="body">The body as UTF-8.</param>
    /// <param name="mediaType">The media type that the answer names, or null.</param>
    /// <param name="call">The report of the call.</param>
    public virtual TaskOutcome ReadSuccess(ReadOnlyMemory<byte> body, string? mediaType, CallReport call) =>
        JsonText.IsValid(body.Span) ? new TaskOutcome.Completed(body, call) : NotJson(body.Span, mediaType, call);

    /// <summary>The error that a successful answer reports; null when it reports none.</summary>
    /// <param name="root">The answer, or the data of an event of a stream.</param>
    /// <param name="body">The same as UTF-8.</param>
    /// <param name="call">The report of the call.</param>
    public virtual TaskOutcome? FindError(JsonElement root, ReadOnlySpan<byte> body, CallReport call) => null;

    /// <summary>
    /// The outcome for an answer that is not JSON. The same request would get the same answer, and calls may cost money, so it is final;
    /// only an answer that ends early may be whole the next time.
    /// </summary>
    protected static TaskOutcome NotJson(ReadOnlySpan<byte> body, string? mediaType, CallReport call)
    {
        var defect = AnswerDefect.Find(body, mediaType) ?? new AnswerDefect("The service's answer is not JSON.");
        var report = call with { AnswerHead = JsonText.Head(body) };
        return defect.MayPass
            ? new TaskOutcome.Retry(ErrorKind.InvalidAnswer, defect.Message, report)
            : new TaskOutcome.Failed(ErrorKind.InvalidAnswer, defect.Message, report);
    }
}
