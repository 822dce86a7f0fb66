using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>Follows jobs over a WebSocket.</summary>
internal static class SocketSource
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    public static async IAsyncEnumerable<JobProgress> ReadAsync(
        ApiSender api, IReadOnlyCollection<Guid> jobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        await ConnectAsync(api, socket, cancellationToken).ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Read while subscribing: the server sends the state of each job at once.
        var subscribing = SubscribeAsync(socket, jobs, over.Token);
        try
        {
            var message = new ArrayBufferWriter<byte>(4096);
            while (true)
            {
                var part = await socket.ReceiveAsync(message.GetMemory(4096), cancellationToken).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close) yield break;
                message.Advance(part.Count);
                if (!part.EndOfMessage) continue;
                var progress = LiveMessages.Read(message.WrittenSpan);
                message.ResetWrittenCount();
                if (progress is not null) yield return progress;
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await subscribing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            socket.Abort();
        }
    }

    private static async Task ConnectAsync(ApiSender api, ClientWebSocket socket, CancellationToken cancellationToken)
    {
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = KeepAlive;
        socket.Options.KeepAliveTimeout = KeepAlive;
        if (api.Key is { } key) socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        var address = api.AddressOf(Routes.Socket.Fill([$"client-{Guid.NewGuid():N}"]));
        var scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        try
        {
            await socket.ConnectAsync(new UriBuilder(address) { Scheme = scheme }.Uri, api.Http, cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException exception)
        {
            var (server, status) = (address.GetLeftPart(UriPartial.Authority), (int)socket.HttpStatusCode);
            throw socket.HttpStatusCode switch
            {
                0 => new StashUnreachableException($"{server} does not answer: {exception.GetBaseException().Message}", exception),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ServiceUnavailable =>
                    ApiAnswers.ExceptionOf(
                        socket.HttpStatusCode, new WireProblem { Detail = $"The WebSocket was refused with status {status}." }, null),
                _ => new LiveUnsupportedException($"The WebSocket was answered with status {status}.", exception),
            };
        }
    }

    private static async Task SubscribeAsync(ClientWebSocket socket, IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken)
    {
        foreach (var job in jobs)
        {
            var message = new Dictionary<string, string> { ["type"] = "subscribe_job", ["job_id"] = job.ToString() };
            var text = JsonSerializer.SerializeToUtf8Bytes(message, SocketContext.Default.DictionaryStringString);
            await socket.SendAsync(text, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
