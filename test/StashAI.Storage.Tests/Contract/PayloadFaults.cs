using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// One life of payloads in segments: an upload that breaks, one that is committed, a trim and a removal. At each step at their place, once
/// before and once after it is done, the process ends or the place is full. Then another process cleans up: a job that can be seen has all
/// its bytes, and in the end nothing is left.
/// </summary>
internal sealed class PayloadFaults(IStoreHost host, PayloadKeeping keeping)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<byte[]> sent = [Bytes(1_500_000, 1), Bytes(200_000, 2), Bytes(300_000, 3), Bytes(20_000, 4)];
    private long node;
    private EnqueuedJob? job;
    private bool isTrimmed;

    /// <summary>Runs it with a fault at one step; false when there are fewer steps.</summary>
    public async Task<bool> RunAsync(int failAt, bool isDone, bool isEnd, CancellationToken cancellationToken)
    {
        FaultyPlace? place = null;
        keeping.RollSize = 400_000;
        keeping.Wrap = inner => place = new FaultyPlace(inner) { FailAt = failAt, IsDone = isDone, IsEnd = isEnd };
        await using var store = await host.OpenAsync(clock, cancellationToken);
        node = store.Nodes.Register("first", Lease);
        var faulty = place!;
        try
        {
            await LiveAsync(store, isEnd, cancellationToken);
        }
        catch (EndOfProcessException)
        {
            Assert.True(isEnd);
        }

        Assert.Equal(faulty.Steps >= failAt, faulty.HasFailed);
        keeping.Wrap = null;
        await using var survivor = await host.OpenAsync(clock, cancellationToken);
        await CleanAsync(survivor, isLost: isEnd || faulty.HasKeptSegment, cancellationToken);
        return faulty.HasFailed;
    }

    private async Task LiveAsync(IQueueStore store, bool isEnd, CancellationToken cancellationToken)
    {
        await TryAsync(async () => await FillAsync(store, isCommit: false, isEnd, cancellationToken), isEnd);
        await TryAsync(async () => job = await FillAsync(store, isCommit: true, isEnd, cancellationToken), isEnd);
        if (job is null) return;
        var tasks = (await store.Work.ClaimAsync(node, 10, 0, [TestJobs.Service], cancellationToken)).Tasks;
        foreach (var task in tasks)
        {
            await store.Work.ApplyAsync(
                node,
                [
                    new AttemptResult
                    {
                        Task = task,
                        Event = TaskKey.OrdinalOf(task.Key) == 2 ? TaskEvent.Fail : TaskEvent.Succeed,
                        Output = "{}"u8.ToArray(),
                    },
                ],
                cancellationToken);
        }

        isTrimmed = true;
        while (await store.Maintain.RemoveOldAsync(RetentionPolicy.Default with { Inputs = TimeSpan.Zero }, 10, cancellationToken) > 0)
        {
        }

        await TryAsync(() => CollectAsync(store, cancellationToken), isEnd);
        Assert.True(await store.Control.RemoveJobAsync(job.Key, cancellationToken));
        await TryAsync(() => CollectAsync(store, cancellationToken), isEnd);
    }

    /// <summary>A full place is an error that says so, and the next call may work; a removal is repeated by the upkeep.</summary>
    private static async Task TryAsync(Func<Task> step, bool isEnd)
    {
        try
        {
            await step();
        }
        catch (PayloadFileException exception) when (!isEnd)
        {
            Assert.True(exception.IsDiskFull);
            Assert.Equal(StoreTrouble.DiskFull, StoreTroubles.Of(exception));
        }
    }

    private async Task<EnqueuedJob?> FillAsync(IQueueStore store, bool isCommit, bool isEnd, CancellationToken cancellationToken)
    {
        var upload = store.OpenUpload(node);
        try
        {
            foreach (var part in sent)
            {
                upload.BeginTask();
                upload.BeginPayload("part", null);
                await upload.WriteAsync(part, cancellationToken);
                upload.EndPayload();
                await upload.EndTaskAsync(default, cancellationToken);
            }

            return isCommit ? await upload.CommitAsync(TestJobs.Job, cancellationToken) : null;
        }
        catch (EndOfProcessException)
        {
            // A process that ends disposes nothing.
            upload = null;
            throw;
        }
        finally
        {
            if (upload is not null) await DiscardAsync(upload);
        }
    }

    /// <summary>The answer to a client is why its upload ended, and never that something of it could not be removed.</summary>
    private static async Task DiscardAsync(IUpload upload)
    {
        try
        {
            await upload.DisposeAsync();
        }
        catch (PayloadFileException exception)
        {
            Assert.Fail($"The end of an upload says: {exception.Message}");
        }
    }

    private async Task CleanAsync(IQueueStore store, bool isLost, CancellationToken cancellationToken)
    {
        if (isLost)
        {
            await store.Maintain.ObserveClockAsync(cancellationToken);
            clock.Advance(Lease + TimeSpan.FromSeconds(1));
            await store.Maintain.ObserveClockAsync(cancellationToken);
            store.Nodes.Register("second", Lease);
            await store.Maintain.RescueAsync(100, cancellationToken);
        }

        await CollectAsync(store, cancellationToken);
        foreach (var seen in (await store.Read.ListJobsAsync(new JobFilter([], null, 10, 0), cancellationToken)).Jobs)
        {
            for (var ordinal = 0; ordinal < sent.Count; ordinal++)
            {
                var parts = await store.Read.ListPayloadsAsync(TaskKey.From(seen.Key, ordinal), cancellationToken);
                if (!isTrimmed || ordinal == 2) Assert.Single(parts);
                foreach (var part in parts) Assert.Equal(sent[ordinal], await ReadAsync(store, part, cancellationToken));
            }

            await store.Control.CancelJobAsync(seen.Key, cancellationToken);
            Assert.True(await store.Control.RemoveJobAsync(seen.Key, cancellationToken));
        }

        await CollectAsync(store, cancellationToken);
        foreach (var table in (string[])["queue_jobs", "payloads", "payload_chunks", "payload_segments", "task_payloads"])
            Assert.Equal((table, 0L), (table, host.CountRows()[table]));
        Assert.Empty(host.Shelf!.Names);
        Assert.Equal(0, host.Shelf.Unfinished);
    }

    private async Task CollectAsync(IQueueStore store, CancellationToken cancellationToken)
    {
        while (await store.Maintain.RemoveUnreferencedAsync(10, cancellationToken) > 0) host.Verify();
    }

    private static async Task<byte[]> ReadAsync(IQueueStore store, PayloadRef part, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        await foreach (var piece in store.Read.ReadPayloadAsync(part.Key, part.Size, cancellationToken)) whole.Write(piece.Span);
        return whole.ToArray();
    }

    private static byte[] Bytes(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
