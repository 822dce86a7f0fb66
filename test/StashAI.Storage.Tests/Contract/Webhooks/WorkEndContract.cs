using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Webhooks;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract.Webhooks;

/// <summary>The end of work is noted by the transaction that ends it.</summary>
public abstract class WorkEndContract(IStoreHost host) : WebhookStoreContract(host)
{
    [Fact]
    public async Task Without_a_webhook_nothing_is_noted()
    {
        await Webhooks.AddWebhookAsync(New("off") with { IsEnabled = false }, Cancellation);
        await EnqueueAsync(1);
        await ApplyAsync(Done(await ClaimOneAsync()));
        await RefuseBatchAsync();

        Assert.Empty(await EndedAsync());
    }

    [Theory]
    [InlineData(TaskEvent.Succeed, TaskEvent.Succeed, JobState.Completed, 2, 0, 0)]
    [InlineData(TaskEvent.Succeed, TaskEvent.Fail, JobState.Partial, 1, 1, 0)]
    [InlineData(TaskEvent.Fail, TaskEvent.Fail, JobState.Failed, 0, 2, 0)]
    public async Task The_end_of_a_job_is_noted_with_its_counts(
        TaskEvent first, TaskEvent second, JobState state, int completed, int failed, int cancelled)
    {
        await AddAsync();
        var deadline = Clock.GetUtcNow().AddHours(2);
        var job = await EnqueueAsync(2, TestJobs.Job with { Owner = "laptop", Deadline = deadline });
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Ended(tasks[0], first));
        Assert.Empty(await EndedAsync());
        Clock.Advance(TimeSpan.FromSeconds(5));

        await ApplyAsync(Ended(tasks[1], second));

