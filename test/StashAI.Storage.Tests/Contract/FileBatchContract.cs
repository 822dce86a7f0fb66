using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Batches of files: checked by one process at a time, cancelled at any moment, and removed with their jobs.</summary>
public abstract class FileBatchContract(IStoreHost host) : StoreContract(host)
{
    private static readonly Guid Me = Guid.NewGuid();

    private IFileBatches Batches => Store.FileBatches;

    [Fact]
    public async Task A_batch_keeps_what_it_was_made_with_and_its_key_or_id_finds_it_again()
    {
        var asked = New() with { IdempotencyKey = "k" };
        var made = await Batches.AddBatchAsync(asked, Cancellation);

        var found = await (await OpenAnotherAsync()).FileBatches.FindBatchAsync(asked.Id, Cancellation);

        Assert.Equal(
            (asked.Id, "laptop", asked.FileId, """{"a":1}""", FileBatchState.Checking, Clock.GetUtcNow(), null, null, null),
            (found!.Id, found.Owner, found.FileId, found.Request, found.State, found.CreatedAt, found.JobKey, found.CheckedAt,
                found.CancelledAt));
        Assert.Equal(made, found);
        Assert.Equal(made, await Batches.AddBatchAsync(New() with { IdempotencyKey = "k" }, Cancellation));
        Assert.Equal(made, await Batches.AddBatchAsync(asked with { IdempotencyKey = null }, Cancellation));
        Assert.Equal(made, await Batches.FindBatchOfKeyAsync("k", Cancellation));
        Assert.Null(await Batches.FindBatchOfKeyAsync("l", Cancellation));
        Assert.NotEqual(made.Id, (await AddAsync()).Id);
    }

    [Fact]
    public async Task The_order_of_its_lines_is_kept_and_replaced()
    {
        var batch = await AddAsync();
        Assert.True((await Batches.ReadLineOrderAsync(batch.Id, Cancellation)).IsEmpty);
        Assert.True((await Batches.ReadLineOrderAsync(Guid.NewGuid(), Cancellation)).IsEmpty);
        await Batches.SaveLineOrderAsync(batch.Id, new byte[] { 1, 2 }, Cancellation);
        await Batches.SaveLineOrderAsync(batch.Id, new byte[] { 2, 1, 0 }, Cancellation);

        Assert.Equal([2, 1, 0], (await Batches.ReadLineOrderAsync(batch.Id, Cancellation)).ToArray());
        Assert.Equal(batch, await Batches.FindBatchAsync(batch.Id, Cancellation));
    }

