using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StashAI.EndToEnd.Tests.Demo;

/// <summary>
/// A gateway that says what a test wants: each list of <paramref name="connections"/> is one WebSocket's messages; then it closes, or drops
/// the connection if there are none.
/// </summary>
internal sealed class ScriptedGateway(params string[][] connections) : IAsyncDisposable
{
    private WebApplication? app;
    private int connected;

    public Uri Address { get; private set; } = null!;

    public string? Submitted { get; private set; }

    public List<string> Subscriptions { get; } = [];

    /// <summary>Answer of the submit; the default accepts.</summary>
    public IResult? SubmitAnswer { get; init; }

    public string JobDetail { get; init; } = "{}";

    public async Task<ScriptedGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.UseWebSockets();
        app.MapPost("/api/visage/job", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            Submitted = await reader.ReadToEndAsync();
            return SubmitAnswer
                ?? Results.Text("""{"job_id":"j1","status":"queued","total_tasks":2,"task_ids":["a","b"]}""", "application/json");
        });
        app.MapGet("/api/queue/job/{id}", () => Results.Text(JobDetail, "application/json"));
        app.Map("/ws/{session}", SpeakAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    private async Task SpeakAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
        Subscriptions.Add(Encoding.UTF8.GetString(buffer, 0, received.Count));
        var said = false;
        foreach (var message in connections[Math.Min(connected++, connections.Length - 1)])
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, context.RequestAborted);
            said = true;
        }
        if (!said)
        {
            context.Abort();
            return;
        }
        // An abort would throw away what is still on its way to the client.
        await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, context.RequestAborted);
        await socket.ReceiveAsync(buffer, context.RequestAborted);
    }
}
