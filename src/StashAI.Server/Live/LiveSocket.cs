using System.Buffers;
using System.Net.WebSockets;

namespace StashAI.Server.Live;

/// <summary>One client's socket: reads what it asks for, and sends what it follows. It costs other clients nothing when it is slow.</summary>
internal sealed class LiveSocket : IDisposable
{
    private const int FirstBuffer = 4 * 1024;

    private readonly WebSocket socket;
    private readonly string session;
    private readonly LiveServices live;
    private readonly LiveMessages messages;
    private readonly SocketOutput output;
    private readonly LiveSubscriber subscriber;
    private readonly LiveConversation conversation;
    private readonly MessagePace pace;
    private int unreadable;

    public LiveSocket(WebSocket socket, string session, LiveServices live, LiveMessages messages, ILiveInteractions? interactions)
    {
        (this.socket, this.session, this.live, this.messages) = (socket, session, live, messages);
        output = new SocketOutput(socket, live.Limits, live.Clock);
        subscriber = new LiveSubscriber(live.Clock, live.Limits);
        conversation = new LiveConversation(live, subscriber, output, interactions, session);
        pace = new MessagePace(live.Limits, live.Clock);
    }

    /// <summary>Serves the client until one side ends; when the server stops it says so to the client.</summary>
    /// <param name="hearsAll">It hears of the interactions of all sessions.</param>
    /// <param name="cancellationToken">The connection is gone.</param>
    public async Task RunAsync(bool hearsAll, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sender = SendChangesAsync(over.Token);
        try
        {
            await output.SendAsync(messages.Established(session), over.Token);
            live.Hub.Join(subscriber, session, hearsAll);
            var receiving = ReceiveAsync(over.Token);
            if (await Task.WhenAny(receiving, Task.Delay(Timeout.InfiniteTimeSpan, live.Clock, live.Stopping)) != receiving)
            {
                await output.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The server is stopping.");
                using var patience = new CancellationTokenSource(live.Limits.Farewell, live.Clock);
                await using var limit = patience.Token.Register(over.Cancel);
                await receiving;
            }

            await receiving;
        }
        finally
        {
            live.Hub.Leave(subscriber, session);
            await over.CancelAsync();
            await sender;
        }
    }

    public void Dispose() => output.Dispose();

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            while (true)
            {
                var used = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (used == live.Limits.MaxMessage)
                    {
                        await CloseAsync(
                            WebSocketCloseStatus.MessageTooBig, $"A message may have {live.Limits.MaxMessage} bytes at most.", buffer, cancellationToken);
                        return;
                    }

                    if (used == buffer.Length) buffer = Grow(buffer);
                    var room = Math.Min(buffer.Length, live.Limits.MaxMessage) - used;
                    part = await socket.ReceiveAsync(buffer.AsMemory(used, room), cancellationToken);
                    used += part.Count;
                    if (pace.Take() is { Ticks: > 0 } wait) await Task.Delay(wait, live.Clock, cancellationToken);
                }
                while (!part.EndOfMessage);

                if (part.MessageType == WebSocketMessageType.Close)
                {
                    if (socket.State == WebSocketState.CloseReceived) await output.CloseAsync(WebSocketCloseStatus.NormalClosure, "");
                    return;
                }

                // The server said goodbye: what still comes is read away until the client closes too.
                if (socket.State != WebSocketState.Open) continue;
                if (await IsReadableAsync(part.MessageType, buffer.AsMemory(0, used), cancellationToken)) unreadable = 0;
                else if (++unreadable == live.Limits.MaxUnreadable)
                {
                    await CloseAsync(WebSocketCloseStatus.PolicyViolation, "Too many messages that cannot be read.", buffer, cancellationToken);
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<bool> IsReadableAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (type == WebSocketMessageType.Text) return await conversation.AnswerAsync(message, cancellationToken);
        await conversation.ErrorAsync("Messages must be text: one JSON object each.", cancellationToken);
        return false;
    }

    private byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 4, live.Limits.MaxMessage));
        buffer.CopyTo(larger.AsSpan());
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>A connection that is cut with unread bytes on it is reset, and the client would not see why it was closed.</summary>
    private async Task CloseAsync(WebSocketCloseStatus status, string reason, byte[] buffer, CancellationToken cancellationToken)
    {
        await output.CloseAsync(status, reason);
        using var patience = new CancellationTokenSource(live.Limits.Farewell, live.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while ((await socket.ReceiveAsync(buffer.AsMemory(), either.Token)).MessageType != WebSocketMessageType.Close)
        {
        }
    }

    private async Task SendChangesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new LiveSender(live, subscriber, messages, output).RunAsync(cancellationToken);
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone, or its side is closed.
        }
    }
}
