using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>What was kept long enough goes, whole and in pieces; what is open never does.</summary>
public abstract class RetentionContract(IStoreHost host) : StoreContract(host)
{
    private static readonly RetentionPolicy Never = new() { Completed = null, Partial = null, Failed = null, Cancelled = null };

    [Fact]
    public async Task A_job_goes_with_everything_that_belongs_to_it_when_its_time_is_over()
    {
        var before = Host.CountRows();
        var job = await UploadAsync(3, TestJobs.Job with { IdempotencyKey = "k" });
        foreach (var task in await ClaimAsync(3))
        {
            await ApplyAsync(Ended(task, TaskEvent.RetryLater));
            await Store.Maintain.PromoteAsync(10, Cancellation);
            await ApplyAsync(Done(await ClaimOneAsync()) with { Part = new SumFold().Part(1), Subjects = [new("ann", 1)] });
        }

        await AdvanceAsync(TimeSpan.FromDays(30) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation)); // the key, after a day
        Assert.Equal(0, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation));
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation));

        Host.Verify();
        Assert.Null(await Store.Read.FindJobAsync(job.JobId, Cancellation));
        Assert.Equal(0, (await Store.Read.ListJobsAsync(new JobFilter([], null, 10, 0), Cancellation)).TotalCount);
        Assert.Equal(default, await Store.Read.ReadTotalsAsync(Cancellation));
        await CollectAllAsync();
        Assert.Equal(before, Host.CountRows());
    }

    [Fact]
    public async Task Each_state_has_its_own_time()
    {
        var jobs = new[] { await EnqueueAsync(1), await EnqueueAsync(1), await EnqueueAsync(2), await EnqueueAsync(1) };
        var tasks = (await ClaimAsync(10)).OrderBy(task => task.Key).ToList();
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));
        await ApplyAsync(Done(tasks[2]));
        await ApplyAsync(Ended(tasks[3], TaskEvent.Fail));
        await ApplyAsync(Ended(tasks[4], TaskEvent.Abort));
        var policy = new RetentionPolicy
        {
            Completed = TimeSpan.FromDays(1),
            Failed = TimeSpan.FromDays(2),
            Partial = TimeSpan.FromDays(3),
            Cancelled = null,
        };

        var kept = new List<int>();
        for (var day = 0; day < 5; day++)
        {
            await Store.Maintain.RemoveOldAsync(policy, 10, Cancellation);
            kept.Add((await Store.Read.FindJobsAsync([.. jobs.Select(job => job.Key)], Cancellation)).Count);
            await AdvanceAsync(TimeSpan.FromDays(1));
        }

        Assert.Equal([4, 3, 2, 1, 1], kept);
        Assert.NotNull(await Store.Read.FindJobAsync(jobs[3].JobId, Cancellation));
    }

    [Fact]
    public async Task A_service_may_have_rules_of_its_own()
    {
        var job = await EnqueueAsync(1);
        var other = await EnqueueAsync(1, TestJobs.Job with { Service = "other" });
        foreach (var task in await ClaimAsync(10)) await ApplyAsync(Done(task));
        await AdvanceAsync(TimeSpan.FromDays(1));

        await Store.Maintain.RemoveOldAsync(
            Never with { Services = new Dictionary<string, RetentionPolicy> { ["other"] = new() { Completed = TimeSpan.FromHours(1) } } },
            10,
            Cancellation);

        Assert.NotNull(await Store.Read.FindJobAsync(job.JobId, Cancellation));
        Assert.Null(await Store.Read.FindJobAsync(other.JobId, Cancellation));
    }

    [Fact]
    public async Task An_open_job_stays_however_old_also_one_that_a_person_reopened()
    {
        var waiting = await EnqueueAsync(1);
        var reopened = await EnqueueAsync(1, TestJobs.Job with { Priority = 9 });
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.Fail));
        await AdvanceAsync(TimeSpan.FromDays(400));
        await Store.Control.RetryJobAsync(reopened.Key, false, Cancellation);

        Assert.Equal(0, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation));

        Assert.Equal(2, (await Store.Read.FindJobsAsync([waiting.Key, reopened.Key], Cancellation)).Count);
    }

    [Fact]
    public async Task A_large_job_goes_in_pieces_and_is_hidden_from_the_first()
    {
        var before = Host.CountRows();
        var job = await EnqueueAsync(3500);
        await Store.Control.CancelJobAsync(job.Key, Cancellation);
        await AdvanceAsync(TimeSpan.FromDays(30));
        Assert.Equal(1, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation));
        Assert.Empty(await Store.Read.FindTasksAsync([TaskKey.From(job.Key, 5)], false, Cancellation));
        Assert.Equal(0, (await Store.Control.RetryJobAsync(job.Key, true, Cancellation)).Retried);
        Assert.Equal(0, (await Store.Control.RetryTaskAsync(TaskKey.From(job.Key, 1), Cancellation)).Retried);
        var other = await OpenAnotherAsync();

        var pieces = 0;
        for (; await (pieces % 2 == 0 ? Store : other).Maintain.RemoveUnreferencedAsync(64, Cancellation) > 0; pieces++) Host.Verify();

        Assert.Equal(4, pieces);
        Assert.Equal(before, Host.CountRows());
    }

    [Fact]
    public async Task Removal_is_bounded()
    {
        for (var i = 0; i < 7; i++) await EnqueueAsync(1);
        foreach (var task in await ClaimAsync(10)) await ApplyAsync(Done(task));
        await AdvanceAsync(TimeSpan.FromDays(30));

        Assert.Equal(3, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 3, Cancellation));
        Assert.Equal(3, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 3, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 3, Cancellation));
        Assert.Equal(0, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 3, Cancellation));
    }

    [Fact]
    public async Task Inputs_of_completed_tasks_may_go_earlier_and_those_of_failed_ones_stay_for_a_retry()
    {
        var policy = RetentionPolicy.Default with { Inputs = TimeSpan.FromDays(7) };
        var job = await UploadAsync(4);
        var tasks = await ClaimAsync(4);
        for (var i = 0; i < 4; i++)
        {
            await ApplyAsync(i == 1 ? Ended(tasks[i], TaskEvent.Fail) : Done(tasks[i]) with { Derived = new byte[] { 1 } });
        }

        Assert.Equal(0, await Store.Maintain.RemoveOldAsync(policy, 3, Cancellation));
        Assert.Equal(3, (int)Host.CountRows()["task_derived"]);
        await AdvanceAsync(TimeSpan.FromDays(7));

        while (await Store.Maintain.RemoveOldAsync(policy, 3, Cancellation) > 0) Host.Verify();
        await CollectAllAsync();

        Assert.Equal((1, 1), ((int)Host.CountRows()["payloads"], (int)Host.CountRows()["task_payloads"]));
        Assert.Equal(0, (int)Host.CountRows()["task_derived"]);
        Assert.Equal(1000, (await JobAsync(job)).PayloadBytes);
        Assert.Empty(await Store.Read.ListPayloadsAsync(tasks[0].Key, Cancellation));
        await Store.Control.RetryJobAsync(job.Key, false, Cancellation);
        var again = await ClaimOneAsync();
        Assert.Single(again.Payloads);
        await ApplyAsync(Done(again));
        await AdvanceAsync(TimeSpan.FromDays(7));
        while (await Store.Maintain.RemoveOldAsync(policy, 3, Cancellation) > 0) Host.Verify();
        Assert.Equal(0, (await JobAsync(job)).PayloadBytes);
    }

    private async Task<EnqueuedJob> UploadAsync(int tasks, NewJob? job = null)
    {
        await using var upload = Store.OpenUpload(Node);
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            upload.BeginPayload("image", null);
            await upload.WriteAsync(new byte[1000], Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(default, Cancellation);
        }

        return await upload.CommitAsync(job ?? TestJobs.Job, Cancellation);
    }

    private async Task AdvanceAsync(TimeSpan time)
    {
        await PassAsync(time);
        await Store.Maintain.RescueAsync(10, Cancellation);
        RegisterAgain();
    }

    private async Task CollectAllAsync()
    {
        while (await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation) > 0) Host.Verify();
    }
}
