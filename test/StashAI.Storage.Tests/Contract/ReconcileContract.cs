using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Counters are held against the tasks, and repaired where they differ (S5).</summary>
public abstract class ReconcileContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task What_is_right_is_left_alone()
    {
        var job = await EnqueueAsync(5);
        var later = await EnqueueAsync(2, TestJobs.Job with { StartAt = Clock.GetUtcNow().AddDays(1) });
        var tasks = await ClaimAsync(4);
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Release));
        await ApplyAsync(Ended(tasks[2], TaskEvent.RetryLater, 60));
        var before = await JobAsync(job);

        Assert.Empty(await Store.Maintain.ReconcileAsync([job.Key, later.Key, 4711], 1000, Cancellation));

        Assert.Equal(before.Version, (await JobAsync(job)).Version);
    }

    [Fact]
    public async Task Wrong_counters_are_repaired_so_that_the_job_can_close()
    {
        var job = await EnqueueAsync(4);
        foreach (var task in await ClaimAsync(3)) await ApplyAsync(Done(task));
        Host.Miscount(job.Key);

        var repair = Assert.Single(await Store.Maintain.ReconcileAsync([job.Key], 1000, Cancellation));

        Host.Verify();
        Assert.Equal(job.JobId, repair.JobId);
        Assert.Equal((new JobCounters(4, 0, 0, 1, 3, 0, 0), new JobCounters(4, 1, 0, 0, 3, 0, 0)), (repair.Before, repair.After));
        Assert.Single(repair.Changes.Jobs);
        Assert.Empty(await Store.Maintain.ReconcileAsync([job.Key], 1000, Cancellation));
        await ApplyAsync(Done(await ClaimOneAsync()));
        Assert.Equal(JobState.Completed, (await JobAsync(job)).State);
    }

    [Fact]
    public async Task A_wrong_cost_is_repaired()
    {
        var job = await EnqueueAsync(3);
        var free = await EnqueueAsync(1);
        var tasks = await ClaimAsync(4);
        await ApplyAsync(Done(tasks.First(task => TaskKey.JobOf(task.Key) == job.Key)) with { Cost = 0.25m });
        await ApplyAsync(Done(tasks.Last(task => TaskKey.JobOf(task.Key) == job.Key)) with { Cost = 0.000000001m });
        Assert.Empty(await Store.Maintain.ReconcileAsync([job.Key, free.Key], 1000, Cancellation));
        Host.Mischarge(job.Key);
        Host.Mischarge(free.Key);

        var repairs = await Store.Maintain.ReconcileAsync([job.Key, free.Key], 1000, Cancellation);

        Assert.Equal(
            [(job.JobId, 0.7m, 0.250000001m), (free.JobId, 0.7m, (decimal?)null)],
            repairs.Select(repair => (repair.JobId, repair.CostBefore!.Value, repair.CostAfter)));
        Assert.All(repairs, repair => Assert.Equal(repair.Before, repair.After));
        Assert.Equal((0.250000001m, (decimal?)null), ((await JobAsync(job)).Cost, (await JobAsync(free)).Cost));
        Assert.Empty(await Store.Maintain.ReconcileAsync([job.Key, free.Key], 1000, Cancellation));
    }

    [Fact]
    public async Task A_large_job_is_proven_at_its_end()
    {
        var job = await EnqueueAsync(11);
        Host.Miscount(job.Key);
        Assert.Empty(await Store.Maintain.ReconcileAsync([job.Key], 10, Cancellation));

        Assert.Single(await Store.Maintain.ReconcileAsync([job.Key], 11, Cancellation));
    }
}
