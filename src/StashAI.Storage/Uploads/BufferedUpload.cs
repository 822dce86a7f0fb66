using Microsoft.Extensions.Logging;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Uploads;

/// <summary>
/// The common part of uploads to both databases: tasks and their parts are collected in a buffer, which is written when it is full. With
/// segments, large parts go from the buffer to one of them, and only their places to the database.
/// </summary>
/// <param name="segments">The segments of the upload; null to keep all parts in rows.</param>
/// <param name="logger">Says what could not be removed of a broken upload.</param>
internal abstract class BufferedUpload(SegmentWriter? segments, ILogger logger) : IUpload
{
    private const int IdsPerTransaction = 1000;

    /// <summary>The parts of an upload that has no more bytes stay in rows: a segment would cost more than it saves.</summary>
    private const int MaxRowBytes = 64 * 1024;

    private PendingTask? task;
    private PendingPayload? payload;
    private bool keepsLargeInputsApart;

    public int TaskCount { get; private set; }

    /// <summary>The segments of the upload; null to keep all parts in rows.</summary>
    protected SegmentWriter? Segments { get; } = segments;

    protected UploadBuffer Buffer { get; } = new();

    /// <summary>The size of all complete parts, in bytes.</summary>
    protected long PayloadBytes { get; private set; }

    public void KeepLargeInputsApart() => keepsLargeInputsApart = true;

    public void BeginTask()
    {
        TooManyTasksException.ThrowIfFull(TaskCount);
        task = new PendingTask(TaskCount++, [], []);
    }

    public void BeginJobParts() => task = new PendingTask(TaskKey.JobParts, [], []);

    public void NameTask(ItemName name) => task = task! with { Item = name };

