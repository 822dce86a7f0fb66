namespace StashAI.Gateway.Access;

/// <summary>Metadata of a WebSocket or event stream: it accepts tickets, and a WebSocket may send its key in its first message.</summary>
internal sealed record LiveRoute;
