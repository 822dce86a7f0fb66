using static StashAI.Gateway.Pages.OpenApi.ApiParameter;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Routes of interactions and sessions.</summary>
internal static class RecordChapter
{
    public const string Tag = "Interactions and sessions";

    private static readonly ApiParameter User = new("user_id", "query", "string", "Only those of this user.");

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("POST", "/api/interactions", "add-interaction", Tag, "Record what a user did")
        {
            Description = "One, or a list of up to 5,000. More go through `POST /api/batch`.", Status = StatusCodes.Status202Accepted,
            Answer = "It is durable.", Parameters = [IdempotencyKey],
        },
        new("GET", "/api/interactions", "interactions", Tag, "A page of interactions, newest first")
        {
            Parameters =
            [
                new("session_id", "query", "string", "Only those of this session."), User, Limit, Offset,
                new("before_id", "query", "integer", "The `next_before_id` of the page before."),
            ],
        },
        new("POST", "/api/sessions", "save-session", Tag, "Make or change a session")
        {
            Description = "What is not given stays as it is; counts never fall.", Status = StatusCodes.Status202Accepted, Answer = "It is durable.",
        },
        new("GET", "/api/sessions", "sessions", Tag, "A page of sessions, newest first") { Parameters = [User, Limit, Offset] },
        new("GET", "/api/sessions/{session_id}", "session", Tag, "A session")
        {
            Parameters = [new("session_id", "path", "string", "The client's name for it.")],
        },
    ];
}
