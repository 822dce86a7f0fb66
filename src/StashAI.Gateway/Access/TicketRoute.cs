using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>`POST /api/ws/ticket`: a ticket that opens one WebSocket or event stream within thirty seconds.</summary>
internal static class TicketRoute
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/ws/ticket", IssueAsync).WithMetadata(new RouteScope(ApiScope.Read));

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
