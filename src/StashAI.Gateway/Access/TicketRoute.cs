using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary><c>POST /api/ws/ticket</c>: a ticket that opens one WebSocket or event stream within thirty seconds.</summary>
internal static class TicketRoute
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/ws/ticket", IssueAsync).Describe(Doc).Needs(ApiScope.Read);

    private static RouteDoc Doc => new("ticket", Chapter.Server, "A ticket that opens one WebSocket or event stream")
    {
        Description = "For browsers, where the server asks for API keys: `?ticket=` uses it up.",
        Answers = [AnswerDoc.Of(
            new TicketShape("c2FtcGxl", 30, Samples.Time), "It is valid for thirty seconds.", StatusCodes.Status201Created)],
    };

    private static async Task IssueAsync(HttpContext context, Tickets tickets)
    {
        if (await tickets.IssueAsync(context.Features.Get<Caller>()!, context.RequestAborted) is not var (ticket, until))
            throw new RequestException(Problem.Unavailable("Too many tickets are open; try again later."));
        context.Response.Headers.CacheControl = "no-store";
        await WireJson.WriteAsync(context, StatusCodes.Status201Created, json =>
        {
            json.WriteStartObject();
            json.WriteString("ticket", ticket);
            json.WriteNumber("expires_in_seconds", (int)Tickets.Lifetime.TotalSeconds);
            json.WriteTime("expires_at", until);
            json.WriteEndObject();
        });
    }
}

/// <summary>A ticket.</summary>
internal sealed record TicketShape(string Ticket, int ExpiresInSeconds, DateTimeOffset ExpiresAt);
