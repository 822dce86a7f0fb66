using System.Net;
using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>Interprets the answers of a service. This class has the rules for any HTTP API that answers with JSON; subclasses override them.</summary>
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

    /// <summary>Reads the reason from an error answer if the service has a special place for it; null to look in the usual places.</summary>
    public virtual string? ReadReason(string head) => null;

    /// <summary>Reads the body of a successful answer.</summary>
    public virtual TaskOutcome ReadSuccess(ReadOnlyMemory<byte> body, CallReport call) =>
        JsonText.IsValid(body.Span) ? new TaskOutcome.Completed(body, call) : NotJson(body.Span, call);

    protected static TaskOutcome NotJson(ReadOnlySpan<byte> body, CallReport call) =>
        new TaskOutcome.Retry(ErrorKind.InvalidAnswer, "The service's answer is not JSON.", call with { AnswerHead = JsonText.Head(body) });
}
