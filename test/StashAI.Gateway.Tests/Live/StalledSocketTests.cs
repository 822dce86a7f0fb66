using System.Net.WebSockets;
using Microsoft.Extensions.Time.Testing;
using StashAI.Gateway.Live.Connections;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Reads;

namespace StashAI.Gateway.Tests.Live;

/// <summary>A client that takes nothing at all.</summary>
public sealed class StalledSocketTests
{
    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_off_after_a_minute()
    {
        var clock = new FakeTimeProvider();
        using var socket = new HungSocket();
        using var output = new SocketOutput(socket, new LiveLimits(), clock);

        var sending = output.SendAsync(LiveMessages.Pong, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(socket.IsAborted);
        clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<WebSocketException>(() => sending);
        Assert.True(socket.IsAborted);
    }

    /// <summary>A connection whose other end does not read.</summary>
    private sealed class HungSocket : WebSocket
    {
        public bool IsAborted { get; private set; }

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => IsAborted ? WebSocketState.Aborted : WebSocketState.Open;

        public override string? SubProtocol => null;

        public override void Abort() => IsAborted = true;

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override Task CloseOutputAsync(
            WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override void Dispose()
        {
        }

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override Task SendAsync(
            ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
            new TaskCompletionSource().Task;
    }
}
