using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Storage.Uploads;

/// <summary>
/// The common part of uploads to both databases: tasks and their parts are collected in a buffer, which is written when it is full.
/// </summary>
internal abstract class BufferedUpload : IUpload
{
    private const int IdsPerTransaction = 1000;

    private PendingTask? task;
    private PendingPayload? payload;

    public int TaskCount { get; private set; }

    protected UploadBuffer Buffer { get; } = new();

    /// <summary>The size of all complete parts, in bytes.</summary>
    protected long PayloadBytes { get; private set; }

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
            await FlushAsync(cancellationToken);
        }
    }

    public void EndPayload()
    {
        Buffer.Cut(payload!);
        payload!.End();
        PayloadBytes += payload.Size;
        payload = null;
    }

    public async ValueTask EndTaskAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        Buffer.Add(task! with { Input = input.ToArray() });
        task = null;
        if (Buffer.WantsFlush) await FlushAsync(cancellationToken);
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

    public async Task<IReadOnlyList<int>> CopyAsync(long sourceKey, bool onlyFailed, CancellationToken cancellationToken)
    {
        if (TaskCount > 0) throw new InvalidOperationException("The upload has tasks already.");
        // The job's row is staged first.
        await FlushAsync(cancellationToken);
        var ordinals = new List<int>();
        for (int? next = 0; next is { } from;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var copied = await CopyBatchAsync(sourceKey, from, onlyFailed, cancellationToken);
            ordinals.AddRange(copied.Ordinals);
            TaskCount = ordinals.Count;
            PayloadBytes += copied.Bytes;
            next = copied.Next;
        }

        return ordinals;
    }

    public Task<EnqueuedJob> CommitAsync(NewJob job, CancellationToken cancellationToken)
    {
        if (TaskCount == 0) throw new InvalidOperationException("A job needs at least one task.");
        if (task is not null) throw new InvalidOperationException("The last task of the upload was not ended.");
        return PublishAsync(job, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Buffer.Dispose();
        payload?.Dispose();
        await DiscardAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes and empties the buffer.</summary>
    protected abstract Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>Gives tasks that are in the database their ids.</summary>
    protected abstract Task IdentifyStoredAsync(IReadOnlyList<(int Ordinal, string Id)> ids, CancellationToken cancellationToken);

    /// <summary>Copies items of another job behind the tasks that the upload has.</summary>
    protected abstract Task<CopiedItems> CopyBatchAsync(long sourceKey, int from, bool onlyFailed, CancellationToken cancellationToken);

    /// <summary>Writes the rest and makes the job visible.</summary>
    protected abstract Task<EnqueuedJob> PublishAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>Removes what was written of a job that was not published.</summary>
    protected abstract ValueTask DiscardAsync();
}
