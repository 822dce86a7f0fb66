using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace StashAI.EndToEnd.Tests.Gateway;

/// <summary>A WebSocket to a served gateway.</summary>
internal sealed class GatewaySocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket socket = new();
    private readonly byte[] buffer = new byte[16 * 1024];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<GatewaySocket> ConnectAsync(string url)
    {
        var connected = new GatewaySocket();
        await connected.socket.ConnectAsync(new Uri($"{url.Replace("http", "ws", StringComparison.Ordinal)}/ws/test"), Cancellation);
        return connected;
    }

    public Task FollowJobAsync(string id) => SendAsync($$"""{"type":"subscribe_job","job_id":"{{id}}"}""");

    public Task FollowTaskAsync(string id) => SendAsync($$"""{"type":"subscribe_task","task_id":"{{id}}"}""");

    /// <summary>The next message that satisfies the condition.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> condition)
    {
        while (await ReceiveAsync() is { } message)
        {
            if (condition(message)) return message;
        }

        throw new InvalidOperationException($"The server closed the socket: {socket.CloseStatus} {socket.CloseStatusDescription}");
    }

    /// <summary>Reads until the server closes, closes too, and returns its code.</summary>
    public async Task<WebSocketCloseStatus?> CloseOfAsync()
    {
        while (await ReceiveAsync() is not null)
        {
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Cancellation);
        return socket.CloseStatus;
    }

    public void Dispose() => socket.Dispose();

    private Task SendAsync(string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, Cancellation);

    private async Task<JsonElement?> ReceiveAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        using var message = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage) continue;
            using var json = JsonDocument.Parse(message.ToArray());
            return json.RootElement.Clone();
        }
    }
}
