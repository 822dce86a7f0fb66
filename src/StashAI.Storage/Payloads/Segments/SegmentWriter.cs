using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads.Segments;

/// <summary>
/// The segments of one upload: bytes are only appended. While bytes are written and summed, the next bytes of the body are read and
/// decoded. A failed write or flush makes all later calls fail, because what the place has is unknown then.
/// </summary>
internal sealed class SegmentWriter(ISegmentPlace place, long nodeKey) : IDisposable
{
    private readonly Guid upload = Guid.NewGuid();
    private readonly List<Segment> segments = [];
    private Exception? failure;
    private Task writing = Task.CompletedTask;
    private bool areNamesFlushed;

    /// <summary>True when there is a segment.</summary>
    public bool HasSegments => segments.Count > 0;

    /// <summary>The segment that the next payload goes to, behind bytes that are still to be written; null for one to come.</summary>
    public Segment? Next(long unwritten) =>
        segments is [.., { Sink.IsComplete: false } last] && last.Length + unwritten < place.RollSize ? last : null;

    /// <summary>Begins a segment. The one before is complete: it is flushed and closed, so that a large upload has one open.</summary>
    public async Task RollAsync()
    {
        await WrittenAsync();
        if (HasSegments)
        {
            await TryAsync(() => FlushAsync(segments[^1]));
            segments[^1].Sink.Dispose();
        }

        var name = SegmentName.Of(nodeKey, upload, segments.Count, place.Extension);
        try
        {
            await TryAsync(async () => segments.Add(new Segment(name, await place.CreateAsync(name))));
            areNamesFlushed = false;
        }
        catch (PayloadFileException)
        {
            // A full disk may have the name of the file and no room for more.
            await TryAsync(() => place.DeleteAsync(name, isBroken: true), isRemoval: true);
            throw;
        }
    }

    /// <summary>
    /// Begins to append bytes to the last segment, once those before are written, and to add them to the sums of their payloads. They must
    /// stay as they are until the next call of anything here has returned.
    /// </summary>
    /// <returns>True when a write was begun.</returns>
    public async ValueTask<bool> AppendAsync(ReadOnlyMemory<byte> bytes, IReadOnlyList<UnsummedChunk> chunks)
    {
        if (bytes.IsEmpty) return false;
        await WrittenAsync();
        var segment = segments[^1];
        segment.Length += bytes.Length;
        writing = WriteAsync(segment.Sink, bytes, chunks);
        return true;
    }

    /// <summary>Returns when no write is under way; what went wrong is told by all other calls.</summary>
    public async Task SettleAsync() => await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Returns when all bytes, and the names of the segments, are durable.</summary>
    public Task FlushAsync() => !HasSegments && failure is null ? Task.CompletedTask : TryAsync(async () =>
    {
        await writing;
        foreach (var segment in segments.Where(segment => segment.Flushed != segment.Length)) await FlushAsync(segment);
        if (!areNamesFlushed) await place.FlushNamesAsync();
        areNamesFlushed = true;
    });

    /// <summary>Removes the segments. Only for an upload that can never be committed.</summary>
    public Task DeleteAsync() => TryAsync(
        async () =>
        {
            await SettleAsync();
            foreach (var segment in segments) await segment.Sink.DiscardAsync();
            segments.Clear();
        },
        isRemoval: true);

    public void Dispose()
    {
        foreach (var segment in segments) segment.Sink.Dispose();
    }

    /// <summary>Returns when no write is under way, and fails with the last one.</summary>
    public async ValueTask WrittenAsync()
    {
        if (failure is null && writing.IsCompletedSuccessfully) return;
        await TryAsync(() => writing);
    }

    private static async Task WriteAsync(ISegmentSink sink, ReadOnlyMemory<byte> bytes, IReadOnlyList<UnsummedChunk> chunks)
    {
        var summing = Task.Run(() =>
        {
            foreach (var chunk in chunks) chunk.Add();
        });
        try
        {
            await sink.AppendAsync(bytes);
        }
        finally
        {
            await summing;
        }
    }

    private static async Task FlushAsync(Segment segment)
    {
        await segment.Sink.FlushAsync();
        segment.Flushed = segment.Length;
    }

    private async Task TryAsync(Func<Task> action, bool isRemoval = false)
    {
        if (failure is not null && !isRemoval) throw failure;
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is PayloadFileException or UploadLostException)
        {
            failure = exception;
            throw;
        }
    }
}

/// <summary>A segment that an upload writes.</summary>
internal sealed class Segment(string name, ISegmentSink sink)
{
    public string Name { get; } = name;

    public ISegmentSink Sink { get; } = sink;

    /// <summary>How many bytes were written.</summary>
    public long Length { get; set; }

    /// <summary>How many of them are durable for certain.</summary>
    public long Flushed { get; set; }

    /// <summary>The key of its row, once that is committed.</summary>
    public long? Key { get; set; }
}
