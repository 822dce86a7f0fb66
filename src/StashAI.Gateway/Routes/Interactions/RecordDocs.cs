using System.Text.Json.Nodes;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary>The descriptions of the routes for interactions and sessions in the API's document.</summary>
internal static class RecordDocs
{
    public static ParameterDoc BeforeId { get; } =
        Query("before_id", "The `next_before_id` of the previous page.", "integer") with { Least = 1, Most = long.MaxValue };

    public static ParameterDoc From { get; } = Query("from", "The first moment, as RFC 3339; a day before `to` by default.");

    public static ParameterDoc To { get; } = Query("to", "The end, which is left out; now by default.");

    public static ParameterDoc Steps { get; } =
        Query("steps", "In how many parts of equal length the time is counted; 48 by default.", "integer") with { Least = 1, Most = 1000 };

    private static readonly InteractionShape Interaction =
        new(3, Samples.TaskId, "my-session", "user_123", "click", "/scenes", "button", "play", [], Samples.Time);

    private static readonly SessionShape Session = new(
        Samples.TaskId, "my-session", "user_123", Samples.Time, null, 3, 5, 1, [], Samples.Time);

    public static RouteDoc Add { get; } = new("add-interaction", Chapter.Records, "Record what a user did")
    {
        Description = "One, or a list of up to 5,000. More go through `POST /api/batch`.",
        Parameters = [IdempotencyKey],
        Body = BodyDoc.Of(new InteractionRequestShape
        {
            SessionId = "my-session",
            UserId = "user_123",
            ActionType = "click",
            PagePath = "/scenes",
            ElementType = "button",
            ElementId = "play",
            Metadata = [],
        }) with
        {
            Name = "InteractionsRequest",
            Schema = () => DocJson.Object(
                """
                {"oneOf":[{"$ref":"#/components/schemas/InteractionRequest"},
                {"type":"array","minItems":1,"maxItems":5000,"items":{"$ref":"#/components/schemas/InteractionRequest"}}]}
                """),
        },
        Answers =
        [
            AnswerDoc.Of(
                new InteractionAcceptedShape
                {
                    TaskId = Samples.TaskId,
                    Status = AcceptedShape.Queued,
                    State = TaskStateShape.Completed,
                    Mode = ModeShape.Queue,
                    SubmittedAt = Samples.Time,
                },
                "It is durable.",
                StatusCodes.Status202Accepted),
        ],
    };

    public static RouteDoc List { get; } = new("interactions", Chapter.Records, "A page of interactions, newest first")
    {
        Parameters =
        [
            ParameterDoc.Session, User, LimitFromZero, ShortOffset, BeforeId,
        ],
        Answers = [AnswerDoc.Of(new InteractionPageShape([Interaction], 1, 3, 1, 0, true, 3))],
    };

    public static RouteDoc Actions { get; } = new("interaction-actions", Chapter.Records, "What users did over time, by action")
    {
        Description = "The most frequent action first, with its counts in each part of the time. The newest 200,000 interactions are "
            + "counted, or 20,000 of a session or a user; `is_complete` is false when the time has older ones.",
        Parameters = [From, To, Steps, ParameterDoc.Session, User, Limit],
        Answers =
        [
            AnswerDoc.Of(new ActionTableShape(
                Samples.Time.AddDays(-1), Samples.Time, 43200, 3, 1, true, [new("click", 3, Samples.Time.AddHours(-1), [1, 2])])),
        ],
    };

    public static RouteDoc SaveSession { get; } = new("save-session", Chapter.Records, "Create or change a session")
    {
        Description = "What is not given stays as it is; counts never fall.",
        Body = BodyDoc.Of(new SessionRequestShape
        {
            SessionId = "my-session",
            UserId = "user_123",
            PageViews = 3,
            TotalInteractions = 5,
            Metadata = [],
            EndTime = Samples.Time,
        }),
        Answers =
        [
            AnswerDoc.Of(
                new SessionAcceptedShape(
                    Samples.TaskId, "my-session", AcceptedShape.Queued, TaskStateShape.Completed, ModeShape.Queue, Samples.Time),
                "It is durable.",
                StatusCodes.Status202Accepted),
        ],
    };

    public static RouteDoc Sessions { get; } = new("sessions", Chapter.Records, "A page of sessions, newest first")
    {
        Parameters = [User, Limit, ShortOffset],
        Answers = [AnswerDoc.Of(new SessionPageShape([Session], 100, 0, false))],
    };

    public static RouteDoc ShowSession { get; } = new("session", Chapter.Records, "A session")
    {
        Parameters = [Path("session_id", "The client's name for it.")],
        Answers = [AnswerDoc.Of(Session)],
    };
}

/// <summary>What a user did.</summary>
internal sealed record InteractionRequestShape
{
    public required string SessionId { get; init; }
    public required string ActionType { get; init; }
    public string? UserId { get; init; }
    public string? PagePath { get; init; }
    public string? ElementType { get; init; }
    public string? ElementId { get; init; }
    public JsonObject? Metadata { get; init; }
}

/// <summary>What is known of a session.</summary>
internal sealed record SessionRequestShape
{
    public required string SessionId { get; init; }
    public string? UserId { get; init; }
    public int? PageViews { get; init; }
    public int? TotalInteractions { get; init; }
    public JsonObject? Metadata { get; init; }
    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>An interaction, or a list of them, was kept.</summary>
internal sealed record InteractionAcceptedShape
{
    public Guid? TaskId { get; init; }
    public int? Accepted { get; init; }
    public IReadOnlyList<Guid>? TaskIds { get; init; }
    public required AcceptedShape Status { get; init; }
    public required TaskStateShape State { get; init; }
    public required ModeShape Mode { get; init; }
    public required DateTimeOffset SubmittedAt { get; init; }
}

/// <summary>A session was kept.</summary>
internal sealed record SessionAcceptedShape(
    Guid TaskId, string SessionId, AcceptedShape Status, TaskStateShape State, ModeShape Mode, DateTimeOffset SubmittedAt);

/// <summary><c>status</c> of what was accepted.</summary>
internal enum AcceptedShape
{
    Queued,
}

/// <summary>An interaction.</summary>
internal sealed record InteractionShape(
    long Id, Guid TaskId, string SessionId, string? UserId, string ActionType, string? PagePath, string? ElementType, string? ElementId,
    JsonObject Metadata, DateTimeOffset Timestamp);

/// <summary>A page of interactions.</summary>
internal sealed record InteractionPageShape(
    IReadOnlyList<InteractionShape> Interactions, int Total, int? TotalCount, int Limit, int Offset, bool HasMore, long? NextBeforeId);

/// <summary>How often users did what, in parts of so many seconds.</summary>
internal sealed record ActionTableShape(
    DateTimeOffset From, DateTimeOffset To, double StepSeconds, long Total, int ActionsTotal, bool IsComplete,
    IReadOnlyList<ActionCountShape> Actions);

/// <summary>How often users did something.</summary>
internal sealed record ActionCountShape(string ActionType, int Count, DateTimeOffset LastAt, IReadOnlyList<int> Counts);

/// <summary>A session.</summary>
internal sealed record SessionShape(
    Guid Id, string SessionId, string? UserId, DateTimeOffset StartTime, DateTimeOffset? EndTime, int PageViews, int TotalInteractions,
    int RecordedInteractions, JsonObject Metadata, DateTimeOffset UpdatedAt);

/// <summary>A page of sessions.</summary>
internal sealed record SessionPageShape(IReadOnlyList<SessionShape> Sessions, int Limit, int Offset, bool HasMore);
