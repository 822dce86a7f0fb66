using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Uploads that copy the items of another job and share their binary parts with it.</summary>
public abstract class RerunContract(IStoreHost host) : StoreContract(host)
{
    private readonly List<AttemptResult> pending = [];

    [Fact]
    public async Task A_copy_has_all_items_in_order_and_shares_their_parts()
    {
        var source = await UploadAsync(3, withJobParts: true);
        var before = Host.CountRows();

        var (copy, ordinals) = await CopyAsync(source, CopiedTasks.All);

        Host.Verify();
        Assert.Equal([0, 1, 2], ordinals);
        Assert.Equal((before["payloads"], before["payload_chunks"]), (Host.CountRows()["payloads"], Host.CountRows()["payload_chunks"]));
        Assert.Equal(new JobCounters(3, 3, 0, 0, 0, 0, 0), (await JobAsync(copy)).Counters);
        Assert.Equal((await JobAsync(source)).PayloadBytes, (await JobAsync(copy)).PayloadBytes);
        foreach (var ordinal in (int[])[0, 1, 2, TaskKey.JobParts])
        {
            Assert.Equal(
                await Store.Read.ListPayloadsAsync(TaskKey.From(source.Key, ordinal), Cancellation),
                await Store.Read.ListPayloadsAsync(TaskKey.From(copy.Key, ordinal), Cancellation));
        }

        for (var i = 0; i < 3; i++) Assert.Equal(TestJobs.Input(i), (await TaskAsync(TaskKey.From(copy.Key, i))).Input.ToArray());
        Assert.Equal(6, (await ClaimAsync(10)).Count);
    }

    [Fact]
    public async Task Shared_parts_stay_until_the_last_of_the_jobs_is_gone()
    {
        var source = await UploadAsync(2, withJobParts: true);
        await EndAllAsync();
        var (copy, _) = await CopyAsync(source, CopiedTasks.All);
        await EndAllAsync();

        await RemoveAsync(source);
        var part = Assert.Single(await Store.Read.ListPayloadsAsync(TaskKey.From(copy.Key, 0), Cancellation));
        Assert.Equal(1000, await Store.Read.ReadPayloadChunkAsync(part.Key, 0, new byte[1024 * 1024], Cancellation));
        await RemoveAsync(copy);

        Assert.Equal((0, 0), ((int)Host.CountRows()["payloads"], (int)Host.CountRows()["task_payloads"]));
    }

    [Fact]
    public async Task Only_failed_items_are_copied_in_small_steps_if_asked()
    {
        const int Tasks = 2500;
        var source = await UploadAsync(Tasks);
        foreach (var task in await ClaimAsync(Tasks))
            await ApplyManyAsync(TaskKey.OrdinalOf(task.Key) % 2 == 1 ? Ended(task, TaskEvent.Fail) : Done(task));
        await ApplyRestAsync();

        var (copy, ordinals) = await CopyAsync(source, CopiedTasks.Failed);

        Assert.Equal(Enumerable.Range(0, Tasks / 2).Select(i => (2 * i) + 1), ordinals);
        Assert.Equal(Tasks / 2, (await JobAsync(copy)).Counters.Available);
        Assert.Equal(TestJobs.Input(2499), (await TaskAsync(TaskKey.From(copy.Key, 1249))).Input.ToArray());
    }

