using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Live.Connections;

/// <summary>What the API's document says of the live feed.</summary>
internal static class LiveDocs
{
    public static ParameterDoc JobId { get; } =
        Query("job_id", "Jobs to follow; repeated, or separated by commas.") with { MayRepeat = true };

    public static ParameterDoc TaskId { get; } = Query("task_id", "Tasks to follow, likewise.") with { MayRepeat = true };

    public static ParameterDoc Stats { get; } = Query("queue_stats", "`true` for the queue's statistics.", "boolean");

    public static ParameterDoc Interactions { get; } = Query("interactions", "`true` for the interactions of all sessions.", "boolean");

    public static ParameterDoc Jobs { get; } = Query(
        "jobs",
        "`true` for the list of all jobs, or the filters of `GET /api/jobs` as a query string, percent-encoded: "
        + "`state%3Dfailed%26tag%3Dholiday`.");

    public static ParameterDoc Services { get; } = Query("services", "`true` for the services and how they are.", "boolean");

    private static readonly ParameterDoc Ticket = Query(Credentials.TicketParameter, "A ticket, where the server asks for keys.");

    public static RouteDoc Events { get; } = new("events", Chapter.Read, "Live progress as server-sent events")
    {
        Parameters = [JobId, TaskId, Jobs, Services, Stats, Interactions, Ticket, Dialect],
        Answers = [AnswerDoc.File("text/event-stream", "The messages of the WebSocket: `event:` is the type, `data:` the message.")],
    };

    public static RouteDoc Socket { get; } = new("socket", Chapter.Read, "Live progress over a WebSocket")
    {
        Description = "`GET /api/demo/websocket/instructions` lists all messages.",
        Parameters = [Path("session_id", "A name of your choice: the socket hears of the interactions of that session."), Ticket, Dialect],
        Answers = [new(StatusCodes.Status101SwitchingProtocols, "The socket is open.", null, null, null)],
    };
}
