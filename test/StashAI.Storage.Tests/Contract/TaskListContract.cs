using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Pages of tasks over all jobs.</summary>
public abstract class TaskListContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Tasks_come_newest_job_first_and_of_one_job_in_order()
    {
        var first = await EnqueueAsync(3);
        var single = await EnqueueAsync(1, TestJobs.Job with { IsSingleTask = true });
        var last = await EnqueueAsync(2, TestJobs.Job with { Service = "other" });

        var page = await ListAsync(limit: 4);
        Assert.Equal((6L, true), (page.TotalCount, page.HasMore));
        Assert.Equal(
            [TaskKey.From(last.Key, 1), TaskKey.From(last.Key, 0), TaskKey.From(single.Key, 0), TaskKey.From(first.Key, 2)],
            page.Tasks.Select(task => task.Key));
        Assert.Equal([TaskKey.From(first.Key, 1), TaskKey.From(first.Key, 0)], (await ListAsync(offset: 4)).Tasks.Select(task => task.Key));
        Assert.Equal([1, 0], (await ListAsync(service: "other")).Tasks.Select(task => task.Ordinal));
        Assert.Equal([0, 1, 2], (await ListAsync(job: first.Key)).Tasks.Select(task => task.Ordinal));
        Assert.Equal(0, (await ListAsync(job: 4711)).TotalCount);
    }

    [Fact]
    public async Task Tasks_are_filtered_by_state_and_counted_from_counters()
    {
        var job = await EnqueueAsync(4);
        var later = await EnqueueAsync(2, TestJobs.Job with { StartAt = Clock.GetUtcNow().AddHours(1) });
        var claimed = await ClaimAsync(3);
        await ApplyAsync(Done(claimed[0]));
        await ApplyAsync(Ended(claimed[1], TaskEvent.Fail));

        Assert.Equal([0], await OrdinalsAsync(TaskState.Completed));
        Assert.Equal([1], await OrdinalsAsync(TaskState.Failed));
        Assert.Equal([2], await OrdinalsAsync(TaskState.Running));
        Assert.Equal([3], await OrdinalsAsync(TaskState.Available));
        Assert.Equal([1, 0], await OrdinalsAsync(TaskState.Scheduled));
        Assert.Equal([], await OrdinalsAsync(TaskState.Cancelled));
        Assert.Equal([1, 0], await OrdinalsAsync(TaskState.Failed, TaskState.Completed));
        var ofLater = await ListAsync(job: later.Key, states: TaskState.Scheduled);
        Assert.All(ofLater.Tasks, task => Assert.Equal(TaskState.Scheduled, task.State));
        Assert.Equal(2, ofLater.TotalCount);
        Assert.Empty((await ListAsync(job: later.Key, states: TaskState.Available)).Tasks);
        Assert.Single((await ListAsync(job: job.Key, states: TaskState.Available)).Tasks);
    }

    [Fact]
    public async Task An_upload_under_way_has_no_tasks()
    {
        await using var upload = Store.OpenUpload(Node);
        upload.BeginTask();
        upload.BeginPayload("image", null);
        await upload.WriteAsync(new byte[3 << 20], Cancellation);

        Assert.Empty((await ListAsync()).Tasks);
    }

    private async Task<IEnumerable<int>> OrdinalsAsync(params TaskState[] states)
    {
        var page = await ListAsync(states: states);
        Assert.Equal(page.Tasks.Count, page.TotalCount);
        Assert.False(page.HasMore);
        return page.Tasks.Select(task => task.Ordinal);
    }

    private Task<TaskPage> ListAsync(
        int limit = 100, int offset = 0, string? service = null, long? job = null, params TaskState[] states) =>
        Store.Read.ListTasksAsync(new TaskFilter(states, service, job, limit, offset), Cancellation);
}
