using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;

namespace StashAI.Gateway.Dialects.OpenAi.Calls;

/// <summary>
/// Connects clients that wait for an answer in pieces with the calls that this process makes for them. A call that another process makes
/// has no such connection, and its answer comes whole.
/// </summary>
internal sealed class CallStreams
{
    private const string Key = "stream_id";

    /// <summary>The end of the types of tasks whose answers come in pieces.</summary>
    private const string TypeSuffix = "_stream";

    private readonly ConcurrentDictionary<Guid, CallStream> open = [];

    /// <summary>Opens a stream, before its job is submitted; its end forgets it.</summary>
    public CallStream Open()
    {
        var stream = new CallStream(Guid.NewGuid(), id => open.TryRemove(id, out _));
        open[stream.Id] = stream;
        return stream;
    }

    /// <summary>The configuration of the job whose answer goes into a stream.</summary>
    public static ReadOnlyMemory<byte> ConfigOf(CallStream stream)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(Key, stream.Id);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>What receives the answer of a task; null where nobody waits for its pieces here.</summary>
    public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? FindReceiver(string taskType, ReadOnlyMemory<byte> config)
    {
        if (open.IsEmpty || config.IsEmpty || !taskType.EndsWith(TypeSuffix, StringComparison.Ordinal)) return null;
        using var document = JsonDocument.Parse(config);
        return document.RootElement.TryGetProperty(Key, out var id) && id.TryGetGuid(out var guid)
            && open.TryGetValue(guid, out var stream)
            ? stream.AddAsync
            : null;
    }
}

/// <summary>The pieces of an answer, from the call to the client that waits. A slow client holds the call up.</summary>
/// <param name="id">Identifies it in the configuration of the job.</param>
/// <param name="forget">Called at its end.</param>
internal sealed class CallStream(Guid id, Action<Guid> forget) : IDisposable
{
    private const int MaxPieces = 64;

    private readonly Channel<byte[]> pieces = Channel.CreateBounded<byte[]>(MaxPieces);

    public Guid Id => id;

    /// <summary>Adds a piece; without a client it is dropped.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var bytes = piece.ToArray();
        while (await pieces.Writer.WaitToWriteAsync(cancellationToken))
        {
            if (pieces.Writer.TryWrite(bytes)) return;
        }
    }

    /// <summary>The pieces, until the call has ended.</summary>
    public IAsyncEnumerable<byte[]> ReadAsync(CancellationToken cancellationToken) => pieces.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Says that there will be no more pieces.</summary>
    public void Complete() => pieces.Writer.TryComplete();

    public void Dispose()
    {
        Complete();
        forget(id);
    }
}
