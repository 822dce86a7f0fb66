using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>What the API's document says of <c>/api/webhooks</c>.</summary>
internal static class WebhookDocs
{
    private const string SampleSecret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    /// <summary>The state of the deliveries of a page.</summary>
    public static ParameterDoc State { get; } = ParameterDoc.Query("state", "Only those in this state.") with
    {
        Words = ["waiting", "delivered", "given_up"],
    };

    private static ParameterDoc Id { get; } = ParameterDoc.Path("id", "The id, or the name.");

    private static ParameterDoc IdOrJobs { get; } =
        ParameterDoc.Path("id", "The id, or the name; `jobs` for the addresses that jobs name.");

    private static WebhookShape Example { get; } = new()
    {
        Id = Samples.TaskId,
        Name = "ci",
        Url = "https://ci.example.org/hooks/stashai",
        Description = null,
        Events = ["job.completed", "job.failed"],
        IsEnabled = true,
        DisabledReason = null,
        OldSecretUntil = null,
        CreatedAt = Samples.Time,
        UpdatedAt = Samples.Time,
    };

    private static WebhookWithSecretShape WithSecret { get; } = new()
    {
        Id = Example.Id,
        Name = Example.Name,
        Url = Example.Url,
        Description = null,
        Events = Example.Events,
        IsEnabled = true,
        DisabledReason = null,
        OldSecretUntil = null,
        CreatedAt = Samples.Time,
        UpdatedAt = Samples.Time,
        Secret = SampleSecret,
    };

    private static DeliveryShape Delivered { get; } = new()
    {
        Id = Samples.FailedTaskId,
        Event = "job.completed",
        EventId = "evt_0199f0a27d1c7c4e9b1d2a6f41000018",
        JobId = Samples.JobId,
        Data = DocJson.Object(
            $$"""{"id":"{{Samples.JobId}}","service":"visage","total":2,"completed":2,"failed":0,"cancelled":0}"""),
        Url = null,
        State = DeliveryStateShape.Delivered,
        Attempts = 1,
        Status = 200,
        Error = null,
        Answer = "ok",
        DurationMs = 42,
        AttemptedAt = Samples.Time,
        NextAttemptAt = null,
        FinishedAt = Samples.Time,
        CreatedAt = Samples.Time,
    };

    private static DeliveryShape Waiting { get; } = Delivered with
    {
        State = DeliveryStateShape.Waiting,
        Attempts = 0,
        Status = null,
        Answer = null,
        DurationMs = null,
        AttemptedAt = null,
        NextAttemptAt = Samples.Time,
        FinishedAt = null,
    };

    public static RouteDoc List { get; } = new("list-webhooks", Chapter.Server, "A page of webhooks, the newest first")
    {
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers = [AnswerDoc.Of(new WebhookPageShape([Example], null, 1, true))],
    };

    public static RouteDoc Create { get; } = new("create-webhook", Chapter.Server, "Create a webhook: an address that is told of ends")
    {
        Description = "`events` are `job.completed`, `job.partial`, `job.failed`, `job.cancelled`, `batch.completed`, `batch.failed`, "
            + "`batch.expired` and `batch.cancelled`; all unless given, and with an empty list only jobs that name it in `config.webhook`. "
            + "`secret` signs what is sent, as Standard Webhooks say; the server makes one unless it is given, and shows it only now. The "
            + "address is under the outbound policy.",
        Body = BodyDoc.Of(new WebhookRequestShape { Name = Example.Name, Url = Example.Url, Events = Example.Events }),
        Answers = [AnswerDoc.Of(WithSecret, "The webhook is stored.", StatusCodes.Status201Created)],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Secret { get; } = new("show-webhook-secret", Chapter.Server, "The secret for an address that jobs name")
    {
        Description = "It signs what is sent to this address for jobs of the caller's API key that name it in `config.webhook`, and never "
            + "changes. Another key has another secret.",
        Body = BodyDoc.Of(new WebhookAddressShape(Example.Url)),
        Answers = [AnswerDoc.Of(new WebhookSecretShape(Example.Url, SampleSecret))],
    };

    public static RouteDoc Show { get; } = new("show-webhook", Chapter.Server, "A webhook, without its secret")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Of(Example)],
    };

    public static RouteDoc Change { get; } = new("change-webhook", Chapter.Server, "Change, disable or enable a webhook")
    {
        Description = "Members that are not sent stay. A disabled webhook gets nothing: what waits for it is given up, and can be "
            + "replayed.",
        Parameters = [Id],
        Body = BodyDoc.Of(new WebhookChangeShape { IsEnabled = false }),
        Answers = [AnswerDoc.Of(Example with { IsEnabled = false })],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Delete { get; } = new("delete-webhook", Chapter.Server, "Delete a webhook and its log")
    {
        Parameters = [Id],
        Answers = [new AnswerDoc(StatusCodes.Status204NoContent, "It is gone.", null, null, null)],
    };

    public static RouteDoc Rotate { get; } = new("rotate-webhook-secret", Chapter.Server, "Give a webhook a new secret")
    {
        Description = "The old secret signs too for `keep_seconds`, a day unless given, so that receivers can change over; 0 ends it at "
            + "once. The new one is shown only now.",
        Parameters = [Id],
        Body = BodyDoc.Of(new WebhookRotationShape { KeepSeconds = 3600 }) with { IsRequired = false },
        Answers = [AnswerDoc.Of(WithSecret with { OldSecretUntil = Samples.Time.AddHours(1) })],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Test { get; } = new("test-webhook", Chapter.Server, "Send a webhook.test event")
    {
        Description = "`GET /api/webhooks/{id}/deliveries` shows what became of it.",
        Parameters = [Id],
        Answers = [AnswerDoc.Of(
            Waiting with { Event = WebhookTypes.Test, JobId = null, Data = DocJson.Object($$"""{"id":"{{Example.Id}}"}""") },
            "It is sent now.", StatusCodes.Status202Accepted)],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Deliveries { get; } = new("list-deliveries", Chapter.Server, "A page of a webhook's log, the newest first")
    {
        Description = "Each event with its attempts, the status and the first 1,024 bytes of the last answer, and the next attempt.",
        Parameters = [IdOrJobs, State, ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers = [AnswerDoc.Of(new DeliveryPageShape([Delivered], null, 1, true))],
    };

    public static RouteDoc Replay { get; } = new("replay-delivery", Chapter.Server, "Send an event again")
    {
        Description = "With the same `webhook-id`, and for three days again if the receiver does not take it.",
        Parameters = [IdOrJobs, ParameterDoc.Path("delivery", "The id of the delivery.")],
        Answers = [AnswerDoc.Of(Waiting, "It is sent now.", StatusCodes.Status202Accepted)],
    };
}
