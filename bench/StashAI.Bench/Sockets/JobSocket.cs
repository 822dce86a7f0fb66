using System.Net.WebSockets;
using System.Text;

namespace StashAI.Bench.Sockets;

/// <summary>One client that follows one job after another, and notes when each end reached it.</summary>
internal sealed class JobSocket : IDisposable
{
    private readonly ClientWebSocket socket = new();
    private readonly byte[] buffer = new byte[2048];

    /// <summary>Messages up to now.</summary>
    public int Messages { get; private set; }

    public Task ConnectAsync(Uri url, HttpMessageInvoker http, CancellationToken cancellationToken) =>
        socket.ConnectAsync(url, http, cancellationToken);

    /// <summary>Subscribes and waits for the snapshot.</summary>
    public async Task FollowAsync(string jobId, CancellationToken cancellationToken)
    {
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($$"""{"type":"subscribe_job","job_id":"{{jobId}}"}"""), WebSocketMessageType.Text, true,
            cancellationToken);
        while ((await ReadAsync(cancellationToken)).Span.IndexOf("job_progress"u8) < 0)
        {
        }
    }

    /// <summary>When the terminal message came.</summary>
    public async Task<DateTimeOffset> EndAsync(CancellationToken cancellationToken)
    {
        while ((await ReadAsync(cancellationToken)).Span.IndexOf("\"status\":\"completed\""u8) < 0)
        {
        }

        return TimeProvider.System.GetUtcNow();
    }

    public void Dispose() => socket.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            length += part.Count;
        }
        while (!part.EndOfMessage);
        if (part.MessageType == WebSocketMessageType.Close)
        {
            throw new InvalidOperationException($"The server closed a socket: {socket.CloseStatusDescription}");
        }

        Messages++;
        return buffer.AsMemory(0, length);
    }
}
