using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Claims: each task once, in the right order, never past a limit (S2, S3).</summary>
public abstract class ClaimContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Lanes_take_turns_over_claims_of_one_task_each()
    {
        await EnqueueAsync(6);
        await EnqueueAsync(6, TestJobs.Job with { Service = "other" });
        await EnqueueAsync(6, TestJobs.Job with { Upstream = new Uri("http://127.0.0.1:10/echo") });

        var lanes = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            lanes.Add((await ClaimOneAsync()).Job.LaneKey);
        }

        Assert.Equal(3, lanes[..3].Distinct().Count());
        Assert.Equal(lanes[..3], lanes[3..]);
    }

    [Fact]
    public async Task Tasks_of_a_job_come_in_item_order_with_all_an_executor_needs()
    {
        var job = await EnqueueAsync(5, TestJobs.Job with { MaxAttempts = 7, Config = "{\"k\":1}"u8.ToArray() });

        var first = await ClaimAsync(2);
        var rest = await ClaimAsync(10);

        Assert.Equal([0, 1], first.Select(task => TaskKey.OrdinalOf(task.Key)));
        Assert.Equal([2, 3, 4], rest.Select(task => TaskKey.OrdinalOf(task.Key)));
        var task = first[1];
        Assert.Equal(TestJobs.Input(1), task.Input.ToArray());
        Assert.Equal((1, 1, 2), (task.Fence, task.Attempt, task.Version));
        Assert.Equal(TaskKey.TaskId(job.JobId, 1), task.TaskId);
        Assert.Equal(
            (job.Key, job.JobId, "echo", "echo", 7),
            (task.Job.Key, task.Job.JobId, task.Job.Service, task.Job.TaskType, task.Job.MaxAttempts));
        Assert.Equal(TestJobs.Job.Upstream, task.Job.Upstream);
        Assert.Equal("{\"k\":1}"u8.ToArray(), task.Job.Config.ToArray());
        Assert.Empty(task.Payloads);
        Assert.Equal((await JobAsync(job)).Version, rest[0].Job.Version);
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_claim_tells_what_it_changed()
    {
        var job = await EnqueueAsync(3);

        var batch = await Store.Work.ClaimAsync(Node, 2, 0, [TestJobs.Service], Cancellation);

        Assert.Equal(batch.Tasks.Select(task => new TaskChange(task.Key, 2, TaskState.Running)), batch.Changes.Tasks);
        var view = await JobAsync(job);
        Assert.Equal([new JobChange(job.Key, job.JobId, view.Version, JobState.Pending, JobState.Running)], batch.Changes.Jobs);
        Assert.Equal(new JobCounters(3, 1, 0, 2, 0, 0, 0), view.Counters);
        Assert.Equal((JobState.Running, Clock.GetUtcNow()), (view.State, view.StartedAt));
    }

    [Fact]
    public async Task Priority_is_strict_over_jobs_and_lanes()
    {
        await EnqueueAsync(3, TestJobs.Job with { Priority = 1 });
        await EnqueueAsync(3, TestJobs.Job with { Priority = 5 });
        await EnqueueAsync(3, TestJobs.Job with { Priority = 9, Upstream = new Uri("http://127.0.0.1:8/") });
        await EnqueueAsync(3, TestJobs.Job with { Priority = 4, Service = "other" });

        var order = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            foreach (var task in await ClaimAsync(2)) order.Add((await Store.Read.FindJobsAsync([task.Job.Key], Cancellation))[0].Priority);
        }

        Assert.Equal([9, 9, 9, 5, 5, 5, 4, 4, 4, 1, 1, 1], order);
    }

    [Fact]
    public async Task Max_parallel_holds_until_a_task_ends()
    {
        await EnqueueAsync(5, TestJobs.Job with { MaxParallel = 2 });

        var two = await ClaimAsync(10);
        Assert.Equal(2, two.Count);
        Assert.Empty(await ClaimAsync(10));

        await ApplyAsync(Done(two[0]));
        Assert.Equal([2], (await ClaimAsync(10)).Select(task => TaskKey.OrdinalOf(task.Key)));
        await ApplyAsync(Ended(two[1], TaskEvent.Release));
        Assert.Equal([1], (await ClaimAsync(10)).Select(task => TaskKey.OrdinalOf(task.Key)));
    }

    [Fact]
    public async Task Only_the_services_that_were_asked_for_are_claimed()
    {
        await EnqueueAsync(2);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });

        var batch = await Store.Work.ClaimAsync(Node, 10, 0, ["other", "unknown"], Cancellation);

        Assert.Equal(["other", "other"], batch.Tasks.Select(task => task.Job.Service));
        Assert.Empty((await Store.Work.ClaimAsync(Node, 10, 0, [], Cancellation)).Tasks);
    }

    [Fact]
    public async Task Released_and_retried_tasks_come_before_fresh_ones()
    {
        await EnqueueAsync(6);
        var claimed = await ClaimAsync(4);
        await ApplyAsync(Ended(claimed[2], TaskEvent.Release));
        await ApplyAsync(Ended(claimed[1], TaskEvent.RetryLater));
        await Store.Maintain.PromoteAsync(10, Cancellation);

        var again = await ClaimAsync(3);

        Assert.Equal([1, 2, 4], again.Select(task => TaskKey.OrdinalOf(task.Key)));
        Assert.Equal([(2, 2), (2, 1), (1, 1)], again.Select(task => (task.Fence, task.Attempt)));
    }

    [Fact]
    public async Task Gaps_of_cancelled_tasks_are_passed_over()
    {
        var job = await EnqueueAsync(30);
        foreach (var ordinal in (int[])[0, 1, 3, 4, 5, 6, 7, 8, 12, 29])
        {
            await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, ordinal), Cancellation);
        }

        Assert.Equal([2, 9, 10], (await ClaimAsync(3)).Select(task => TaskKey.OrdinalOf(task.Key)));
        await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, 11), Cancellation);
        Assert.Equal([13], (await ClaimAsync(1)).Select(task => TaskKey.OrdinalOf(task.Key)));
        Assert.Equal(15, (await ClaimAsync(100)).Count);
        Assert.Empty(await ClaimAsync(1));
    }

    [Fact]
    public async Task A_node_without_a_live_lease_claims_nothing()
    {
        await EnqueueAsync(2);
        Assert.Empty(await ClaimAsync(1, node: 999));
        Clock.Advance(Lease);
        Assert.Empty(await ClaimAsync(1));
    }

    [Fact]
    public async Task Stores_that_claim_side_by_side_never_take_a_task_twice()
    {
        const int tasks = 600;
        for (var i = 0; i < 3; i++) await EnqueueAsync(tasks / 3, TestJobs.Job with { MaxParallel = i == 0 ? 20 : int.MaxValue });
        IQueueStore[] stores = [Store, await OpenAnotherAsync(), await OpenAnotherAsync()];
        var nodes = stores.Select(store => store.Nodes.Register("racer", Lease)).ToArray();

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => Task.Run(() => DrainAsync(stores[i % 3], nodes[i % 3]), Cancellation)));

        var keys = taken.SelectMany(list => list).ToList();
        Assert.Equal(tasks, keys.Count);
        Assert.Equal(tasks, keys.Distinct().Count());
        Assert.Equal(tasks, (await Store.Read.ReadTotalsAsync(Cancellation)).Completed);
    }

    private static async Task<List<long>> DrainAsync(IQueueStore store, long node)
    {
        var keys = new List<long>();
        while ((await store.Read.ReadTotalsAsync(Cancellation)).Available > 0)
        {
            var batch = await store.Work.ClaimAsync(node, 7, 0, [TestJobs.Service], Cancellation);
            keys.AddRange(batch.Tasks.Select(task => task.Key));
            var applied = await store.Work.ApplyAsync(node, [.. batch.Tasks.Select(task => Done(task))], Cancellation);
            Assert.All(applied.Statuses, status => Assert.Equal(ApplyStatus.Applied, status));
        }

        return keys;
    }
}
