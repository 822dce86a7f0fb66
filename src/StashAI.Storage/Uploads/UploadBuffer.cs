using System.Buffers;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Payloads;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Uploads;

/// <summary>
/// What an upload keeps in memory between two transactions: at most one chunk of bytes and a thousand tasks, and as many bytes that are
/// being written to a segment.
/// </summary>
internal sealed class UploadBuffer : IDisposable
{
    private const int MaxTasks = 1000;
    private const int MaxInputBytes = 1024 * 1024;

    private byte[]? bytes;
    private byte[]? writing;
    private int inputBytes;

    public List<PendingTask> Tasks { get; } = [];

    /// <summary>
    /// The first and the last ordinal of the tasks, which have all between them; null for none. Parts of the job are no task.
    /// </summary>
    public (int First, int Last)? Ordinals =>
        Tasks.Find(IsTask) is { } first ? (first.Ordinal, Tasks.FindLast(IsTask)!.Ordinal) : null;

    public List<PendingChunk> Chunks { get; } = [];

    public int Used { get; private set; }

    public bool WantsFlush => Tasks.Count >= MaxTasks || inputBytes >= MaxInputBytes;

    public bool IsFull => Used == PayloadChunk.Size;

    /// <summary>How many bytes of the current payload are not in a chunk yet.</summary>
    public int OpenBytes => Used - ChunksEnd;

    private int ChunksEnd => Chunks.Count == 0 ? 0 : Chunks[^1].Start + Chunks[^1].Length;

    public ReadOnlySpan<byte> Bytes(PendingChunk chunk) => bytes.AsSpan(chunk.Start, chunk.Length);

    /// <summary>The bytes of a chunk as memory; valid until the buffer is cleared.</summary>
    public ReadOnlyMemory<byte> Memory(PendingChunk chunk) => bytes.AsMemory(chunk.Start, chunk.Length);

    /// <inheritdoc cref="Memory(PendingChunk)"/>
    public ReadOnlyMemory<byte> Memory(int start, int length) => bytes.AsMemory(start, length);

    /// <summary>A chunk that is still to be added to the sums of its payload; valid as long as its memory.</summary>
    public UnsummedChunk Unsummed(PendingChunk chunk) => new(
        chunk.Payload.Sums, chunk.Sequence, Memory(chunk), chunk.Payload.IsEnded && chunk.Sequence == chunk.Payload.NextSequence - 1);

    /// <summary>Appends as many bytes as fit; returns how many.</summary>
    public int Append(PendingPayload payload, ReadOnlySpan<byte> source)
    {
        bytes ??= ArrayPool<byte>.Shared.Rent(PayloadChunk.Size);
        var taken = Math.Min(source.Length, PayloadChunk.Size - Used);
        source[..taken].CopyTo(bytes.AsSpan(Used));
        Used += taken;
        payload.Size += taken;
        return taken;
    }

    /// <summary>
    /// Ends the chunk of the current payload. Unless it is the last, it fills the buffer, whose size is a multiple of 3, so that the
    /// chunks' base64 can be concatenated.
    /// </summary>
    public void Cut(PendingPayload payload)
    {
        if (OpenBytes > 0) Chunks.Add(new PendingChunk(payload, payload.NextSequence++, ChunksEnd, OpenBytes));
    }

    /// <summary>
    /// Removes chunks that are being written elsewhere, and moves what is left together in another array: the one that had them stays as it
    /// is until this is called again.
    /// </summary>
    public void RemoveChunks(Predicate<PendingChunk> isWritten)
    {
        var (open, openStart, end) = (OpenBytes, ChunksEnd, 0);
        var left = new List<PendingChunk>();
        (writing, bytes) = (bytes, writing ?? ArrayPool<byte>.Shared.Rent(PayloadChunk.Size));
        foreach (var chunk in Chunks.Where(chunk => !isWritten(chunk)))
        {
            writing.AsSpan(chunk.Start, chunk.Length).CopyTo(bytes.AsSpan(end));
            left.Add(chunk with { Start = end });
            end += chunk.Length;
        }

        if (open > 0) writing.AsSpan(openStart, open).CopyTo(bytes.AsSpan(end));
        Used = end + open;
        Chunks.Clear();
        Chunks.AddRange(left);
    }

    public void Add(PendingTask task)
    {
        Tasks.Add(task);
        inputBytes += task.Input.Length + (task.Item.Name?.Length ?? 0) + (task.Item.Id?.Length ?? 0);
    }

    /// <summary>Removes what was flushed; keeps the bytes of an unfinished payload that are not in a chunk.</summary>
    public void Clear()
    {
        var end = ChunksEnd;
        if (bytes is not null) bytes.AsSpan(end, Used - end).CopyTo(bytes);
        Used -= end;
        Chunks.Clear();
        RemoveTasks();
        inputBytes = 0;
    }

    public void Dispose()
    {
        if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
        if (writing is not null) ArrayPool<byte>.Shared.Return(writing);
        (bytes, writing) = (null, null);
        RemoveTasks();
    }

    private static bool IsTask(PendingTask task) => task.Ordinal != TaskKey.JobParts;

    private void RemoveTasks()
    {
        foreach (var (_, part) in Tasks.SelectMany(task => task.Parts)) part.Dispose();
        Tasks.Clear();
    }
}

/// <summary>A payload that is being uploaded.</summary>
internal sealed class PendingPayload(string slot, string? dataUrlPrefix) : IDisposable
{
    public string Slot { get; } = slot;

    public string? DataUrlPrefix { get; } = dataUrlPrefix;

    public long Size { get; set; }

    public int NextSequence { get; set; }

    /// <summary>True when all its chunks are cut.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Its sums, which belong to the write to a segment that is under way.</summary>
    public PayloadSums Sums { get; } = new();

    /// <summary>The payload's key, once its row exists.</summary>
    public long? Key { get; set; }

    /// <summary>The segment that its bytes are in; null for rows.</summary>
    public Segment? Segment { get; set; }

    /// <summary>Where they begin in it.</summary>
    public long Offset { get; set; }

    public void Dispose() => Sums.Dispose();
}

/// <summary>Bytes of a payload in the buffer.</summary>
internal readonly record struct PendingChunk(PendingPayload Payload, int Sequence, int Start, int Length);

/// <summary>A task that is complete but not stored yet.</summary>
internal sealed record PendingTask(int Ordinal, byte[] Input, List<PendingPayload> Payloads)
{
    public ItemName Item { get; init; }

    /// <summary>The input as a payload, when it is too large for a row; null for others.</summary>
    public PendingPayload? LargeInput { get; init; }

    /// <summary>The client's id in that input, as JSON; null for none.</summary>
    public string? LargeInputId { get; init; }

    /// <summary>True when the task has a row of its own for its input and its name.</summary>
    public bool HasInput => Input.Length > 0 || LargeInput is not null || !Item.IsNone;

    /// <summary>All parts that are stored as payloads, with their ordinals.</summary>
    public IEnumerable<(int Ordinal, PendingPayload Part)> Parts => Payloads.Count == 0 && LargeInput is null ? [] :
        Payloads.Select((part, i) => (i, part)).Concat(LargeInput is { } input ? [(StoredInput.Ordinal, input)] : []);

    /// <summary>What the task's row has as its input, once the payload's key is known.</summary>
    public byte[] RowInput(Func<PendingPayload, long> keyOf) =>
        LargeInput is { } input ? StoredInput.Reference(new LargeInput(keyOf(input), input.Size, LargeInputId)) : Input;
}
