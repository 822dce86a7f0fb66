using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Live;

/// <summary>A real WebSocket client; it has read the greeting.</summary>
internal sealed class LiveClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] buffer = new byte[64 * 1024];

    public ClientWebSocket Socket { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<LiveClient> ConnectAsync(GatewayHost gateway, string session = "session", string? origin = null) =>
        ConnectAsync(gateway.Url, session, origin is null ? null : options => options.SetRequestHeader("Origin", origin));

    public static async Task<LiveClient> ConnectAsync(
        string url, string session = "session", Action<ClientWebSocketOptions>? configure = null, bool isGreeted = true)
    {
        var client = new LiveClient();
        try
        {
            configure?.Invoke(client.Socket.Options);
            await client.Socket.ConnectAsync(new Uri($"{url.Replace("http", "ws", StringComparison.Ordinal)}/ws/{session}"), Cancellation);
            if (isGreeted) Assert.Equal("connection_established", (await client.ReadAsync()).Text("type"));
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public Task SendAsync(string message, WebSocketMessageType type = WebSocketMessageType.Text, bool isWhole = true) =>
        SendAsync(Encoding.UTF8.GetBytes(message), type, isWhole);

    public Task SendAsync(byte[] message, WebSocketMessageType type, bool isWhole = true) =>
        Socket.SendAsync(message, type, isWhole, Cancellation);

    /// <summary>Sends a message and returns the answer of this type; others in between are dropped.</summary>
    public async Task<JsonElement> AskAsync(string message, string answer)
    {
        await SendAsync(message);
        return await UntilAsync(received => received.Text("type") == answer);
    }

    public Task<JsonElement> FollowJobAsync(string id) =>
        AskAsync($$"""{"type":"subscribe_job","job_id":"{{id}}"}""", "subscription_confirmed");

    public Task<JsonElement> FollowTaskAsync(string id) =>
        AskAsync($$"""{"type":"subscribe_task","task_id":"{{id}}"}""", "subscription_confirmed");

    /// <summary>The next message.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        var (type, bytes) = await ReceiveAsync();
        Assert.Equal(WebSocketMessageType.Text, type);
        using var json = JsonDocument.Parse(bytes);
        Assert.EndsWith("Z", json.RootElement.Text("timestamp"), StringComparison.Ordinal);
        return json.RootElement.Clone();
    }

    /// <summary>The next message that satisfies the condition.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> condition)
    {
        while (true)
        {
            var message = await ReadAsync();
            if (condition(message)) return message;
        }
    }

    /// <summary>Reads until the server closes, and returns its code.</summary>
    public async Task<WebSocketCloseStatus?> CloseOfAsync()
    {
        while ((await ReceiveAsync()).Type != WebSocketMessageType.Close)
        {
        }

        return Socket.CloseStatus;
    }

    public void Dispose() => Socket.Dispose();

    private async Task<(WebSocketMessageType Type, byte[] Bytes)> ReceiveAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        using var message = new MemoryStream();
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return (part.MessageType, message.ToArray());
        }
    }
}
