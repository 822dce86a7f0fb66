using System.Net.WebSockets;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Messages;
using StashAI.Gateway.Live.Reads;

namespace StashAI.Gateway.Live.Connections;

/// <summary>One client's socket: reads its requests and sends what it follows. A slow client does not slow others down.</summary>
internal sealed class LiveSocket : IDisposable
{
    private readonly WebSocket socket;
    private readonly string session;
    private readonly LiveServices live;
    private readonly LiveMessages messages;
    private readonly LiveGate gate;
    private readonly SocketInput input;
    private readonly SocketOutput output;
    private readonly LiveSubscriber subscriber;
    private readonly LiveConversation conversation;
    private int unreadable;

    public LiveSocket(
        WebSocket socket, string session, LiveServices live, LiveMessages messages, LiveGate gate, ILiveInteractions? interactions)
    {
        (this.socket, this.session, this.live, this.messages, this.gate) = (socket, session, live, messages, gate);
        input = new SocketInput(socket, live.Limits, live.Clock);
        output = new SocketOutput(socket, live.Limits, live.Clock);
        subscriber = new LiveSubscriber(live.Clock, live.Limits);
        conversation = new LiveConversation(live, subscriber, output, gate, interactions, session);
    }

    /// <summary>Serves the client until one side closes. Tells the client when the server stops or its key is revoked.</summary>
    /// <param name="cancellationToken">Cancelled when the connection is lost.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sender = SendChangesAsync(over.Token);
        try
        {
            await RunAsync(ServeAsync(over.Token), over);
        }
        finally
        {
            live.Leave(subscriber, session);
            await over.CancelAsync();
            await sender;
        }
    }

    public void Dispose()
    {
        input.Dispose();
        output.Dispose();
    }

    private async Task RunAsync(Task serving, CancellationTokenSource over)
    {
        var ending = EndAsync(over.Token);
        if (await Task.WhenAny(serving, ending) == ending && ending.IsCompletedSuccessfully)
        {
            var (status, reason) = await ending;
            await output.CloseAsync(status, reason);
            using var timeout = new CancellationTokenSource(live.Limits.Farewell, live.Clock);
            await using var limit = timeout.Token.Register(over.Cancel);
            await serving;
        }

        await serving;
    }

    /// <summary>The reason for which the server closes the socket.</summary>
    private async Task<(WebSocketCloseStatus Status, string Reason)> EndAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, live.Stopping);
        try
        {
            await gate.RevokedAsync(stop.Token);
            return (WebSocketCloseStatus.PolicyViolation, "The API key was revoked.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (WebSocketCloseStatus.EndpointUnavailable, "The server is stopping.");
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        if (gate.Caller is null && !await AuthenticateAsync(cancellationToken)) return;
        await output.SendAsync(messages.Established(session), cancellationToken);
        live.Hub.Join(subscriber, session, gate.Caller!.HearsAll);
        await ReceiveAsync(cancellationToken);
    }

    /// <summary>A socket that was opened without a key must send one in its first message.</summary>
    private async Task<bool> AuthenticateAsync(CancellationToken cancellationToken)
    {
        var reading = input.ReadAsync(cancellationToken);
        if (await Task.WhenAny(reading, Task.Delay(live.Limits.AuthTimeout, live.Clock, cancellationToken)) != reading)
        {
            await output.CloseAsync(WebSocketCloseStatus.PolicyViolation, "No API key came.");
            using var timeout = new CancellationTokenSource(live.Limits.Farewell, live.Clock);
            await using var limit = timeout.Token.Register(socket.Abort);
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }

        var message = await reading;
        if (message.Kind == SocketMessageKind.Closed)
        {
            await GoodbyeAsync();
            return false;
        }

        if (await JudgeAsync(message, cancellationToken) is not { } reason) return true;
        await conversation.ErrorAsync(reason, cancellationToken);
        await CloseAsync(WebSocketCloseStatus.PolicyViolation, "An API key is needed.", cancellationToken);
        return false;
    }

    private async Task<string?> JudgeAsync(SocketMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != SocketMessageKind.Text) return gate.Refuse();
        using var json = LiveConversation.Read(message.Bytes);
        if (json is null || LiveConversation.Text(json.RootElement, "type") != LiveCatalog.Auth.Name) return gate.Refuse();
        if (LiveConversation.Text(json.RootElement, "token") is not { } token) return "token is missing.";
        try
        {
            return await gate.AuthenticateAsync(token, cancellationToken);
        }
        catch (LiveReadException exception)
        {
            LiveLog.AnswerFailed(live.Logger, session, exception.Message);
            return "The server cannot reach its database at the moment: try again.";
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var message = await input.ReadAsync(cancellationToken);
            // The server has closed its side: read and drop what still arrives until the client closes too.
            if (socket.State == WebSocketState.CloseSent && message.Kind != SocketMessageKind.Closed) continue;
            switch (message.Kind)
            {
                case SocketMessageKind.Closed:
                    await GoodbyeAsync();
                    return;
                case SocketMessageKind.TooBig:
                    await CloseAsync(
                        WebSocketCloseStatus.MessageTooBig,
                        $"A message may have at most {live.Limits.MaxMessage} bytes.",
                        cancellationToken);
                    return;
                case SocketMessageKind.Text when await conversation.AnswerAsync(message.Bytes, cancellationToken):
                    unreadable = 0;
                    break;
                case SocketMessageKind.Binary:
                    await conversation.ErrorAsync("Messages must be text: one JSON object each.", cancellationToken);
                    unreadable++;
                    break;
                default:
                    unreadable++;
                    break;
            }

            if (unreadable < live.Limits.MaxUnreadable) continue;
            await CloseAsync(WebSocketCloseStatus.PolicyViolation, "Too many invalid messages.", cancellationToken);
            return;
        }
    }

    private Task GoodbyeAsync() =>
        socket.State == WebSocketState.CloseReceived ? output.CloseAsync(WebSocketCloseStatus.NormalClosure, "") : Task.CompletedTask;

    /// <summary>Closing a connection with unread bytes resets it, and then the client never sees the close message.</summary>
    private async Task CloseAsync(WebSocketCloseStatus status, string reason, CancellationToken cancellationToken)
    {
        await output.CloseAsync(status, reason);
        using var timeout = new CancellationTokenSource(live.Limits.Farewell, live.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        while ((await input.ReadAsync(either.Token)).Kind != SocketMessageKind.Closed)
        {
        }
    }

    private async Task SendChangesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new LiveSender(live, subscriber, messages, output).RunAsync(cancellationToken);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone, or has closed its side.
        }
    }
}
