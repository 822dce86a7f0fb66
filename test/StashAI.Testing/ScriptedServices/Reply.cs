using System.Text;

namespace StashAI.Testing.ScriptedServices;

/// <summary>What the script answers to a call: a response, or a fault.</summary>
public abstract class Reply
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false);

    /// <summary>What the ledger writes down, such as <c>200</c>, <c>reset</c> or <c>drip 200</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The HTTP status of the answer, or null where no answer is complete.</summary>
    public abstract int? StatusCode { get; }

    /// <summary>Answers with this JSON text.</summary>
    public static Reply Json(string json, int status = 200) =>
        new WholeReply(status, "application/json", Utf8.GetBytes(json), retryAfter: null);

    /// <summary>Answers 200 with these bytes of this content type.</summary>
    public static Reply Bytes(ReadOnlyMemory<byte> body, string contentType) => new WholeReply(200, contentType, body, retryAfter: null);

    /// <summary>Answers with a status, an optional body (JSON by default) and an optional <c>Retry-After</c> in whole seconds.</summary>
    public static Reply Status(
        int status, string? body = null, TimeSpan? retryAfter = null, string contentType = "application/json") =>
        new WholeReply(
            status,
            contentType,
            Utf8.GetBytes(body ?? ""),
            retryAfter is { } after ? ((long)Math.Ceiling(after.TotalSeconds)).ToString() : null);

    /// <summary>Answers with a status and this text as <c>Retry-After</c>, a date or nonsense for instance.</summary>
    public static Reply StatusWithRetryAfter(int status, string retryAfter) =>
        new WholeReply(status, "application/json", ReadOnlyMemory<byte>.Empty, retryAfter);

    /// <summary>Breaks the connection without an answer.</summary>
    public static Reply Reset() => new ResetReply(ReadOnlyMemory<byte>.Empty);

    /// <summary>Sends status 200 and these first bytes of a longer body, then breaks the connection.</summary>
    public static Reply ResetAfter(string firstBytes) => new ResetReply(Utf8.GetBytes(firstBytes));

    /// <summary>
    /// Answers 200 in chunks of <paramref name="chunkSize"/> bytes; each chunk, the first too, waits for a pass of the gate.
    /// The headers go at once.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty, or the chunk size not positive.</exception>
    public static Reply Drip(string json, Gate gate, int chunkSize = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(json);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunkSize);
        return new DripReply(Utf8.GetBytes(json), gate, chunkSize);
    }

    /// <summary>Waits at the gate, then answers; the call ends earlier if its caller goes away.</summary>
    public static Reply Hold(Gate gate, Reply then) => new HoldReply(gate, then);

    /// <summary>Never answers: the call ends when its caller goes away or the service stops.</summary>
    public static Reply Hang() => new HoldReply(new Gate(), Reset());

    /// <summary>Answers 200 and says JSON, but the body is cut off in the middle of a value.</summary>
    public static Reply Garbage() => Json("""{"predictions": [{"name": "An""");

    /// <summary>Answers 200 and says JSON, but the body is these bytes.</summary>
    public static Reply Garbage(ReadOnlyMemory<byte> body) =>
        new WholeReply(200, "application/json", body, retryAfter: null);

    internal abstract Task SendAsync(ReplyTarget target, CancellationToken cancellationToken);
}