    [Fact]
    public async Task Cancelled_items_are_copied_with_failed_ones_if_asked()
    {
        var source = await UploadAsync(4);
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));
        await Store.Control.CancelJobAsync(source.Key, Cancellation);

        Assert.Equal([1], (await CopyAsync(source, CopiedTasks.Failed)).Ordinals);
        Assert.Equal([1, 2, 3], (await CopyAsync(source, CopiedTasks.Unfinished)).Ordinals);
    }

    [Fact]
    public async Task Items_are_compared_with_those_that_they_repeat_or_with_those_at_the_same_position()
    {
        var source = await UploadAsync(4);
        var tasks = await ClaimAsync(4);
        for (var i = 0; i < 4; i++) await ApplyAsync(i % 2 == 1 ? Ended(tasks[i], TaskEvent.Fail) : Done(tasks[i], $"{i}"));
        var (copy, _) = await CopyAsync(source, CopiedTasks.Failed);
        var again = await ClaimAsync(4);
        await ApplyAsync(Done(again[0], "1"));
        await ApplyAsync(Ended(again[1], TaskEvent.Fail));

        Assert.Equal(
            [new(1, 0, TaskState.Failed, TaskState.Completed, false), new(3, 1, TaskState.Failed, TaskState.Failed, true)],
            await Store.Read.ListPairsAsync(source.Key, copy.Key, true, 0, 10, Cancellation));
        Assert.Equal(
            [new(0, 0, TaskState.Completed, TaskState.Completed, false), new(1, 1, TaskState.Failed, TaskState.Failed, true)],
            await Store.Read.ListPairsAsync(source.Key, copy.Key, false, 0, 10, Cancellation));
        var back = await Store.Read.ListPairsAsync(copy.Key, source.Key, false, 1, 2, Cancellation);
        Assert.Equal(
            [new(1, 1, TaskState.Failed, TaskState.Failed, true), new(null, 2, null, TaskState.Completed, false)], back);
        Assert.All(await Store.Read.ListPairsAsync(source.Key, source.Key, false, 0, 10, Cancellation), pair => Assert.True(pair.IsSame));
    }

    [Fact]
    public async Task A_copy_that_is_not_committed_leaves_nothing()
    {
        var source = await UploadAsync(3, withJobParts: true);
        var before = Host.CountRows();

        await using (var upload = Store.OpenUpload(Node))
            Assert.Equal(3, (await upload.CopyAsync(source.Key, CopiedTasks.All, Cancellation)).Count);

        Host.Verify();
        Assert.Equal(before, Host.CountRows());
    }

    [Fact]
    public async Task A_job_that_is_gone_cannot_be_copied()
    {
        var source = await UploadAsync(1);
        await EndAllAsync();
        await Store.Control.RemoveJobAsync(source.Key, Cancellation);
        await using var upload = Store.OpenUpload(Node);

        var lost = await Assert.ThrowsAsync<SourceLostException>(() => upload.CopyAsync(source.Key, CopiedTasks.All, Cancellation));

        Assert.False(lost.IsTrimmed);
    }

    [Fact]
    public async Task Items_whose_parts_retention_removed_are_refused_and_failed_ones_are_copied()
    {
        var source = await UploadAsync(2);
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));
        var policy = RetentionPolicy.Default with { Inputs = TimeSpan.FromDays(7) };
        await PassAsync(TimeSpan.FromDays(7));
        while (await Store.Maintain.RemoveOldAsync(policy, 3, Cancellation) > 0) Host.Verify();

        await using (var upload = Store.OpenUpload(Node))
        {
            var lost = await Assert.ThrowsAsync<SourceLostException>(() => upload.CopyAsync(source.Key, CopiedTasks.All, Cancellation));
            Assert.True(lost.IsTrimmed);
        }

        var (copy, ordinals) = await CopyAsync(source, CopiedTasks.Failed);
        Assert.Equal([1], ordinals);
        Assert.Single(await Store.Read.ListPayloadsAsync(TaskKey.From(copy.Key, 0), Cancellation));
    }

    private async Task ApplyManyAsync(AttemptResult result)
    {
        pending.Add(result);
        if (pending.Count == 500) await ApplyRestAsync();
    }

    private async Task ApplyRestAsync()
    {
        if (pending.Count > 0) await Store.Work.ApplyAsync(Node, [.. pending], Cancellation);
        pending.Clear();
    }

    private async Task EndAllAsync()
    {
        foreach (var task in await ClaimAsync(10)) await ApplyAsync(Done(task));
    }

    private async Task RemoveAsync(EnqueuedJob job)
    {
        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation) > 0) Host.Verify();
    }

    private async Task<(EnqueuedJob Job, IReadOnlyList<int> Ordinals)> CopyAsync(EnqueuedJob source, CopiedTasks which)
    {
        await using var upload = Store.OpenUpload(Node);
        var ordinals = await upload.CopyAsync(source.Key, which, Cancellation);
        Assert.Equal(ordinals.Count, upload.TaskCount);
        return (await upload.CommitAsync(TestJobs.Job with { SourceJob = source.JobId }, Cancellation), ordinals);
    }

    private async Task<EnqueuedJob> UploadAsync(int tasks, bool withJobParts = false)
    {
        await using var upload = Store.OpenUpload(Node);
        if (withJobParts)
        {
            upload.BeginJobParts();
            await AddPartAsync(upload, "target", 500);
            await upload.EndTaskAsync(default, Cancellation);
        }

        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            if (i < 10) await AddPartAsync(upload, "image", 1000);
            await upload.EndTaskAsync(TestJobs.Input(i), Cancellation);
        }

        return await upload.CommitAsync(TestJobs.Job, Cancellation);
    }

    private static async Task AddPartAsync(IUpload upload, string slot, int size)
    {
        upload.BeginPayload(slot, null);
        await upload.WriteAsync(new byte[size], Cancellation);
        upload.EndPayload();
    }
}
