using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StashAI.Gateway.Access;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Reads;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Live.Connections;

/// <summary><c>WS /ws/{session_id}</c> and <c>GET /api/events</c>.</summary>
internal static class LiveRoutes
{
    /// <summary>The subprotocol that the server accepts.</summary>
    public const string Subprotocol = "stashai.v1";

    /// <summary>The constant session of the Stash plugin, which speaks its own dialect (C-01).</summary>
    private const string PluginSession = "ai_overhaul_session";

    /// <param name="services">The services of the application.</param>
    /// <param name="connections">The largest number of connections to the server; a quarter of them is kept free for requests.</param>
    public static void Add(IServiceCollection services, int connections = int.MaxValue)
    {
        var limits = new LiveLimits();
        services.TryAddSingleton(limits with { MaxClients = Math.Min(limits.MaxClients, Math.Max(1, connections / 4 * 3)) });
        services.AddSingleton<LiveStats>();
        services.AddSingleton<LiveHub>();
        services.AddSingleton<LiveLists>();
        services.AddSingleton<LiveServices>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveHub>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveLists>());
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("/ws/{session_id}", RunAsync).WithMetadata(new LiveRoute()).Describe(LiveDocs.Socket).Needs(ApiScope.Read);
        routes.MapGet("/api/events", EventRoute.RunAsync).WithMetadata(new LiveRoute()).Describe(LiveDocs.Events).Needs(ApiScope.Read);
    }

    /// <summary>Answers 503 while all places for live clients are taken.</summary>
    public static void Enter(LiveServices live)
    {
        if (!live.TryEnter()) throw new RequestException(Problem.Unavailable("Too many live clients are connected; try again later."));
    }

    private static async Task RunAsync(HttpContext context, LiveServices live)
    {
        var session = (string)context.Request.RouteValues["session_id"]!;
        if (!context.WebSockets.IsWebSocketRequest)
            throw RequestException.Missing("Upgrade", $"/ws/{session} is a WebSocket: connect with ws:// or wss://.");

        var dialect = DialectWords.Of(context, session == PluginSession ? Dialect.Plugin : Dialect.Default);
        var shown = await PictureLinks.ForAsync(context);
        Enter(live);
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(
                context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol) ? Subprotocol : null);
            var interactions = context.RequestServices.GetService<ILiveInteractions>();
            using var client = new LiveSocket(
                socket, session, live, new LiveMessages(context.Request, dialect, shown), new LiveGate(context, live), interactions);
            await client.RunAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            LiveLog.SocketClosed(live.Logger, session, exception.Message);
        }
        finally
        {
            live.Leave();
        }
    }
}
