using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>A clock that steps: nothing is removed for one step, and no wait outlives it (docs/adr/0017).</summary>
public abstract class ClockContract(IStoreHost host) : StoreContract(host)
{
    private static readonly WaitLimits Limits = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), Lease * 2);

    [Theory]
    [InlineData(40)]
    [InlineData(3650)]
    public async Task A_step_forward_removes_nothing_until_the_clock_has_stood_there_for_an_hour(int days)
    {
        var job = await EndedJobAsync(TestJobs.Job with { IdempotencyKey = "k" });
        Clock.Advance(TimeSpan.FromDays(days));

        Assert.Equal(0, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation));
        await LookAsync(TimeSpan.FromMinutes(58));
        Assert.Equal(0, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation));
        Assert.NotNull(await Store.Read.FindJobAsync(job.JobId, Cancellation));

        await LookAsync(TimeSpan.FromMinutes(4));
        Assert.Equal(2, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation));
        Assert.Null(await Store.Read.FindJobAsync(job.JobId, Cancellation));
    }

    [Fact]
    public async Task A_clock_that_was_wrong_for_a_while_and_is_right_again_leaves_no_trace()
    {
        var job = await EndedJobAsync();
        var right = Clock.GetUtcNow();
        Set(right.AddYears(10));
        await LookAsync(TimeSpan.FromSeconds(40));
        RegisterAgain();
        var wrong = await EndedJobAsync();
        Set(right.AddSeconds(45));
        await LookAsync(TimeSpan.FromMinutes(2));

        await RemoveAllAsync();
        Assert.NotNull(await Store.Read.FindJobAsync(job.JobId, Cancellation));

        // The time of what ended in the future counts from when the clock was right again.
        RegisterAgain();
        await PassAsync(TimeSpan.FromDays(29));
        await RemoveAllAsync();
        Assert.NotNull(await Store.Read.FindJobAsync(wrong.JobId, Cancellation));
        await PassAsync(TimeSpan.FromDays(2));
        await RemoveAllAsync();
        Assert.Null(await Store.Read.FindJobAsync(wrong.JobId, Cancellation));
    }

    [Fact]
    public async Task What_ended_under_a_clock_that_was_behind_is_not_gone_when_the_clock_is_set_right()
    {
        var right = Clock.GetUtcNow();
        Set(right.AddDays(-1500));
        await Store.Maintain.ObserveClockAsync(Cancellation);
        RegisterAgain();
        var job = await EndedJobAsync();
        await LookAsync(TimeSpan.FromMinutes(5));
        Set(right.AddMinutes(5));

        await LookAsync(TimeSpan.FromMinutes(30));
        await RemoveAllAsync();

        Assert.NotNull(await Store.Read.FindJobAsync(job.JobId, Cancellation));
    }

    /// <summary>
    /// A machine without a battery, after a time without power: the first removal comes before anybody looked at the clock again.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(3000)]
    public async Task What_ended_under_a_clock_that_was_behind_is_not_gone_either_after_a_time_without_power(int minutesOff)
    {
        var right = Clock.GetUtcNow();
        Set(right.AddDays(-1500));
        await Store.Maintain.ObserveClockAsync(Cancellation);
        RegisterAgain();
        var job = await EndedJobAsync();
        await LookAsync(TimeSpan.FromMinutes(1));
        Set(right.AddMinutes(minutesOff));

        await RemoveAllAsync();
        Assert.NotNull(await Store.Read.FindJobAsync(job.JobId, Cancellation));
        await LookAsync(TimeSpan.FromHours(2));
        await RemoveAllAsync();
        Assert.NotNull(await Store.Read.FindJobAsync(job.JobId, Cancellation));
    }

    [Fact]
    public async Task A_key_is_kept_over_a_step_and_an_upload_under_way_as_well()
    {
        var first = await EnqueueAsync(1, TestJobs.Job with { IdempotencyKey = "k" });
        await using var upload = Store.OpenUpload(Node);
        upload.BeginTask();
        upload.BeginPayload("image", null);
        await upload.WriteAsync(new byte[2_000_000], Cancellation);
        var right = Clock.GetUtcNow();
        Set(right.AddDays(3));

        while (await Store.Maintain.RemoveUnreferencedAsync(64, Cancellation) > 0) Host.Verify();
        await RemoveAllAsync();
        Set(right);
        RegisterAgain();

        upload.EndPayload();
        await upload.EndTaskAsync(TestJobs.Input(0), Cancellation);
        await upload.CommitAsync(TestJobs.Job, Cancellation);
        Assert.Equal(first.JobId, (await EnqueueAsync(1, TestJobs.Job with { IdempotencyKey = "k" })).JobId);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(24 * 3650)]
    public async Task No_wait_outlives_a_clock_that_is_set_back(int hours)
    {
        await Store.Gate.DeclareAsync(
            [
                TestJobs.Manifest with { Rate = new RateLimit(1, 1) },
                TestJobs.Manifest with { Name = "other", Circuit = new CircuitSettings { Failures = 1 } },
            ],
            Cancellation);
        var right = Clock.GetUtcNow();
        Set(right.AddHours(hours));
        RegisterAgain();
        var throttled = await EnqueueAsync(1);
        var broken = await EnqueueAsync(1, TestJobs.Job with { Service = "other" });
        var tasks = await ClaimAsync(10);
        foreach (var task in tasks)
        {
            var how = task.Job.Service == "other" ? TaskEvent.RetryLater : TaskEvent.Throttle;
            await ApplyAsync(Ended(task, how, 20) with
            {
                ErrorKind = how == TaskEvent.Throttle ? ErrorKind.Throttled : ErrorKind.Connection,
                Call = new CallReport(how == TaskEvent.Throttle ? 429 : null),
            });
        }

        Set(right.AddSeconds(1));
        RegisterAgain();
        await Store.Maintain.ObserveClockAsync(Cancellation);
        Assert.True(await Store.Maintain.EndImpossibleWaitsAsync(Limits, 10, Cancellation) > 0);
        Assert.Equal(0, await Store.Maintain.EndImpossibleWaitsAsync(Limits, 10, Cancellation));
        Clock.Advance(TimeSpan.FromSeconds(2));
        await Store.Maintain.PromoteAsync(10, Cancellation);

        Assert.Equal(2, (await ClaimAsync(10)).Count);
        Assert.NotEqual(throttled.JobId, broken.JobId);
    }

    [Fact]
    public async Task A_dead_nodes_lease_ends_soon_after_the_clock_is_set_back()
    {
        var right = Clock.GetUtcNow();
        Set(right.AddYears(10));
        var dead = Store.Nodes.Register("dead", Lease);
        await EnqueueAsync(1);
        Set(right);
        await Store.Maintain.EndImpossibleWaitsAsync(Limits, 10, Cancellation);
        Clock.Advance(Lease * 2 + TimeSpan.FromSeconds(2));
        RegisterAgain();

        Assert.False(Store.Nodes.Renew(dead, Lease).Alive);
    }

    [Fact]
    public async Task A_job_that_waited_under_another_clock_is_lifted()
    {
        var right = Clock.GetUtcNow();
        Set(right.AddYears(10));
        RegisterAgain();
        await EnqueueAsync(1, TestJobs.Job with { Priority = 3 });
        Set(right);
        Assert.Equal(1, await Store.Maintain.AgeAsync(TimeSpan.FromMinutes(5), 10, Cancellation));
        Assert.Equal(0, await Store.Maintain.AgeAsync(TimeSpan.FromMinutes(5), 10, Cancellation));
    }

    [Fact]
    public async Task A_throttled_task_does_not_fail_for_a_step_of_a_day()
    {
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        await ApplyAsync(Ended(task, TaskEvent.Throttle, 1) with { ErrorKind = ErrorKind.Throttled });
        Clock.Advance(TimeSpan.FromDays(2));
        RegisterAgain();
        await Store.Maintain.PromoteAsync(10, Cancellation);
        var again = await ClaimOneAsync();

        await ApplyAsync(Ended(again, TaskEvent.Throttle, 1) with { ErrorKind = ErrorKind.Throttled });

        Assert.Equal(TaskState.Scheduled, (await TaskAsync(task.Key)).State);
    }

    [Fact]
    public async Task Processes_that_look_at_once_see_one_clock()
    {
        var other = await OpenAnotherAsync();
        Clock.Advance(TimeSpan.FromDays(40));
        for (var minute = 0; minute < 62; minute++)
        {
            Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.WhenAll(Store.Maintain.ObserveClockAsync(Cancellation), other.Maintain.ObserveClockAsync(Cancellation));
        }

        var seen = await other.Maintain.ObserveClockAsync(Cancellation);
        Assert.NotNull(seen.SteppedTo);
        Assert.InRange(seen.SinceStep, 29 * 60_000, 31 * 60_000);
    }

    private async Task<EnqueuedJob> EndedJobAsync(NewJob? job = null)
    {
        var enqueued = await EnqueueAsync(1, job);
        await ApplyAsync(Done(await ClaimOneAsync()));
        return enqueued;
    }

    private async Task LookAsync(TimeSpan time)
    {
        await Store.Maintain.ObserveClockAsync(Cancellation);
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(30))
        {
            Clock.Advance(TimeSpan.FromSeconds(30));
            await Store.Maintain.ObserveClockAsync(Cancellation);
        }
    }

    private async Task RemoveAllAsync()
    {
        while (await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation) > 0) Host.Verify();
    }

    private void Set(DateTimeOffset time) => Clock.AdjustTime(time);
}
