using StashAI.Gateway.Wire.Docs;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Live.Connections;

/// <summary>What the API's document says of the live feed.</summary>
internal static class LiveDocs
{
    public static RouteDoc Events { get; } = new("events", Chapter.Read, "Live progress as server-sent events")
    {
        Parameters =
        [
            Query("job_id", "Jobs to follow; repeated, or separated by commas."), Query("task_id", "Tasks to follow, likewise."),
            Query("queue_stats", "`1` for the queue's statistics."), Query("interactions", "`1` for the interactions of all sessions."),
            Query("ticket", "A ticket, where the server asks for keys."), Dialect,
        ],
        Answers = [AnswerDoc.File("text/event-stream", "The messages of the WebSocket: `event:` is the type, `data:` the message.")],
    };

    public static RouteDoc Socket { get; } = new("socket", Chapter.Read, "Live progress over a WebSocket")
    {
        Description = "`GET /api/demo/websocket/instructions` lists all messages.",
        Parameters = [Path("session_id", "A name of your choice: the socket hears of the interactions of that session."), Dialect],
        Answers = [new(StatusCodes.Status101SwitchingProtocols, "The socket is open.", null, null, null)],
    };
}
