using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.People;

/// <summary>What the API's document says of keys, nodes, the audit log and the caller.</summary>
internal static class PeopleDocs
{
    public static RouteDoc Audit { get; } = new("list-audit", Chapter.Server, "A page of changes by people, the newest first")
    {
        Description = "Cancels, retries, pauses, deletes, changes of jobs and limits, bulk operations and keys; "
            + "submits are not among them.",
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers =
        [
            AnswerDoc.Of(new AuditPageShape(
                [new(Samples.Time, "laptop", "cancel", "job", Samples.JobId.ToString(), "127.0.0.1", DocJson.Object("""{"tasks":2}"""))],
                null, 1, true)),
        ],
    };

    public static RouteDoc Me { get; } = new("me", Chapter.Server, "Who calls, and what this server can do")
    {
        Description = "`name` is that of the API key; `local` on this machine while there are no keys, otherwise `anonymous`.",
        Answers = [AnswerDoc.Of(Caller)],
    };

    public static RouteDoc Login { get; } = new("login", Chapter.Server, "Keep an API key as a cookie of the browser")
    {
        Description = "For pages of this server, whose pictures and sound cannot send headers. The cookie is HttpOnly and SameSite=Strict, "
            + "and changes with it must come from a page of this server. Programs send their key in a header.",
        Body = BodyDoc.Of(new LoginShape("stashai_1a2b3c4d_c2FtcGxl")),
        Answers = [AnswerDoc.Of(Caller)],
        Refusals = [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests],
    };

    public static RouteDoc Logout { get; } = new("logout", Chapter.Server, "Remove the cookie of a login")
    {
        Answers = [new AnswerDoc(StatusCodes.Status204NoContent, "The cookie is removed.", null, null, null)],
    };

    public static RouteDoc Nodes { get; } = new("list-nodes", Chapter.Server, "The processes that are alive")
    {
        Description = "`running` counts calls, as of the process's last sign of life.",
        Answers =
        [
            AnswerDoc.Of(new NodePageShape(
                [new(7, "a-machine", "serve", "a-machine", 4711, "1.0.0", ["gpu"], 4, Samples.Time, Samples.Time)], null, 1, true)),
        ],
    };

    public static RouteDoc Keys { get; } = new("list-keys", Chapter.Server, "The API keys, the newest first")
    {
        Description = "Keys of the settings are not among them. `last_used_at` is exact to a minute or so.",
        Answers = [AnswerDoc.Of(new KeyPageShape([Key], null, 1, true))],
    };

    public static RouteDoc CreateKey { get; } = new("create-key", Chapter.Server, "Create an API key")
    {
        Description = "`key` is shown this once. With the first key, every request needs one.",
        Body = BodyDoc.Of(new NewKeyShape("laptop", RoleShape.Submit)),
        Answers =
        [
            AnswerDoc.Of(
                new CreatedKeyShape(
                    "stashai_1a2b3c4d", "laptop", RoleShape.Submit, Samples.Time, null, null, "stashai_1a2b3c4d_c2FtcGxl"),
                "The key is valid at once.", StatusCodes.Status201Created),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc RevokeKey { get; } = new("revoke-key", Chapter.Server, "Revoke an API key permanently")
    {
        Parameters = [ParameterDoc.Path("id", "The key's id, as the list of keys has it.")],
        Answers = [new AnswerDoc(StatusCodes.Status204NoContent, "The key is revoked.", null, null, null)],
        Refusals = [StatusCodes.Status404NotFound],
    };

    private static KeyShape Key { get; } = new("stashai_1a2b3c4d", "laptop", RoleShape.Submit, Samples.Time, Samples.Time, null);

    private static MeShape Caller { get; } = new("laptop", RoleShape.Submit, "1.0.0", ["bulk", "nodes"]);
}