    [Fact]
    public async Task Pages_go_through_all_batches_the_newest_first()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++) ids.Add((await AddAsync()).Id);
        ids.Reverse();

        Assert.Equal(ids[..2], await PageAsync(null));
        Assert.Equal(ids[2..4], await PageAsync(ids[1]));
        Assert.Equal(ids[4..], await PageAsync(ids[3]));
        Assert.Equal([], await PageAsync(ids[4]));
        Assert.Null(await Batches.ListBatchesAsync(Of(BatchDialect.OpenAi) with { After = Guid.NewGuid() }, Cancellation));

        async Task<List<Guid>> PageAsync(Guid? after) => Ids(
            await Batches.ListBatchesAsync(Of(BatchDialect.OpenAi) with { After = after }, Cancellation));
    }

    [Fact]
    public async Task A_job_that_is_a_batch_brings_its_row_along()
    {
        var jobs = new List<EnqueuedJob>();
        for (var i = 0; i < 5; i++)
        {
            jobs.Add(await EnqueueAsync(1, TestJobs.Job with
            {
                Owner = "laptop",
                IdempotencyKey = $"k {i}",
                Batch = new JobBatch(BatchDialect.Anthropic, """{"b":1}"""),
            }));
            await AddAsync();
        }

        var ofJob = await Batches.FindBatchOfJobAsync(jobs[2].Key, Cancellation);
        Assert.Equal((jobs[2].JobId, BatchDialect.Anthropic), (ofJob!.Id, ofJob.Dialect));
        Assert.Null(await Batches.FindBatchOfJobAsync(jobs[^1].Key + 1000, Cancellation));
        var again = await EnqueueAsync(1, TestJobs.Job with
        {
            IdempotencyKey = "k 0",
            Batch = new JobBatch(BatchDialect.Anthropic, "{}"),
        });
        Assert.True(again.IsDuplicate);
        var ids = jobs.Select(job => job.JobId).Reverse().ToList();
        var found = await Batches.FindBatchAsync(ids[0], Cancellation);
        Assert.Equal(
            (ids[0], "laptop", BatchDialect.Anthropic, Guid.Empty, """{"b":1}""", FileBatchState.Submitted, jobs[4].Key),
            (found!.Id, found.Owner, found.Dialect, found.FileId, found.Request, found.State, found.JobKey));

        var page = Of(BatchDialect.Anthropic);
        Assert.Equal(ids[..2], Ids(await Batches.ListBatchesAsync(page, Cancellation)));
        Assert.Equal(ids[2..4], Ids(await Batches.ListBatchesAsync(page with { After = ids[1] }, Cancellation)));
        Assert.Equal(ids[4..], Ids(await Batches.ListBatchesAsync(page with { After = ids[3] }, Cancellation)));
        Assert.Equal(ids[2..4], Ids(await Batches.ListBatchesAsync(page with { Before = ids[4] }, Cancellation)));
        Assert.Equal(ids[..1], Ids(await Batches.ListBatchesAsync(page with { Before = ids[1] }, Cancellation)));
        Assert.Equal([], Ids(await Batches.ListBatchesAsync(page with { Before = ids[0] }, Cancellation)));
        Assert.Null(await Batches.ListBatchesAsync(Of(BatchDialect.OpenAi) with { After = ids[0] }, Cancellation));
        Assert.Equal(5, (await Batches.ListBatchesAsync(Of(BatchDialect.OpenAi) with { Limit = 20 }, Cancellation))!.Count);
    }

    [Fact]
    public async Task A_batch_has_one_worker_until_its_lease_is_over()
    {
        var (first, second) = (await AddAsync(), await AddAsync());
        var other = (await OpenAnotherAsync()).FileBatches;

        Assert.Equal(first.Id, (await Batches.TakeBatchAsync(Me, Lease, Cancellation))!.Id);
        Assert.Equal(second.Id, (await other.TakeBatchAsync(Guid.NewGuid(), Lease, Cancellation))!.Id);
        Assert.Null(await other.TakeBatchAsync(Guid.NewGuid(), Lease, Cancellation));
        Clock.Advance(Lease / 2);
        Assert.True(await Batches.RenewBatchAsync(first.Key, Me, Lease, Cancellation));
        Assert.False(await Batches.RenewBatchAsync(first.Key, Guid.NewGuid(), Lease, Cancellation));
        Clock.Advance((Lease / 2) + TimeSpan.FromSeconds(1));

        Assert.Equal(second.Id, (await other.TakeBatchAsync(Me, Lease, Cancellation))!.Id);
        Assert.Null(await other.TakeBatchAsync(Me, Lease, Cancellation));
        Assert.True(await Batches.RenewBatchAsync(first.Key, Me, TimeSpan.Zero, Cancellation));
        Assert.Equal(first.Id, (await other.TakeBatchAsync(Guid.NewGuid(), Lease, Cancellation))!.Id);
        Assert.False(await Batches.RenewBatchAsync(first.Key, Me, Lease, Cancellation));
    }

    [Fact]
    public async Task Only_its_worker_settles_a_batch_and_only_once()
    {
        var batch = await AddAsync();
        await Batches.TakeBatchAsync(Me, Lease, Cancellation);
        var refused = batch with { State = FileBatchState.Refused, Errors = """{"data":[]}""", Model = "m" };

        Assert.False(await Batches.SettleBatchAsync(refused, FileBatchState.Checking, Guid.NewGuid(), Cancellation));
        Assert.True(await Batches.SettleBatchAsync(refused, FileBatchState.Checking, Me, Cancellation));
        Assert.False(await Batches.SettleBatchAsync(refused, FileBatchState.Checking, Me, Cancellation));

        Assert.Equal(refused with { CheckedAt = Clock.GetUtcNow() }, await Batches.FindBatchAsync(batch.Id, Cancellation));
        Clock.Advance(Lease * 2);
        Assert.Null(await Batches.TakeBatchAsync(Me, Lease, Cancellation));
    }

    [Fact]
    public async Task A_cancel_during_the_check_is_left_to_a_worker()
    {
        var batch = await AddAsync();
        await Batches.TakeBatchAsync(Me, Lease, Cancellation);

        var cancelled = await Batches.CancelBatchAsync(batch.Id, Cancellation);

        Assert.Equal((FileBatchState.Cancelling, Clock.GetUtcNow()), (cancelled!.State, cancelled.CancelledAt));
        Assert.False(await Batches.SettleBatchAsync(
            batch with { State = FileBatchState.Submitted, JobKey = 1 }, FileBatchState.Checking, Me, Cancellation));
        Clock.Advance(Lease * 2);
        Assert.Equal(cancelled.CancelledAt, (await Batches.CancelBatchAsync(batch.Id, Cancellation))!.CancelledAt);
        Assert.Equal(FileBatchState.Cancelling, (await Batches.TakeBatchAsync(Me, Lease, Cancellation))!.State);
        Assert.True(await Batches.SettleBatchAsync(
            batch with { State = FileBatchState.Cancelled }, FileBatchState.Cancelling, Me, Cancellation));
        Assert.Null(await Batches.CancelBatchAsync(Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public async Task A_job_is_found_by_its_key_and_takes_its_batch_with_it()
    {
        var batch = await AddAsync();
        await Batches.TakeBatchAsync(Me, Lease, Cancellation);
        Assert.Null(await Batches.FindJobAsync("of the batch", Cancellation));
        var job = await EnqueueAsync(1, TestJobs.Job with { IdempotencyKey = "of the batch" });
        Assert.Equal(job.Key, await Batches.FindJobAsync("of the batch", Cancellation));
        var submitted = batch with { State = FileBatchState.Submitted, JobKey = job.Key };
        Assert.True(await Batches.SettleBatchAsync(submitted, FileBatchState.Checking, Me, Cancellation));
        Assert.Equal(FileBatchState.Submitted, (await Batches.CancelBatchAsync(batch.Id, Cancellation))!.State);
        await ApplyAsync(Done(await ClaimOneAsync()));

        await RemoveAsync(job.Key);

        Assert.Null(await Batches.FindBatchAsync(batch.Id, Cancellation));
    }

    [Fact]
    public async Task A_batch_whose_job_is_removed_before_it_is_settled_goes_with_it()
    {
        var batch = await AddAsync();
        await Batches.TakeBatchAsync(Me, Lease, Cancellation);
        var job = await EnqueueAsync(1, TestJobs.Job with { IdempotencyKey = "of the batch" });
        await ApplyAsync(Done(await ClaimOneAsync()));
        await RemoveAsync(job.Key);
        var submitted = batch with { State = FileBatchState.Submitted, JobKey = job.Key };

        Assert.False(await Batches.SettleBatchAsync(submitted, FileBatchState.Checking, Guid.NewGuid(), Cancellation));
        Assert.True(await Batches.SettleBatchAsync(submitted, FileBatchState.Checking, Me, Cancellation));

        Assert.Null(await Batches.FindBatchAsync(batch.Id, Cancellation));
        Assert.False(await Batches.SettleBatchAsync(submitted, FileBatchState.Checking, Me, Cancellation));
    }

    [Fact]
    public async Task Batches_without_a_job_are_removed_when_they_are_old()
    {
        var (refused, open) = (await AddAsync(), await AddAsync());
        await Batches.TakeBatchAsync(Me, Lease, Cancellation);
        await Batches.SettleBatchAsync(
            refused with { State = FileBatchState.Refused, Errors = "{}" }, FileBatchState.Checking, Me, Cancellation);
        var keep = TimeSpan.FromDays(2);
        await PassAsync(keep - TimeSpan.FromMinutes(5));
        Assert.Equal(0, await Batches.RemoveOldBatchesAsync(keep, 10, Cancellation));
        await PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(1, await Batches.RemoveOldBatchesAsync(keep, 10, Cancellation));

        Assert.Null(await Batches.FindBatchAsync(refused.Id, Cancellation));
        Assert.NotNull(await Batches.FindBatchAsync(open.Id, Cancellation));
    }

    private static FileBatchQuery Of(BatchDialect dialect) => new() { Dialect = dialect, Limit = 2 };

    private static List<Guid> Ids(IReadOnlyList<FileBatch>? batches) => [.. batches!.Select(batch => batch.Id)];

    private static NewFileBatch New() => new(Guid.NewGuid(), "laptop", null, Guid.NewGuid(), """{"a":1}""");

    [Fact]
    public async Task A_batch_that_has_ended_is_neither_retried_nor_skipped()
    {
        var job = await EnqueueBatchAsync(2);
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));
        var ended = await JobAsync(job);
        Assert.True(ended.IsOver);

        Assert.Equal(0, (await Store.Control.RetryJobAsync(job.Key, true, Cancellation)).Retried);
        Assert.Equal(0, (await Store.Control.RetryTaskAsync(tasks[1].Key, Cancellation)).Retried);
        var (retried, next) = await Store.Control.RetryFailedAsync(job.Key, default, 0, Cancellation);
        var (skipped, nextToSkip) = await Store.Control.SkipFailedAsync(job.Key, default, 0, Cancellation);

        Assert.Equal((0, 0, null, null), (retried.Retried, skipped.Retried, next, nextToSkip));
        Assert.Equal(ended.Version, (await JobAsync(job)).Version);
        Assert.Equal(TaskState.Failed, (await TaskAsync(tasks[1].Key)).State);
    }

    /// <summary>
    /// Between two steps no task may be open: the batch must not look as if it had ended, and the next step must go through.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_has_not_ended_while_its_failures_are_retried_or_skipped_in_steps(bool isRetry)
    {
        // One more than the tasks of one step, and one that is open meanwhile.
        const int Failures = 1001;
        var job = await EnqueueBatchAsync(Failures + 1);
        var tasks = await ClaimAsync(Failures + 1);
        await Store.Work.ApplyAsync(Node, [.. tasks.Skip(1).Select(task => Ended(task, TaskEvent.Fail))], Cancellation);

        var (first, next) = await StepAsync(0);
        await ApplyAsync(Done(tasks[0]));
        await EndAsync();
        var between = await JobAsync(job);
        Assert.Equal((1000, 1, 0, false), (first.Retried, between.Counters.Failed, between.Counters.Open, between.IsOver));

        (var second, next) = await StepAsync(next!.Value);
        await EndAsync();

        Assert.Equal((1, null), (second.Retried, next));
        var after = await JobAsync(job);
        Assert.Equal((0, true), (after.Counters.Failed, after.IsOver));
        Assert.Equal(isRetry ? (Failures + 1, 0) : (1, Failures), (after.Counters.Completed, after.Counters.Cancelled));

        Task<(RetryResult Result, int? Next)> StepAsync(int from) => isRetry
            ? Store.Control.RetryFailedAsync(job.Key, default, from, Cancellation)
            : Store.Control.SkipFailedAsync(job.Key, default, from, Cancellation);

        async Task EndAsync()
        {
            if (isRetry) await Store.Work.ApplyAsync(Node, [.. (await ClaimAsync(Failures)).Select(task => Done(task))], Cancellation);
        }
    }

    [Fact]
    public async Task A_batch_of_which_nobody_skips_the_rest_has_ended()
    {
        const int Failures = 1001;
        var job = await EnqueueBatchAsync(Failures + 1);
        var tasks = await ClaimAsync(Failures + 1);
        await Store.Work.ApplyAsync(Node, [.. tasks.Skip(1).Select(task => Ended(task, TaskEvent.Fail))], Cancellation);
        await Store.Control.SkipFailedAsync(job.Key, default, 0, Cancellation);
        await ApplyAsync(Done(tasks[0]));
        Assert.False((await JobAsync(job)).IsOver);

        await Store.Maintain.FinishRetriesAsync(10, Cancellation);

        Assert.True((await JobAsync(job)).IsOver);
    }

    private Task<EnqueuedJob> EnqueueBatchAsync(int tasks) =>
        EnqueueAsync(tasks, TestJobs.Job with { Batch = new JobBatch(BatchDialect.Anthropic, "{}") });

    private async Task RemoveAsync(long job)
    {
        Assert.True(await Store.Control.RemoveJobAsync(job, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }
    }

    private Task<FileBatch> AddAsync() => Batches.AddBatchAsync(New(), Cancellation);
}
