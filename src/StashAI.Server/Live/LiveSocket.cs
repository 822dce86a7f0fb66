using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using StashAI.Queue.Model;
using StashAI.Queue.Store;
using StashAI.Server.Api.Queue;

namespace StashAI.Server.Live;

/// <summary>One client's socket: reads what it asks for, and sends what it follows. It costs other clients nothing when it is slow.</summary>
internal sealed class LiveSocket(WebSocket socket, string session, LiveHub hub, IRead store, LiveMessages messages, TimeProvider clock) : IDisposable
{
    private const int MaxMessage = 64 * 1024;
    private const int MaxSubscriptions = 10_000;
    private const int TasksPerRead = 32;

    /// <summary>What a client has to take its last message, and to close its side.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly LiveSubscriber subscriber = new(clock);
    private readonly SemaphoreSlim sending = new(1, 1);

    /// <summary>Serves the client until one side ends; when the server stops it says so to the client.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sender = SendChangesAsync(over.Token);
        try
        {
            await SendAsync(buffer => messages.Established(buffer, session), over.Token);
            var receiving = ReceiveAsync(over.Token);
            if (await Task.WhenAny(receiving, Task.Delay(Timeout.InfiniteTimeSpan, clock, stopping)) != receiving)
            {
                await CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The server is stopping.");
                using var patience = new CancellationTokenSource(Farewell, clock);
                await using var limit = patience.Token.Register(over.Cancel);
                await receiving;
            }

            await receiving;
        }
        finally
        {
            foreach (var key in subscriber.Keys()) hub.Unsubscribe(key, subscriber);
            await over.CancelAsync();
            await sender;
        }
    }

    public void Dispose() => sending.Dispose();

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxMessage);
        try
        {
            while (true)
            {
                var used = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (used == MaxMessage)
                    {
                        await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A message may have {MaxMessage} bytes at most.");
                        await ReadAwayAsync(buffer, cancellationToken);
                        return;
                    }

                    part = await socket.ReceiveAsync(buffer.AsMemory(used, MaxMessage - used), cancellationToken);
                    used += part.Count;
                }
                while (!part.EndOfMessage);

                if (part.MessageType == WebSocketMessageType.Close)
                {
                    if (socket.State == WebSocketState.CloseReceived) await CloseAsync(WebSocketCloseStatus.NormalClosure, "");
                    return;
                }

                await AnswerAsync(part.MessageType, buffer.AsMemory(0, used), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A connection that is cut with unread bytes on it is reset, and the client would not see why it was closed.</summary>
    private async Task ReadAwayAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Farewell, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while ((await socket.ReceiveAsync(buffer.AsMemory(), either.Token)).MessageType != WebSocketMessageType.Close)
        {
        }
    }

    private async Task AnswerAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (type != WebSocketMessageType.Text)
        {
            await ErrorAsync("Messages must be text: one JSON object each.", cancellationToken);
            return;
        }

        string? kind;
        string? taskId;
        string? jobId;
        try
        {
            using var json = JsonDocument.Parse(message);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException();
            kind = Text(json.RootElement, "type");
            taskId = Text(json.RootElement, "task_id");
            jobId = Text(json.RootElement, "job_id");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is an InvalidOperationException.
            await ErrorAsync("The message is not a JSON object such as {\"type\":\"ping\"}.", cancellationToken);
            return;
        }

        switch (kind)
        {
            case "ping":
                await SendAsync(messages.Pong, cancellationToken);
                break;
            case "subscribe_task":
                await SubscribeAsync("task", "task_id", taskId, cancellationToken);
                break;
            case "subscribe_job":
                await SubscribeAsync("job", "job_id", jobId, cancellationToken);
                break;
            case "unsubscribe_task":
                await UnsubscribeAsync("task", "task_id", taskId, cancellationToken);
                break;
            case "unsubscribe_job":
                await UnsubscribeAsync("job", "job_id", jobId, cancellationToken);
                break;
            default:
                await ErrorAsync($"Unknown message type: {kind}", cancellationToken);
                break;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private async Task SubscribeAsync(string subscription, string field, string? id, CancellationToken cancellationToken)
    {
        if (await FindAsync(subscription, field, id, cancellationToken) is not { } key) return;
        if (subscriber.Count >= MaxSubscriptions)
        {
            await ErrorAsync($"A socket can follow {MaxSubscriptions} jobs and tasks at most.", cancellationToken);
            return;
        }

        await SendAsync(buffer => messages.Subscribed(buffer, subscription, field, id!), cancellationToken);
        // Registered before the snapshot is read: what happens in between is noted.
        hub.Subscribe(key, subscriber);
        subscriber.Follow(key);
    }

    private async Task UnsubscribeAsync(string subscription, string field, string? id, CancellationToken cancellationToken)
    {
        if (await FindAsync(subscription, field, id, cancellationToken) is not { } key) return;
        hub.Unsubscribe(key, subscriber);
        subscriber.Unfollow(key);
        await SendAsync(buffer => messages.Unsubscribed(buffer, subscription, field, id!), cancellationToken);
    }

    private async Task<LiveKey?> FindAsync(string subscription, string field, string? id, CancellationToken cancellationToken)
    {
        var entry = await QueueLookup.FindAsync(store, id, cancellationToken);
        switch (subscription, entry)
        {
            case ("job", { Ordinal: null } job):
                return new LiveKey(LiveKind.Job, job.Job.Key);
            case ("task", { Ordinal: not null } task):
                return new LiveKey(LiveKind.Task, task.TaskKey);
            default:
                await ErrorAsync(id is null ? $"{field} is missing." : $"There is no {subscription} {id}.", cancellationToken);
                return null;
        }
    }

    private async Task SendChangesAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var keys = await subscriber.TakeAsync(cancellationToken);
                await SendTasksAsync([.. keys.Where(key => key.Kind == LiveKind.Task).Select(key => key.Key)], cancellationToken);
                await SendJobsAsync([.. keys.Where(key => key.Kind == LiveKind.Job).Select(key => key.Key)], cancellationToken);
                await subscriber.PaceAsync(cancellationToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The client is gone.
        }
        catch (Exception)
        {
            // The database cannot be read: the client reconnects and gets the current state.
            socket.Abort();
        }
    }

    private async Task SendJobsAsync(long[] keys, CancellationToken cancellationToken)
    {
        if (keys.Length == 0) return;
        foreach (var job in await store.FindJobsAsync(keys, cancellationToken))
        {
            if (subscriber.Tell(new LiveKey(LiveKind.Job, job.Key), job.Version))
                await SendAsync(buffer => messages.Progress(buffer, job), cancellationToken);
        }
    }

    private async Task SendTasksAsync(long[] keys, CancellationToken cancellationToken)
    {
        foreach (var page in keys.Chunk(TasksPerRead))
        {
            var tasks = await store.FindTasksAsync(page, withOutput: true, cancellationToken);
            var jobs = (await store.FindJobsAsync([.. page.Select(TaskKey.JobOf).Distinct()], cancellationToken)).ToDictionary(job => job.Key);
            foreach (var task in tasks)
            {
                if (subscriber.Tell(new LiveKey(LiveKind.Task, task.Key), task.Version))
                    await SendAsync(buffer => messages.Status(buffer, jobs[TaskKey.JobOf(task.Key)], task), cancellationToken);
            }
        }
    }

    private Task ErrorAsync(string message, CancellationToken cancellationToken) =>
        SendAsync(buffer => messages.Error(buffer, message), cancellationToken);

    private async Task SendAsync(Action<ArrayBufferWriter<byte>> write, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        write(buffer);
        await sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(Farewell, clock);
        await sending.WaitAsync(patience.Token);
        try
        {
            await socket.CloseOutputAsync(status, reason, patience.Token);
        }
        finally
        {
            sending.Release();
        }
    }
}