        var ended = Assert.Single(await EndedAsync());
        Assert.Equal(
            new EndedWork
            {
                Key = ended.Key,
                JobId = job.JobId,
                State = state,
                Service = TestJobs.Service,
                Total = 2,
                Completed = completed,
                Failed = failed,
                Cancelled = cancelled,
                Owner = "laptop",
                Deadline = deadline,
                EndedAt = Clock.GetUtcNow(),
            },
            ended);
    }

    [Fact]
    public async Task Cancels_rescues_deadlines_and_repeated_ends_are_noted()
    {
        await AddAsync();
        var waiting = await EnqueueAsync(3);
        await Store.Control.CancelJobAsync(waiting.Key, Cancellation);
        var large = await EnqueueAsync(6000);
        await Store.Control.CancelJobAsync(large.Key, Cancellation);
        while (!(await Store.Maintain.FinishCancelsAsync(10, Cancellation)).IsEmpty)
        {
        }

        var retried = await EnqueueAsync(1);
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.Fail));
        await Store.Control.RetryTaskAsync(TaskKey.From(retried.Key, 0), Cancellation);
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal(
            [
                (waiting.JobId, JobState.Cancelled), (large.JobId, JobState.Cancelled), (retried.JobId, JobState.Failed),
                (retried.JobId, JobState.Completed),
            ],
            (await EndedAsync()).Select(one => (one.JobId!.Value, one.State)));
    }

    [Fact]
    public async Task A_single_task_is_noted_only_if_it_names_somebody()
    {
        await AddAsync();
        await EnqueueAsync(1, TestJobs.Job with { IsSingleTask = true });
        await ApplyAsync(Done(await ClaimOneAsync()));
        Assert.Empty(await EndedAsync());

        await EnqueueAsync(1, TestJobs.Job with { IsSingleTask = true, Webhook = "https://a/" });
        await ApplyAsync(Done(await ClaimOneAsync()));

        var ended = Assert.Single(await EndedAsync());
        Assert.Equal((true, "https://a/"), (ended.IsSingleTask, ended.Webhook));
    }

    [Fact]
    public async Task An_address_of_a_job_needs_no_webhook()
    {
        await EnqueueAsync(1, TestJobs.Job with { Webhook = "https://a/" });
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal("https://a/", Assert.Single(await EndedAsync()).Webhook);
    }

    [Fact]
    public async Task What_was_not_committed_is_not_noted()
    {
        await AddAsync();
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        using (Host.BreakResult(task.Key))
        {
            await Assert.ThrowsAnyAsync<Exception>(() => Store.Work.ApplyAsync(Node, [Done(task)], Cancellation));
        }

        Assert.Empty(await EndedAsync());
        await ApplyAsync(Done(task));
        Assert.Single(await EndedAsync());
    }

    [Fact]
    public async Task A_batch_is_named_by_its_job_before_and_after_it_names_the_job()
    {
        await AddAsync();
        var early = await NewBatchAsync();
        await EnqueueAsync(1, TestJobs.Job with { IdempotencyKey = FileBatch.JobKeyOf(early.Id) });
        await ApplyAsync(Done(await ClaimOneAsync()));
        var late = await NewBatchAsync();
        Clock.Advance(Lease * 2);
        var job = await EnqueueAsync(1, TestJobs.Job with { IdempotencyKey = "other" });
        while (await Store.FileBatches.TakeBatchAsync(Me, Lease, Cancellation) is not null)
        {
        }

        await Store.FileBatches.SettleBatchAsync(
            late with { State = FileBatchState.Submitted, JobKey = job.Key }, FileBatchState.Checking, Me, Cancellation);
        RegisterAgain();
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal([early.Id, late.Id], (await EndedAsync()).Select(one => one.BatchId!.Value));
        Assert.All(await EndedAsync(), one => Assert.NotNull(one.JobId));
    }

    [Fact]
    public async Task A_batch_that_ends_without_a_job_is_noted()
    {
        await AddAsync();
        var refused = await RefuseBatchAsync();
        var cancelled = await NewBatchAsync();
        await Store.FileBatches.CancelBatchAsync(cancelled.Id, Cancellation);
        Assert.NotNull(await Store.FileBatches.TakeBatchAsync(Me, Lease, Cancellation));
        await Store.FileBatches.SettleBatchAsync(
            cancelled with { State = FileBatchState.Cancelled }, FileBatchState.Cancelling, Me, Cancellation);

        Assert.Equal(
            [(null, refused.Id, JobState.Failed), (null, cancelled.Id, JobState.Cancelled)],
            (await EndedAsync()).Select(one => ((Guid?)one.JobId, one.BatchId!.Value, one.State)));
    }

    [Fact]
    public async Task A_retry_in_steps_has_one_end()
    {
        await AddAsync();
        var job = await EnqueueAsync(2);
        foreach (var task in await ClaimAsync(2)) await ApplyAsync(Ended(task, TaskEvent.Fail));
        Host.BeginRetry(job.Key, 1);
        Assert.Single((await Store.Maintain.FinishRetriesAsync(1, Cancellation)).Tasks);
        await ApplyAsync(Done(await ClaimOneAsync()));
        Assert.Single(await EndedAsync());

        Assert.Single((await Store.Maintain.FinishRetriesAsync(1, Cancellation)).Tasks);
        Assert.True((await Store.Maintain.FinishRetriesAsync(1, Cancellation)).IsEmpty);
        Assert.Single(await EndedAsync());
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal([JobState.Failed, JobState.Completed], (await EndedAsync()).Select(one => one.State));
    }

    [Fact]
    public async Task A_retry_in_steps_whose_last_ones_find_nothing_has_an_end()
    {
        await AddAsync();
        var job = await EnqueueAsync(1);
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.Fail));
        Host.BeginRetry(job.Key, 1);
        await Store.Maintain.FinishRetriesAsync(1, Cancellation);
        await ApplyAsync(Done(await ClaimOneAsync()));
        while (!(await Store.Maintain.FinishRetriesAsync(1, Cancellation)).IsEmpty)
        {
        }

        Assert.Equal([JobState.Failed, JobState.Completed], (await EndedAsync()).Select(one => one.State));
    }

    [Fact]
    public async Task A_retry_of_some_failures_in_steps_has_one_end()
    {
        await AddAsync();
        // More than the tasks of one step.
        const int Count = 1001;
        var job = await EnqueueAsync(Count);
        await Store.Work.ApplyAsync(Node, [.. (await ClaimAsync(Count)).Select(task => Ended(task, TaskEvent.Fail))], Cancellation);
        Assert.Single(await EndedAsync());
        var (_, next) = await Store.Control.RetryFailedAsync(job.Key, default, 0, Cancellation);
        await Store.Work.ApplyAsync(Node, [.. (await ClaimAsync(Count)).Select(task => Done(task))], Cancellation);
        Assert.Single(await EndedAsync());

        (_, next) = await Store.Control.RetryFailedAsync(job.Key, default, next!.Value, Cancellation);

        Assert.Null(next);
        await ApplyAsync(Done(await ClaimOneAsync()));
        Assert.Equal([JobState.Failed, JobState.Completed], (await EndedAsync()).Select(one => one.State));
    }

    [Fact]
    public async Task A_retry_of_some_failures_that_nobody_goes_on_with_has_an_end()
    {
        await AddAsync();
        const int Count = 1001;
        var job = await EnqueueAsync(Count);
        await Store.Work.ApplyAsync(Node, [.. (await ClaimAsync(Count)).Select(task => Ended(task, TaskEvent.Fail))], Cancellation);
        var bulk = await Store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Retry, null, "{}", new JobQuery { Limit = 1 }, null, 1) { Taken = (Me, Lease) },
            Cancellation);
        await Store.Control.RetryFailedAsync(job.Key, default, 0, Cancellation);
        await Store.Work.ApplyAsync(Node, [.. (await ClaimAsync(Count)).Select(task => Done(task))], Cancellation);
        await Store.Maintain.FinishRetriesAsync(10, Cancellation);
        Assert.Single(await EndedAsync());

        await Store.Bulk.SaveBulkAsync(Me, Lease, bulk with { State = BulkState.Failed }, Cancellation);
        await Store.Maintain.FinishRetriesAsync(10, Cancellation);

        Assert.Equal([JobState.Failed, JobState.Partial], (await EndedAsync()).Select(one => one.State));
    }

    [Fact]
    public async Task A_retry_of_some_failures_that_finds_none_has_no_end()
    {
        await AddAsync();
        var job = await EnqueueAsync(1);
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.Fail));
        await Store.Control.RetryFailedAsync(job.Key, new RetrySelection(Fingerprint: 7), 0, Cancellation);
        await Store.Maintain.FinishRetriesAsync(10, Cancellation);

        Assert.Single(await EndedAsync());
    }
}
