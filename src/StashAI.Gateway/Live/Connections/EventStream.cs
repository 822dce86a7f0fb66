using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Messages;
using StashAI.Gateway.Live.Reads;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Live.Connections;

/// <summary>
/// One client's stream of server-sent events. A browser reconnects by itself and gets the present state, so the server keeps nothing for a
/// lost stream. A slow stream gets fewer messages, like a slow socket.
/// </summary>
internal sealed class EventStream(HttpContext context, LiveServices live, LiveMessages messages, LiveGate gate)
    : ILiveOutput, IAsyncDisposable
{
    private static readonly byte[] Hello = Encoding.UTF8.GetBytes("retry: 3000\n\n");
    private static readonly byte[] Heartbeat = Encoding.UTF8.GetBytes(": alive\n\n");

    private readonly LiveSubscriber subscriber = new(live.Clock, live.Limits);
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, live.Stopping);

    /// <summary>The session of a stream: nobody has it, so a stream gets the interactions of all sessions or none.</summary>
    private const string Session = "";

    private PipeWriter Pipe => context.Response.BodyWriter;

    /// <summary>Runs until the client is gone or the server stops.</summary>
    public async Task RunAsync(IReadOnlyCollection<LiveKey> keys, IReadOnlyCollection<LiveFilter> lists, bool hearsInteractions)
    {
        if (!keys.All(subscriber.TrySubscribe))
        {
            throw new RequestException(
                Problem.Invalid($"A stream can follow at most {live.Limits.MaxSubscriptions} jobs and tasks.", "job_id"));
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-transform";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep events back until a buffer is full
        try
        {
            await WriteAsync(Hello, over.Token);
            if (hearsInteractions) live.Hub.Join(subscriber, Session, hearsAll: true);
            foreach (var key in keys)
            {
                live.Hub.Subscribe(key, subscriber);
                subscriber.Request(key);
            }

            foreach (var list in lists)
            {
                if (subscriber.TryAddList(list, "", out var added, out _)) live.Lists.Follow(added);
            }

            var sender = new LiveSender(live, subscriber, messages, this).RunAsync(over.Token);
            var heart = BeatAsync();
            var revoked = gate.RevokedAsync(over.Token);
            await Task.WhenAny(sender, heart, revoked);
            await over.CancelAsync();
            await Task.WhenAll(sender, heart, revoked);
        }
        finally
        {
            live.Leave(subscriber, Session);
            await over.CancelAsync();
        }
    }

    public async Task SendAsync(LiveMessage message, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write(Encoding.UTF8.GetBytes($"event: {message.Type.Name}\ndata: "));
        var start = buffer.WrittenCount;
        message.WriteTo(buffer, live.Clock.GetUtcNow());
        buffer.Write("\n\n"u8);
        await WriteAsync(OnOneLine(buffer, start), cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        over.Dispose();
        sending.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// A service's answer may hold line breaks between JSON tokens; a space means the same, and an event's data is one line.
    /// </summary>
    private static byte[] OnOneLine(ArrayBufferWriter<byte> buffer, int start)
    {
        var bytes = buffer.WrittenSpan.ToArray();
        var json = bytes.AsSpan(start..^2);
        json.Replace((byte)'\n', (byte)' ');
        json.Replace((byte)'\r', (byte)' ');
        return bytes;
    }

    private async Task BeatAsync()
    {
        while (true)
        {
            await Task.Delay(live.Limits.Heartbeat, live.Clock, over.Token);
            await WriteAsync(Heartbeat, over.Token);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await sending.WaitAsync(cancellationToken);
        try
        {
            var write = Pipe.WriteAsync(bytes, cancellationToken);
            var result = write.IsCompletedSuccessfully
                ? await write
                : await write.AsTask().WaitAsync(live.Limits.Stalled, live.Clock, cancellationToken);
            if (result.IsCompleted) throw new IOException("The client is gone.");
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new IOException("The client took nothing for too long.");
        }
        finally
        {
            sending.Release();
        }
    }
}
