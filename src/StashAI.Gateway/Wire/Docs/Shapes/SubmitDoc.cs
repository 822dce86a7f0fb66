namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>A route that creates a job.</summary>
internal static class SubmitDoc
{
    public const string Acknowledgement = "The job is durable. `Location` names it, and `Retry-After` says when to look again.";

    public const string Waited = "The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. "
        + "`results` has its first results.";

    public static RouteDoc Of(string id, string summary, BodyDoc body, SubmitAnswerShape acknowledged) => new(id, Chapter.Submit, summary)
    {
        Parameters = [ParameterDoc.IdempotencyKey, ParameterDoc.Prefer, ParameterDoc.Dialect],
        Body = body,
        Answers =
            [AnswerDoc.Of(acknowledged, Acknowledgement, StatusCodes.Status202Accepted), AnswerDoc.Of(Samples.Done(acknowledged), Waited)],
    };
}