    public void BeginPayload(string slot, string? dataUrlPrefix)
    {
        payload = new PendingPayload(slot, dataUrlPrefix);
        task!.Payloads.Add(payload);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[Buffer.Append(payload!, bytes.Span)..];
            if (!Buffer.IsFull) continue;
            // Only a part that needs several rows is cut: claims bring the only row of a small part along.
            if (Buffer.OpenBytes == PayloadChunk.Size) Buffer.Cut(payload!);
            cancellationToken.ThrowIfCancellationRequested();
            await WriteSegmentsAsync();
            // Without files, and with many small parts between large ones.
            if (Buffer.Chunks.Count > 0 && Buffer.Used > PayloadChunk.Size / 2) await StoreAsync(cancellationToken);
        }
    }

    public void EndPayload()
    {
        PayloadBytes += payload!.Size;
        End(payload);
    }

    public async ValueTask EndTaskAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (keepsLargeInputsApart && input.Length > LargeInput.MaxRowBytes && TryFindId(input.Span, out var id))
            await AddLargeInputAsync(input, id, cancellationToken);
        else
            Buffer.Add(task! with { Input = input.ToArray() });
        task = null;
        if (!Buffer.WantsFlush) return;
        await WriteSegmentsAsync();
        await StoreAsync(cancellationToken);
    }

    /// <summary>False for an input whose id is too long for the reference in its row.</summary>
    private static bool TryFindId(ReadOnlySpan<byte> input, out string? id)
    {
        id = ItemName.IdIn(input);
        return id is null || id.Length <= ItemName.MaxLength;
    }

    private async ValueTask AddLargeInputAsync(ReadOnlyMemory<byte> input, string? id, CancellationToken cancellationToken)
    {
        payload = new PendingPayload("", null);
        task = task! with { LargeInput = payload, LargeInputId = id };
        await WriteAsync(input, cancellationToken);
        End(payload);
        Buffer.Add(task);
    }

    private void End(PendingPayload ended)
    {
        Buffer.Cut(ended);
        ended.IsEnded = true;
        payload = null;
    }

    public async Task IdentifyTasksAsync(IReadOnlyList<string?> ids, CancellationToken cancellationToken)
    {
        var kept = Buffer.Tasks.ConvertAll(pending => pending.Ordinal).ToHashSet();
        for (var i = 0; i < Buffer.Tasks.Count; i++)
        {
            var pending = Buffer.Tasks[i];
            if (pending.Ordinal < ids.Count && ids[pending.Ordinal] is { } id)
                Buffer.Tasks[i] = pending with { Item = pending.Item with { Id = id } };
        }

        var stored = Enumerable.Range(0, Math.Min(ids.Count, TaskCount))
            .Where(ordinal => ids[ordinal] is not null && !kept.Contains(ordinal))
            .Select(ordinal => (ordinal, ids[ordinal]!));
        foreach (var batch in stored.Chunk(IdsPerTransaction))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await IdentifyStoredAsync(batch, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<int>> CopyAsync(long sourceKey, CopiedTasks which, CancellationToken cancellationToken)
    {
        if (TaskCount > 0) throw new InvalidOperationException("The upload has tasks already.");
        // The job's row is staged first.
        await FlushAsync(cancellationToken);
        var ordinals = new List<int>();
        for (int? next = 0; next is { } from;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var copied = await CopyBatchAsync(sourceKey, from, which, cancellationToken);
            ordinals.AddRange(copied.Ordinals);
            TaskCount = ordinals.Count;
            PayloadBytes += copied.Bytes;
            next = copied.Next;
        }

        return ordinals;
    }

    public async Task<EnqueuedJob> CommitAsync(NewJob job, CancellationToken cancellationToken)
    {
        if (TaskCount == 0) throw new InvalidOperationException("A job needs at least one task.");
        if (task is not null) throw new InvalidOperationException("The last task of the upload was not ended.");
        await WriteSegmentsAsync();
        // A job that can be seen never points at bytes that may be lost.
        if (Segments is not null) await Segments.FlushAsync();
        await SumAsync();
        return await PublishAsync(job, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // A write that is under way still reads from the buffer.
        if (Segments is not null) await Segments.SettleAsync();
        Buffer.Dispose();
        payload?.Dispose();
        try
        {
            await DiscardAsync();
        }
        catch (Exception exception) when (exception is UploadLostException || StoreTroubles.Of(exception) != StoreTrouble.None)
        {
            // Why the upload broke is the answer that its client needs; what it left is removed with the lease of its node at the latest.
            UploadLog.NotDiscarded(logger, exception.Message);
        }
        finally
        {
            Segments?.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Appends the large parts in the buffer to the upload's segment; small ones stay.</summary>
    private async ValueTask WriteSegmentsAsync()
    {
        if (Segments is null || (!Segments.HasSegments && Buffer.Used <= MaxRowBytes)) return;
        // A run of neighbours is one write.
        var (start, length, isBegun) = (0, 0, false);
        var unsummed = new List<UnsummedChunk>();
        foreach (var chunk in Buffer.Chunks.Where(IsLarge))
        {
            if (chunk.Start != start + length) await AppendAsync(chunk.Start);
            if (chunk.Payload.Segment is null)
            {
                if (Segments.Next(length) is null)
                {
                    await AppendAsync(chunk.Start);
                    await Segments.RollAsync();
                }

                chunk.Payload.Segment = Segments.Next(length);
                chunk.Payload.Offset = chunk.Payload.Segment!.Length + length;
            }

            length += chunk.Length;
            unsummed.Add(Buffer.Unsummed(chunk));
        }

        await AppendAsync(0);
        if (isBegun) Buffer.RemoveChunks(IsLarge);

        async ValueTask AppendAsync(int next)
        {
            isBegun |= await Segments.AppendAsync(Buffer.Memory(start, length), unsummed);
            (start, length, unsummed) = (next, 0, []);
        }

        static bool IsLarge(PendingChunk chunk) => chunk.Payload.Size > PayloadRef.SmallSize;
    }

    /// <summary>Writes the buffer to the database.</summary>
    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        await SumAsync();
        await FlushAsync(cancellationToken);
    }

    /// <summary>Completes the sums of all payloads that have ended: their rows need them.</summary>
    private async ValueTask SumAsync()
    {
        // The write that is under way has some of them.
        if (Segments is not null) await Segments.WrittenAsync();
        foreach (var chunk in Buffer.Chunks) Buffer.Unsummed(chunk).Add();
        foreach (var (_, part) in Buffer.Tasks.SelectMany(pending => pending.Parts)) part.Sums.Complete();
    }

    /// <summary>Writes and empties the buffer. The sums of its payloads are complete.</summary>
    protected abstract Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>Gives tasks that are in the database their ids.</summary>
    protected abstract Task IdentifyStoredAsync(IReadOnlyList<(int Ordinal, string Id)> ids, CancellationToken cancellationToken);

    /// <summary>Copies items of another job behind the tasks that the upload has.</summary>
    protected abstract Task<CopiedItems> CopyBatchAsync(long sourceKey, int from, CopiedTasks which, CancellationToken cancellationToken);

    /// <summary>Writes the rest and makes the job visible.</summary>
    protected abstract Task<EnqueuedJob> PublishAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>Removes what was written of a job that was not published.</summary>
    protected abstract ValueTask DiscardAsync();
}
