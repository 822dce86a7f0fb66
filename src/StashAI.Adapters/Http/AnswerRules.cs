using System.Net;
using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>What the answers of a service mean. This class itself knows what holds for every HTTP API that answers JSON.</summary>
internal class AnswerRules
{
    public static AnswerRules Usual { get; } = new();

    /// <summary>Turns an answer that is not a success into an outcome of its own; null leaves it to the rules below.</summary>
    public virtual TaskOutcome? Judge(HttpStatusCode status, string head) => null;

    /// <summary>What an error status means.</summary>
    public virtual StatusMeaning Meaning(int status, bool hasRetryAfter) => status switch
    {
        429 => StatusMeaning.Throttle,
        503 when hasRetryAfter => StatusMeaning.Throttle,
        408 or 425 or >= 500 => StatusMeaning.Retry,
        _ => StatusMeaning.Fail,
    };

    /// <summary>The reason in an error answer where the service has a place of its own for it; null for the usual places.</summary>
    public virtual string? Reason(string head) => null;

    /// <summary>Reads the body of a success.</summary>
    public virtual TaskOutcome Read(ReadOnlyMemory<byte> body, CallReport call) =>
        JsonText.IsValid(body.Span) ? new TaskOutcome.Completed(body, call) : NotJson(body.Span, call);

    protected static TaskOutcome NotJson(ReadOnlySpan<byte> body, CallReport call) =>
        new TaskOutcome.Retry(ErrorKind.InvalidAnswer, "The service's answer is not JSON.", call with { AnswerHead = JsonText.Head(body) });
}
