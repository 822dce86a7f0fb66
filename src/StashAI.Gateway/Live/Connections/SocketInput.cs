using System.Buffers;
using System.Net.WebSockets;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Messages;

namespace StashAI.Gateway.Live.Connections;

/// <summary>Assembles a client's messages from their frames, no faster than the client's rate limit allows.</summary>
internal sealed class SocketInput(WebSocket socket, LiveLimits limits, TimeProvider clock) : IDisposable
{
    private const int FirstBuffer = 4 * 1024;

    private readonly MessagePace pace = new(limits, clock);
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);

    /// <summary>The next message.</summary>
    public async Task<SocketMessage> ReadAsync(CancellationToken cancellationToken)
    {
        var used = 0;
        while (true)
        {
            if (used == limits.MaxMessage) return new SocketMessage(SocketMessageKind.TooBig, default);
            if (used == buffer.Length) Grow();
            var room = Math.Min(buffer.Length, limits.MaxMessage) - used;
            var part = await socket.ReceiveAsync(buffer.AsMemory(used, room), cancellationToken);
            used += part.Count;
            // Count frames too, or a message of a million empty frames would cost the client nothing.
            if (pace.Take() is { Ticks: > 0 } wait) await Task.Delay(wait, clock, cancellationToken);
            if (!part.EndOfMessage) continue;
            return part.MessageType switch
            {
                WebSocketMessageType.Text => new SocketMessage(SocketMessageKind.Text, buffer.AsMemory(0, used)),
                WebSocketMessageType.Binary => new SocketMessage(SocketMessageKind.Binary, buffer.AsMemory(0, used)),
                _ => new SocketMessage(SocketMessageKind.Closed, default),
            };
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 4, limits.MaxMessage));
        buffer.CopyTo(larger.AsSpan());
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
