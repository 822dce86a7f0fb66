using System.IO.Hashing;
using System.Security.Cryptography;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Uploads: visible as a whole or not at all, and exact to the byte (S1).</summary>
public abstract class UploadContract(IStoreHost host) : StoreContract(host)
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>So many tasks are written before the commit.</summary>
    private const int TasksOfTransaction = 1000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData((Megabyte / 3 * 3) - 1)]
    [InlineData(Megabyte / 3 * 3)]
    [InlineData((Megabyte / 3 * 3) + 1)]
    [InlineData((2 * Megabyte / 3 * 3) + 2)]
    [InlineData((5 * Megabyte) + 7)]
    public async Task A_payload_of_any_size_comes_back_as_it_was_sent(int size)
    {
        var sent = RandomBytes(size, seed: size);

        var job = await UploadAsync([[sent]], piece: 70_001);

        var task = await ClaimOneAsync();
        var part = Assert.Single(task.Payloads);
        Assert.Equal(("image", "data:image/png;base64,", size), (part.Slot, part.DataUrlPrefix, part.Size));
        Assert.Equal(sent, await ReadAsync(part));
        // A claim brings small parts along.
        Assert.Equal(size <= PayloadRef.SmallSize ? sent : [], part.Bytes.ToArray());
        Assert.Equal(SHA256.HashData(sent), Host.Sha256Of(part.Key));
        Assert.Equal((long)XxHash3.HashToUInt64(sent), Host.ChecksumOf(part.Key));
        Assert.Equal([part with { Bytes = default, Place = null }], await Store.Read.ListPayloadsAsync(task.Key, Cancellation));
        Assert.Equal(size, (await JobAsync(job)).PayloadBytes);
    }

    [Fact]
    public async Task A_job_has_no_more_tasks_than_its_ids_can_name()
    {
        await using var upload = Store.OpenUpload(Node);
        // Begun and not ended: nothing is written.
        for (var i = 0; i < TaskKey.MaxTasksPerJob; i++) upload.BeginTask();

        var error = Assert.Throws<TooManyTasksException>(upload.BeginTask);

        Assert.Equal("A job can have at most 16777215 tasks: submit the rest as further jobs.", error.Message);
    }

    [Fact]
    public async Task Names_and_ids_of_items_stay_with_their_tasks()
    {
        // More than one flush writes at once, so ids go to tasks that are stored and to tasks that are not.
        const int Count = 2_500;
        await using var upload = Store.OpenUpload(Node);
        for (var i = 0; i < Count; i++)
        {
            upload.BeginTask();
            if (i % 2 == 0) upload.NameTask(new ItemName($"photo {i}\0.jpg", i % 4 == 0 ? "\"own\"" : null));
            await upload.EndTaskAsync(i % 3 == 0 ? TestJobs.Input(i) : default, Cancellation);
        }

        await upload.IdentifyTasksAsync([.. Enumerable.Range(0, Count).Select(i => i % 5 == 0 ? $"{i}" : null)], Cancellation);
        var job = await upload.CommitAsync(TestJobs.Job, Cancellation);

        var stored = await Store.Read.ListTasksAsync(job.Key, 0, Count, withOutput: false, Cancellation);
        Assert.Equal(Count, stored.Count);
        var nul = stored[0].Item.Name!.Contains('\0') ? '\0' : '\uFFFD';
        ItemName Of(int i) => new(
            i % 2 == 0 ? $"photo {i}{nul}.jpg" : null, i % 5 == 0 ? $"{i}" : i % 4 == 0 ? "\"own\"" : null);
        Assert.All(stored, task => Assert.Equal(
            (Of(task.Ordinal), task.Ordinal % 3 != 0), (task.Item, task.Input.IsEmpty)));
        Assert.Equal(Of(0), (await ClaimOneAsync()).Item);
        await using var copy = Store.OpenUpload(Node);
        await copy.CopyAsync(job.Key, CopiedTasks.All, Cancellation);
        var copied = await copy.CommitAsync(TestJobs.Job, Cancellation);
        Assert.Equal(
            stored.Select(task => task.Item),
            (await Store.Read.ListTasksAsync(copied.Key, 0, Count, withOutput: false, Cancellation)).Select(task => task.Item));
    }

    [Fact]
    public async Task Many_parts_of_uneven_sizes_keep_their_bytes_and_their_order()
    {
        var random = new Random(7);
        var sent = Enumerable.Range(0, 40).Select(task => Enumerable.Range(0, task % 4)
            .Select(part => RandomBytes(random.Next(4) == 0 ? random.Next(Megabyte * 3 / 2) : random.Next(5), (task * 10) + part))
            .ToArray()).ToArray();

        await UploadAsync(sent, piece: 333_333);

        var claimed = await ClaimAsync(40);
        Assert.Equal(40, claimed.Count);
        foreach (var task in claimed)
        {
            var parts = sent[TaskKey.OrdinalOf(task.Key)];
            Assert.Equal(parts.Select(part => (long)part.Length), task.Payloads.Select(part => part.Size));
            for (var i = 0; i < parts.Length; i++) Assert.Equal(parts[i], await ReadAsync(task.Payloads[i]));
        }
    }

    [Fact]
    public async Task Small_parts_come_whole_with_their_claim_wherever_a_transaction_of_the_upload_ends()
    {
        // About 105 of them fill one transaction.
        var sent = Enumerable.Range(0, 330).Select(i => RandomBytes(10_007, i)).ToArray();

        await UploadAsync([.. sent.Select(part => new[] { part })], piece: 4_000);

        foreach (var task in await ClaimAsync(330))
            Assert.Equal(sent[TaskKey.OrdinalOf(task.Key)], Assert.Single(task.Payloads).Bytes.ToArray());
    }

    [Fact]
    public async Task A_small_part_in_two_rows_of_an_earlier_version_is_read_whole()
    {
        var sent = RandomBytes(10_007, 9);
        await UploadAsync([[sent]], piece: 4_000);
        Host.SplitPayload((await Store.Read.ListPayloadsAsync(TaskKey.From(1, 0), Cancellation))[0].Key, at: 3_000);

        var part = Assert.Single((await ClaimOneAsync()).Payloads);

        Assert.Equal(0, part.Bytes.Length);
        Assert.Equal(sent, await ReadAsync(part));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData((3 * Megabyte) + 1, true)]
    [InlineData(5, false)]
    [InlineData((3 * Megabyte) + 1, false)]
    public async Task Parts_of_a_job_are_stored_once_for_all_its_tasks_and_go_with_it(int size, bool isLast)
    {
        var before = Host.CountRows();
        var (shared, own) = (RandomBytes(size, 11), RandomBytes(7, 12));
        await using var upload = Store.OpenUpload(Node);
        if (!isLast) await AddJobPartAsync(upload, shared);
        await AddTasksAsync(upload, 2, own);
        if (isLast) await AddJobPartAsync(upload, shared);
        var job = await upload.CommitAsync(TestJobs.Job, Cancellation);

        var part = Assert.Single(await Store.Read.ListPayloadsAsync(TaskKey.From(job.Key, TaskKey.JobParts), Cancellation));
        Assert.Equal(("target", size), (part.Slot, part.Size));
        Assert.Equal(shared, await ReadAsync(part));
        Assert.Equal((2, size + 14L), (job.Total, (await JobAsync(job)).PayloadBytes));
        var tasks = await ClaimAsync(10);
        Assert.Equal([7L, 7L], tasks.Select(task => Assert.Single(task.Payloads).Size));
        Host.Verify();
        foreach (var task in tasks) await ApplyAsync(Done(task));
        await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default with { Inputs = TimeSpan.Zero }, 10, Cancellation);
        Assert.Empty(await Store.Read.ListPayloadsAsync(tasks[0].Key, Cancellation));
        Host.Verify();

        await PassAsync(TimeSpan.FromDays(40));
        while (await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation) > 0)
        {
        }

        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }

        Assert.Equal(before["payload_chunks"], Host.CountRows()["payload_chunks"]);
        Assert.Equal(before["task_payloads"], Host.CountRows()["task_payloads"]);
    }

    [Fact]
    public async Task Nothing_of_an_upload_is_seen_before_its_commit()
    {
        await using var upload = Store.OpenUpload(Node);
        await AddTasksAsync(upload, 3, RandomBytes(2 * Megabyte, 1));
        await AddTasksAsync(upload, TasksOfTransaction, null);
        Assert.Equal(1, Host.CountRows()["queue_jobs"]);

        Assert.Empty(await ClaimAsync(10));
        Assert.Empty((await Store.Read.ListJobsAsync(new JobFilter([], null, 10, 0), Cancellation)).Jobs);
        Assert.Equal(default, await Store.Read.ReadTotalsAsync(Cancellation));
        // Inside ids are guessable; even so there is nothing to be seen or cancelled.
        long job = 1, task = TaskKey.From(1, 0);
        Assert.Empty(await Store.Read.FindJobsAsync([job], Cancellation));
        Assert.Empty(await Store.Read.FindTasksAsync([task], true, Cancellation));
        Assert.Empty(await Store.Read.FindTasksAsync([task], false, Cancellation));
        Assert.Empty(await Store.Read.ListTasksAsync(job, 0, 10, true, Cancellation));
        Assert.Empty(await Store.Read.ListTasksAsync(job, 0, 10, false, Cancellation));
        Assert.Empty(await Store.Read.ListPayloadsAsync(task, Cancellation));
        Assert.True((await Store.Read.ReadVersionsAsync([job], [task], Cancellation)).IsEmpty);
        Assert.Equal(0, (await Store.Control.CancelTaskAsync(task, Cancellation)).Cancelled);
        Assert.Equal(0, (await Store.Control.CancelJobAsync(job, Cancellation)).Cancelled);
        Assert.Equal(0, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));

        var enqueued = await upload.CommitAsync(TestJobs.Job, Cancellation);

        Assert.Equal(3 + TasksOfTransaction, enqueued.Total);
        Assert.Equal(10, (await ClaimAsync(10)).Count);
        Assert.NotNull(await Store.Read.FindJobAsync(enqueued.JobId, Cancellation));
        Assert.Equal(10, (await Store.Read.ReadTotalsAsync(Cancellation)).Running);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(2500, false)]
    [InlineData(3, true)]
    public async Task An_upload_that_breaks_leaves_no_row_behind(int tasks, bool withPayloads)
    {
        await EnqueueAsync(1);
        var before = Host.CountRows();
        var upload = Store.OpenUpload(Node);
        await AddTasksAsync(upload, tasks, withPayloads ? RandomBytes(2 * Megabyte, 2) : null);
        upload.BeginTask();
        upload.BeginPayload("image", null);
        await upload.WriteAsync(RandomBytes(3 * Megabyte, 3), Cancellation);

        await upload.DisposeAsync();

        Assert.Equal(before, Host.CountRows());
    }

    [Fact]
    public async Task An_upload_of_a_dead_node_is_collected()
    {
        var other = await OpenAnotherAsync();
        var node = other.Nodes.Register("second", Lease);
        var upload = other.OpenUpload(node);
        await AddTasksAsync(upload, 3, RandomBytes(2 * Megabyte, 2));
        Assert.Equal(0, await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation));

        Clock.Advance(Lease);
        while (await Store.Maintain.RemoveUnreferencedAsync(2, Cancellation) > 0) Host.Verify();

        Assert.All(Host.CountRows(), table => Assert.Equal((table.Key, 0L), (table.Key, table.Value)));
    }

    [Fact]
    public async Task A_collected_upload_that_goes_on_is_refused_and_leaves_no_row_behind()
    {
        var upload = Store.OpenUpload(Node);
        await AddTasksAsync(upload, 2, RandomBytes(2 * Megabyte, 2));
        await AddTasksAsync(upload, TasksOfTransaction, null);
        upload.BeginTask();
        upload.BeginPayload("image", null);
        await upload.WriteAsync(RandomBytes(2 * Megabyte, 4), Cancellation);
        Clock.Advance(Lease);
        while (await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation) > 0)
        {
        }

        await Assert.ThrowsAsync<UploadLostException>(async () =>
        {
            await upload.WriteAsync(RandomBytes(3 * Megabyte, 5), Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(default, Cancellation);
            await AddTasksAsync(upload, 2000, null);
            await upload.CommitAsync(TestJobs.Job, Cancellation);
        });
        await upload.DisposeAsync();

        Assert.All(Host.CountRows(), table => Assert.Equal((table.Key, 0L), (table.Key, table.Value)));
    }

    [Fact]
    public async Task A_collected_upload_cannot_be_committed()
    {
        await using var upload = Store.OpenUpload(Node);
        await AddTasksAsync(upload, 1500, null);
        Clock.Advance(Lease);
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation));

        await Assert.ThrowsAsync<UploadLostException>(() => upload.CommitAsync(TestJobs.Job, Cancellation));

        Assert.All(Host.CountRows(), table => Assert.Equal((table.Key, 0L), (table.Key, table.Value)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1500)]
    public async Task A_commit_may_be_repeated_when_its_answer_was_lost(int tasks)
    {
        await using var upload = Store.OpenUpload(Node);
        await AddTasksAsync(upload, tasks, RandomBytes(10, 1));

        var first = await upload.CommitAsync(TestJobs.Job, Cancellation);
        var second = await upload.CommitAsync(TestJobs.Job, Cancellation);

        Assert.Equal(first, second);
        Assert.Equal(1, Host.CountRows()["queue_jobs"]);
        Assert.Equal(tasks, (await JobAsync(first)).Counters.Available);
    }

    [Fact]
    public async Task A_commit_that_failed_may_be_repeated()
    {
        var sent = RandomBytes(Megabyte / 4, 8);
        await using var upload = Store.OpenUpload(Node);
        await AddTasksAsync(upload, 2, sent);
        using (Host.BreakCommits()) await Assert.ThrowsAnyAsync<Exception>(() => upload.CommitAsync(TestJobs.Job, Cancellation));
        // A store may have staged the job before; nobody sees it.
        Assert.Equal(0, (await Store.Read.ListJobsAsync(new JobFilter([], null, 10, 0), Cancellation)).TotalCount);
        Assert.Empty(await ClaimAsync(2));

        await upload.CommitAsync(TestJobs.Job, Cancellation);

        foreach (var task in await ClaimAsync(2)) Assert.Equal(sent, await ReadAsync(Assert.Single(task.Payloads)));
    }

    [Fact]
    public async Task A_commit_needs_tasks_and_each_of_them_ended()
    {
        await using var empty = Store.OpenUpload(Node);
        await Assert.ThrowsAsync<InvalidOperationException>(() => empty.CommitAsync(TestJobs.Job, Cancellation));
        await using var open = Store.OpenUpload(Node);
        open.BeginTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => open.CommitAsync(TestJobs.Job, Cancellation));

        Assert.Equal(0, Host.CountRows()["queue_jobs"]);
    }

    [Fact]
    public async Task Uploads_side_by_side_do_not_mix()
    {
        var sent = Enumerable.Range(0, 6).Select(i => RandomBytes(Megabyte + (i * 1000), i)).ToArray();

        var jobs = await Task.WhenAll(sent.Select(bytes => Task.Run(() => UploadAsync([[bytes], [bytes]], piece: 100_000), Cancellation)));

        foreach (var (job, bytes) in jobs.Zip(sent))
        {
            foreach (var task in await Store.Read.ListTasksAsync(job.Key, 0, 10, false, Cancellation))
            {
                var part = Assert.Single(await Store.Read.ListPayloadsAsync(task.Key, Cancellation));
                Assert.Equal(bytes, await ReadAsync(part));
            }
        }
    }

    private async Task<EnqueuedJob> UploadAsync(byte[][][] tasks, int piece)
    {
        await using var upload = Store.OpenUpload(Node);
        for (var i = 0; i < tasks.Length; i++)
        {
            upload.BeginTask();
            foreach (var part in tasks[i])
            {
                upload.BeginPayload("image", "data:image/png;base64,");
                for (var from = 0; from < part.Length; from += piece)
                    await upload.WriteAsync(part.AsMemory(from, Math.Min(piece, part.Length - from)), Cancellation);
                upload.EndPayload();
            }

            await upload.EndTaskAsync(default, Cancellation);
        }

        return await upload.CommitAsync(TestJobs.Job, Cancellation);
    }

    private static async Task AddJobPartAsync(IUpload upload, byte[] bytes)
    {
        upload.BeginJobParts();
        upload.BeginPayload("target", null);
        await upload.WriteAsync(bytes, Cancellation);
        upload.EndPayload();
        await upload.EndTaskAsync(default, Cancellation);
    }

    private static async Task AddTasksAsync(IUpload upload, int count, byte[]? part)
    {
        for (var i = 0; i < count; i++)
        {
            upload.BeginTask();
            if (part is not null)
            {
                upload.BeginPayload("image", null);
                await upload.WriteAsync(part, Cancellation);
                upload.EndPayload();
            }

            await upload.EndTaskAsync(TestJobs.Input(i), Cancellation);
        }
    }

    private async Task<byte[]> ReadAsync(PayloadRef part)
    {
        using var whole = new MemoryStream();
        var chunk = new byte[Megabyte];
        for (var sequence = 0; ; sequence++)
        {
            if (await Store.Read.ReadPayloadChunkAsync(part.Key, sequence, chunk, Cancellation) is not { } length) return whole.ToArray();
            Assert.InRange(length, 1, Megabyte);
            whole.Write(chunk, 0, length);
            if (whole.Length < part.Size) Assert.Equal(0, length % 3);
        }
    }

    private static byte[] RandomBytes(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
