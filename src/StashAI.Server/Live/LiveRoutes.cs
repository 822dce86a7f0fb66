using System.Net.WebSockets;
using StashAI.Queue.Store;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Live;

/// <summary>`WS /ws/{session_id}`.</summary>
internal static class LiveRoutes
{
    /// <summary>The constant session of the Stash plugin, which speaks its own dialect (C-01).</summary>
    private const string PluginSession = "ai_overhaul_session";

    public static void Map(IEndpointRouteBuilder routes) => routes.Map("/ws/{session_id}", RunAsync);

    private static async Task RunAsync(
        HttpContext context, LiveHub hub, IRead store, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveSocket> logger)
    {
        var session = (string)context.Request.RouteValues["session_id"]!;
        if (!context.WebSockets.IsWebSocketRequest)
            throw Api.RequestException.Missing("Upgrade", $"/ws/{session} is a WebSocket: connect with ws:// or wss://.");

        var dialect = DialectWords.Of(context, session == PluginSession ? Dialect.Plugin : Dialect.Default);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var live = new LiveSocket(socket, session, hub, store, new LiveMessages(clock, dialect), clock);
        try
        {
            await live.RunAsync(lifetime.ApplicationStopping, context.RequestAborted);
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException)
        {
            LiveLog.SocketClosed(logger, session, error.Message);
        }
    }
}
