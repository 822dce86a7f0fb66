using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Services;

namespace StashAI.Gateway.Dialects.Calls;

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

    /// <summary>True for a call that asks for its answer in pieces.</summary>
    /// <exception cref="RequestException">It is neither true nor false: one server would take it, and another would not.</exception>
    public static bool IsAskedBy(JsonFields call) => call.Value("stream") switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw call.Invalid("stream", "must be true or false, without quotes."),
    };

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

    /// <summary>What receives the answer of an attempt; null where nobody waits for its pieces here.</summary>
    /// <exception cref="InvalidOperationException">An earlier attempt has given the client a part of its answer.</exception>
    public IAnswerReceiver? FindReceiver(string taskType, ReadOnlyMemory<byte> config)
    {
        if (open.IsEmpty || config.IsEmpty || !taskType.EndsWith(TypeSuffix, StringComparison.Ordinal)) return null;
        using var document = JsonDocument.Parse(config);
        return document.RootElement.TryGetProperty(Key, out var id) && id.TryGetGuid(out var guid)
            && open.TryGetValue(guid, out var stream)
            ? stream.Begin()
            : null;
    }
}

/// <summary>
/// The pieces of an answer, from the call to the client that waits. A slow client holds the call up. They are of one attempt: one that has
/// delivered nothing may be followed by another, but behind a piece no answer begins anew.
/// </summary>
/// <param name="id">Identifies it in the configuration of the job.</param>
/// <param name="forget">Called at its end.</param>
internal sealed class CallStream(Guid id, Action<Guid> forget) : IDisposable
{
    private const int MaxPieces = 64;

    private readonly Channel<byte[]> pieces = Channel.CreateBounded<byte[]>(MaxPieces);
    private readonly Lock gate = new();
    private Attempt? latest;
    private bool hasPieces;
    private volatile bool isBroken;
    private volatile bool isWhole;

    public Guid Id => id;

    /// <summary>True when the answer broke off behind its first piece.</summary>
    public bool IsBroken => isBroken;

    /// <summary>True when the pieces are the whole answer.</summary>
    public bool IsWhole => isWhole;

    /// <summary>Gives the stream to the next attempt.</summary>
    /// <exception cref="InvalidOperationException">An earlier attempt has delivered a piece.</exception>
    public IAnswerReceiver Begin()
    {
        lock (gate)
        {
            if (!hasPieces) return latest = new Attempt(this);
            isBroken = true;
        }

        Complete();
        throw new InvalidOperationException("The answer broke off when the client had a part of it, so it is not made again.");
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

    private bool TryDeliver(Attempt attempt)
    {
        lock (gate)
        {
            if (latest != attempt) return false;
            hasPieces = true;
            return true;
        }
    }

    private void End(Attempt attempt, bool isComplete)
    {
        lock (gate)
        {
            if (latest != attempt || !hasPieces) return;
            isWhole = isComplete;
            isBroken = !isComplete;
        }

        if (!isComplete) Complete();
    }

    /// <summary>One attempt; a later one takes the stream away from it.</summary>
    private sealed class Attempt(CallStream stream) : IAnswerReceiver
    {
        /// <summary>Adds a piece; without a client it is dropped.</summary>
        public async ValueTask AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            if (!stream.TryDeliver(this)) return;
            var bytes = piece.ToArray();
            while (await stream.pieces.Writer.WaitToWriteAsync(cancellationToken))
            {
                if (stream.pieces.Writer.TryWrite(bytes)) return;
            }
        }

        public void End(bool isWhole) => stream.End(this, isWhole);
    }
}
