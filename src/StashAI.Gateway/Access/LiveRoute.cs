namespace StashAI.Gateway.Access;

/// <summary>Metadata of a WebSocket or an event stream: it takes tickets, and a WebSocket may show its key in its first message.</summary>
internal sealed record LiveRoute;
