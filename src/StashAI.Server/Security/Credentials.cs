using Microsoft.Net.Http.Headers;

namespace StashAI.Server.Security;

/// <summary>What a request shows to be let in.</summary>
internal static class Credentials
{
    /// <summary>The query parameter of a ticket.</summary>
    public const string TicketParameter = "ticket";

    /// <summary>A WebSocket's subprotocol that carries a key, for browsers: <c>bearer.KEY</c>.</summary>
    private const string SubprotocolPrefix = "bearer.";

    private const string Bearer = "Bearer ";

    private static readonly string[] KeyHeaders = ["X-API-Key", "x-ai-api-key"];

    /// <summary>The key or ticket of a request, or null. A ticket counts on live routes alone.</summary>
    public static string? Find(HttpRequest request, bool isLive)
    {
        if (request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return authorization[Bearer.Length..].Trim();
        foreach (var header in KeyHeaders)
        {
            if (request.Headers[header] is [{ Length: > 0 } key]) return key.Trim();
        }

        if (!isLive) return null;
        foreach (var protocol in request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol))
        {
            if (protocol.StartsWith(SubprotocolPrefix, StringComparison.Ordinal)) return protocol[SubprotocolPrefix.Length..];
        }

        return request.Query[TicketParameter] is [{ Length: > 0 } ticket] && Tickets.IsTicket(ticket) ? ticket : null;
    }
}
