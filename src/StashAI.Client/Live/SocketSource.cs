using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>Follows jobs, lists of jobs or services over a WebSocket.</summary>
internal static class SocketSource
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    /// <summary>Follows jobs.</summary>
    public static IAsyncEnumerable<JobProgress> ReadAsync(
        ApiSender api, IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken) =>
        ReadAsync(api, jobs.Select(Subscription), LiveMessages.Read, cancellationToken);

    /// <summary>Sends subscriptions, and reads what comes.</summary>
    /// <param name="api">The server.</param>
    /// <param name="subscriptions">The messages to send.</param>
    /// <param name="read">Reads a message; null for one that is not wanted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        ApiSender api, IEnumerable<byte[]> subscriptions, LiveReader<T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        using var socket = new ClientWebSocket();
        await ConnectAsync(api, socket, cancellationToken).ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Read while subscribing: the server sends the state of each job at once.
        var subscribing = SubscribeAsync(socket, subscriptions, over.Token);
        try
        {
            var message = new ArrayBufferWriter<byte>(4096);
            while (true)
            {
                var part = await socket.ReceiveAsync(message.GetMemory(4096), cancellationToken).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close) yield break;
                message.Advance(part.Count);
                if (!part.EndOfMessage) continue;
                var news = read(message.WrittenSpan);
                message.ResetWrittenCount();
                if (news is not null) yield return news;
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

    private static byte[] Subscription(Guid job)
    {
        var message = new Dictionary<string, string> { ["type"] = "subscribe_job", ["job_id"] = job.ToString() };
        return JsonSerializer.SerializeToUtf8Bytes(message, SocketContext.Default.DictionaryStringString);
    }

    private static async Task SubscribeAsync(ClientWebSocket socket, IEnumerable<byte[]> subscriptions, CancellationToken cancellationToken)
    {
        foreach (var text in subscriptions)
        {
            await socket.SendAsync(text, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
