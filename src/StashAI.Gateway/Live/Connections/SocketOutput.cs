using System.Buffers;
using System.Net.WebSockets;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Messages;

namespace StashAI.Gateway.Live.Connections;

/// <summary>Sends messages over a WebSocket, one at a time.</summary>
internal sealed class SocketOutput(WebSocket socket, LiveLimits limits, TimeProvider clock) : ILiveOutput, IDisposable
{
    private const int LargestKept = 64 * 1024;

    private readonly SemaphoreSlim sending = new(1, 1);
    private ArrayBufferWriter<byte> buffer = new(512);

    public async Task SendAsync(LiveMessage message, CancellationToken cancellationToken)
    {
        await sending.WaitAsync(cancellationToken);
        try
        {
            buffer.ResetWrittenCount();
            message.WriteTo(buffer, clock.GetUtcNow());
            var send = socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            if (!send.IsCompletedSuccessfully) await send.AsTask().WaitAsync(limits.Stalled, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            socket.Abort();
            throw new WebSocketException("The client took nothing for too long.");
        }
        finally
        {
            // Do not keep a buffer of megabytes for the socket's lifetime.
            if (buffer.Capacity > LargestKept) buffer = new ArrayBufferWriter<byte>(512);
            sending.Release();
        }
    }

    /// <summary>Closes the server's side and says why.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(limits.Farewell, clock);
        await sending.WaitAsync(patience.Token);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(status, reason, patience.Token);
        }
        finally
        {
            sending.Release();
        }
    }

    public void Dispose() => sending.Dispose();
}
