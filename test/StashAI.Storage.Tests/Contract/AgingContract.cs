using StashAI.Queue.Model.Jobs;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Aging: what waited long gets its turn, and then falls back.</summary>
public abstract class AgingContract(IStoreHost host) : StoreContract(host)
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_job_whose_turn_does_not_come_is_lifted_a_step_at_a_time_served_and_falls_back()
    {
        var low = await EnqueueAsync(10, TestJobs.Job with { Priority = 3 });
        await EnqueueAsync(1000);
        await ClaimAsync(3);
        Assert.Equal(0, await Store.Maintain.AgeAsync(Step, 10, Cancellation));

        await ServeAndWaitAsync();
        Assert.DoesNotContain(await ClaimAsync(5), task => task.Job.Key == low.Key);
        Assert.Equal(0, await Store.Maintain.AgeAsync(Step, 10, Cancellation));
        await ServeAndWaitAsync();

        Assert.Equal(low.Key, (await ClaimOneAsync()).Job.Key);
        Assert.DoesNotContain(await ClaimAsync(20), task => task.Job.Key == low.Key);
        Assert.Equal(3, (await JobAsync(low)).Priority);

        async Task ServeAndWaitAsync()
        {
            Clock.Advance(Step);
            RegisterAgain();
            await ClaimAsync(1);
            Assert.Equal(1, await Store.Maintain.AgeAsync(Step, 10, Cancellation));
        }
    }

    [Fact]
    public async Task Each_turn_lifts_a_bounded_number()
    {
        for (var i = 0; i < 5; i++) await EnqueueAsync(1);
        await WaitAsync(expected: 2, limit: 2);
        Assert.Equal(2, await Store.Maintain.AgeAsync(Step, 2, Cancellation));
        Assert.Equal(1, await Store.Maintain.AgeAsync(Step, 2, Cancellation));
        Assert.Equal(0, await Store.Maintain.AgeAsync(Step, 2, Cancellation));
    }

    [Fact]
    public async Task The_highest_is_not_lifted_and_nothing_that_could_not_run()
    {
        await EnqueueAsync(1, TestJobs.Job with { Priority = 9 });
        var paused = await EnqueueAsync(1);
        await Store.Control.PauseJobAsync(paused.Key, true, Cancellation);
        await EnqueueAsync(1, TestJobs.Job with { Service = "other" });
        await Store.Control.PauseServiceAsync("other", true, Cancellation);
        await WaitAsync(expected: 0);

        await Store.Control.PauseJobAsync(paused.Key, false, Cancellation);
        Assert.Equal(0, await Store.Maintain.AgeAsync(Step, 10, Cancellation));
        await WaitAsync(expected: 1);
    }

    private async Task WaitAsync(int expected, int limit = 10)
    {
        Clock.Advance(Step);
        RegisterAgain();
        Assert.Equal(expected, await Store.Maintain.AgeAsync(Step, limit, Cancellation));
    }
}
