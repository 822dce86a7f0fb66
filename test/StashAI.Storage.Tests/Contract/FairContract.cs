using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Fair sharing among the jobs of a lane, whatever their size, their age and what else went on.</summary>
public abstract class FairContract(IStoreHost host) : StoreContract(host)
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_lone_task_beside_a_huge_job_is_served_next(int slots)
    {
        await EnqueueAsync(50_000);
        for (var i = 0; i < 5; i++) await ClaimAsync(slots);
        var lone = await EnqueueAsync(1, TestJobs.Job with { IsSingleTask = true });

        var served = new List<ClaimedTask>();
        while (served.TrueForAll(task => task.Job.Key != lone.Key) && served.Count < 20) served.AddRange(await ClaimAsync(slots));

        Assert.InRange(served.FindIndex(task => task.Job.Key == lone.Key), 0, 1);
    }

    [Fact]
    public async Task Equal_jobs_share_the_slots_and_heavier_ones_get_more()
    {
        var light = await EnqueueAsync(500);
        var heavy = await EnqueueAsync(500, TestJobs.Job with { Weight = 3 });

        var served = new List<ClaimedTask>();
        for (var i = 0; i < 25; i++) served.AddRange(await ClaimAsync(8));

        Assert.Equal((50, 150), (served.Count(task => task.Job.Key == light.Key), served.Count(task => task.Job.Key == heavy.Key)));
    }

    [Fact]
    public async Task A_stream_of_small_jobs_does_not_starve_a_big_one()
    {
        var big = await EnqueueAsync(1000);
        var fromBig = 0;
        for (var i = 0; i < 100; i++)
        {
            await EnqueueAsync(1);
            fromBig += (await ClaimAsync(2)).Count(task => task.Job.Key == big.Key);
        }

        Assert.InRange(fromBig, 60, 140);
    }

    [Fact]
    public async Task A_job_that_was_idle_has_saved_no_credit()
    {
        var idle = await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        var busy = await EnqueueAsync(100);
        await ClaimAsync(40);
        await ApplyAsync(Ended(task, TaskEvent.RetryLater));
        await Store.Maintain.PromoteAsync(10, Cancellation);
        var late = await EnqueueAsync(20);

        var next = await ClaimAsync(9);

        Assert.Equal((1, 4, 4), (Count(idle), Count(busy), Count(late)));
        int Count(EnqueuedJob job) => next.Count(claimed => claimed.Job.Key == job.Key);
    }

    [Fact]
    public async Task Small_jobs_that_come_and_go_wait_no_longer_each_time()
    {
        await EnqueueAsync(1000);
        await ClaimAsync(1);
        for (var i = 0; i < 20; i++)
        {
            var small = await EnqueueAsync(1);

            var turns = 1;
            while ((await ClaimOneAsync()).Job.Key != small.Key) turns++;

            Assert.InRange(turns, 1, 3);
        }
    }

    [Fact]
    public async Task Urgent_work_in_between_costs_newcomers_of_lower_priority_nothing()
    {
        var first = await EnqueueAsync(100);
        await EnqueueAsync(40, TestJobs.Job with { Priority = 9 });
        await ClaimAsync(40);
        var second = await EnqueueAsync(100);

        var next = await ClaimAsync(10);

        Assert.InRange(next.Count(task => task.Job.Key == first.Key), 4, 6);
        Assert.InRange(next.Count(task => task.Job.Key == second.Key), 4, 6);
    }

    [Fact]
    public async Task A_job_that_goes_on_after_a_pause_shares_at_once()
    {
        var paused = await EnqueueAsync(100);
        await Store.Control.PauseJobAsync(paused.Key, true, Cancellation);
        var other = await EnqueueAsync(100);
        for (var i = 0; i < 20; i++) await ClaimOneAsync();
        await Store.Control.PauseJobAsync(paused.Key, false, Cancellation);

        var next = await ClaimAsync(10);

        Assert.InRange(next.Count(task => task.Job.Key == paused.Key), 4, 6);
        Assert.InRange(next.Count(task => task.Job.Key == other.Key), 4, 6);
    }

    [Fact]
    public async Task A_job_that_ran_all_it_may_at_once_has_saved_no_credit_for_itself_or_for_newcomers()
    {
        var capped = await EnqueueAsync(400, TestJobs.Job with { MaxParallel = 1 });
        var slow = await ClaimOneAsync();
        var big = await EnqueueAsync(1000);
        await ClaimAsync(200);
        await ApplyAsync(Done(slow));
        var late = await EnqueueAsync(1000);

        var next = await ClaimAsync(101);

        Assert.Equal((1, 50, 50), (Count(capped), Count(big), Count(late)));
        int Count(EnqueuedJob job) => next.Count(claimed => claimed.Job.Key == job.Key);
    }

    [Fact]
    public async Task A_job_that_was_lifted_after_a_long_wait_gives_newcomers_no_credit()
    {
        var lifted = await EnqueueAsync(100, TestJobs.Job with { Priority = 4 });
        var big = await EnqueueAsync(1000);
        await ClaimAsync(50);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Store.Nodes.Renew(Node, Lease);
        await ClaimAsync(50);
        Assert.Equal(1, await Store.Maintain.AgeAsync(TimeSpan.FromSeconds(10), 16, Cancellation));
        var late = await EnqueueAsync(1000);

        Assert.Equal(lifted.Key, (await ClaimOneAsync()).Job.Key);

        var next = await ClaimAsync(100);

        Assert.InRange(next.Count(task => task.Job.Key == big.Key), 45, 55);
        Assert.InRange(next.Count(task => task.Job.Key == late.Key), 45, 55);
    }
}
