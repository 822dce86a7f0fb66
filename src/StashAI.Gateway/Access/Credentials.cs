using Microsoft.Net.Http.Headers;
using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Access;

/// <summary>Reads the credentials of a request.</summary>
internal static class Credentials
{
    /// <summary>The query parameter of a ticket.</summary>
    public const string TicketParameter = "ticket";

    /// <summary>A WebSocket's subprotocol that carries a key, for browsers: <c>bearer.KEY</c>.</summary>
    private const string SubprotocolPrefix = "bearer.";

    private const string Bearer = "Bearer ";

    private static readonly string[] KeyHeaders = ["X-API-Key", "x-ai-api-key"];

    /// <summary>
    /// All keys and tickets of a request. There may be several: a proxy or a library may add its own Authorization header, while the right
    /// key is in another place.
    /// </summary>
    public static IEnumerable<string> In(HttpRequest request, bool isLive)
    {
        if (request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            yield return authorization[Bearer.Length..].Trim();
        foreach (var header in KeyHeaders)
        {
            if (request.Headers[header] is [{ Length: > 0 } key]) yield return key.Trim();
        }

        if (!isLive) yield break;
        foreach (var protocol in request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol))
        {
            if (protocol.StartsWith(SubprotocolPrefix, StringComparison.Ordinal)) yield return protocol[SubprotocolPrefix.Length..];
        }

        if (request.Query[TicketParameter] is [{ Length: > 0 } ticket] && ApiKeyText.IsTicket(ticket)) yield return ticket;
    }
}
