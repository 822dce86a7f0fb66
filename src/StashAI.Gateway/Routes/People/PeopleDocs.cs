using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.People;

/// <summary>What the API's document says of keys, nodes, the audit log and the caller.</summary>
internal static class PeopleDocs
{
    public static ParameterDoc Who { get; } = ParameterDoc.Query("who", "Only changes by this name, as `who` of an entry has it.");

    public static ParameterDoc Action { get; } = ParameterDoc.Query("action", "Only changes with this word, such as `cancel`.");

    public static ParameterDoc TargetKind { get; } = ParameterDoc.Query(
        "target_kind", "Only changes of things of this kind, such as `job`.");

    public static ParameterDoc TargetId { get; } = ParameterDoc.Query(
        "target_id", "Only changes of what has this id or name, whole.");

    public static ParameterDoc After { get; } = ParameterDoc.Query("after", "Only changes after this time, as RFC 3339.");

    public static ParameterDoc Before { get; } = ParameterDoc.Query("before", "Only changes before this time, as RFC 3339.");

    // The properties below use these two, and initializers run in their order.
    private static readonly KeyShape Key = new("stashai_1a2b3c4d", "laptop", RoleShape.Submit, Samples.Time, Samples.Time, null);

    private static readonly MeShape Caller =
        new("laptop", RoleShape.Submit, AccessShape.Key, null, "1.0.0", ["bulk", "jobs", "nodes", "queue"]);

    public static RouteDoc Audit { get; } = new("list-audit", Chapter.Server, "A page of changes by people, the newest first")
    {
        Description = "Cancels, retries, pauses, deletes, changes of jobs and limits, bulk operations and keys; "
            + "submits are not among them. All filters can be combined. A read looks at a bounded number of entries: a page may have fewer "
            + "than `limit`, or none, while `next` goes on; then `total` counts what was looked at, and `total_is_exact` is false.",
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor, Who, Action, TargetKind, TargetId, After, Before],
        Answers =
        [
            AnswerDoc.Of(new AuditPageShape(
                [new(Samples.Time, "laptop", "cancel", "job", Samples.JobId.ToString(), "127.0.0.1", DocJson.Object("""{"tasks":2}"""))],
                null, 1, true)),
        ],
    };

    public static RouteDoc Me { get; } = new("me", Chapter.Server, "Who calls, and what this server can do")
    {
        Description = "`name` is that of the API key; `local` on this machine while there are no keys, otherwise `anonymous`. `access` is "
            + "`key`, `login` for the cookie of a login, or `open` without either. `features` are what the server has: a client offers "
            + "what it finds there.",
        Answers = [AnswerDoc.Of(Caller)],
    };

    public static RouteDoc Login { get; } = new("login", Chapter.Server, "Keep an API key as a cookie of the browser")
    {
        Description = "For pages of this server, whose pictures and sound cannot send headers. The cookie is HttpOnly and SameSite=Strict, "
            + "and with it, changes, WebSockets and event streams must come from a page of this server. "
            + "It lasts for 30 days, and ends with its key. Programs send their key in a header.",
        Body = BodyDoc.Of(new LoginShape("stashai_1a2b3c4d_c2FtcGxl")),
        Answers = [AnswerDoc.Of(Caller)],
        Refusals = [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests],
    };

    public static RouteDoc Logout { get; } = new("logout", Chapter.Server, "Remove the cookie of a login")
    {
        Answers = [new AnswerDoc(StatusCodes.Status204NoContent, "The cookie is removed.", null, null, null)],
        Refusals = [StatusCodes.Status403Forbidden],
    };

    public static RouteDoc Nodes { get; } = new("list-nodes", Chapter.Server, "A page of the processes that are alive, the newest first")
    {
        Description = "`running` counts calls, as of the process's last sign of life.",
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers =
        [
            AnswerDoc.Of(new NodePageShape(
                [new(7, "a-machine", "serve", "a-machine", 4711, "1.0.0", ["gpu"], 4, Samples.Time, Samples.Time)], null, 1, true)),
        ],
    };

    public static RouteDoc Keys { get; } = new("list-keys", Chapter.Server, "A page of the API keys, the newest first")
    {
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
        Description = "Keys of the settings are not among them. `last_used_at` is exact to a minute or so.",
        Answers = [AnswerDoc.Of(new KeyPageShape([Key], null, 1, true))],
    };

    public static RouteDoc CreateKey { get; } = new("create-key", Chapter.Server, "Create an API key")
    {
        Description = "`key` is shown this once. With the first key, every request needs one. A name is for one key only, for good: jobs "
            + "keep it as their owner.",
        Body = BodyDoc.Of(new NewKeyShape("laptop", RoleShape.Submit)),
        Answers =
        [
            AnswerDoc.Of(
                new CreatedKeyShape(
                    "stashai_1a2b3c4d", "laptop", RoleShape.Submit, Samples.Time, null, null, "stashai_1a2b3c4d_c2FtcGxl"),
                "The key is valid at once here, and after two seconds in other processes.", StatusCodes.Status201Created),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc RevokeKey { get; } = new("revoke-key", Chapter.Server, "Revoke an API key permanently")
    {
        Description = "Its jobs stay and go on. Schedules with it as their `owner` stay too, but their runs fail until another key takes "
            + "them over (`take_over`).",
        Parameters = [ParameterDoc.Path("id", "The key's id, as the list of keys has it.")],
        Answers = [new AnswerDoc(StatusCodes.Status204NoContent, "The key is revoked.", null, null, null)],
        Refusals = [StatusCodes.Status404NotFound],
    };
}
