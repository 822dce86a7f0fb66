using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Bulk operations: durable, bound to their moment, worked on by one process at a time.</summary>
public abstract class BulkContract(IStoreHost host) : StoreContract(host)
{
    private static readonly Guid Me = Guid.NewGuid();
    private static readonly Guid Other = Guid.NewGuid();
    private static readonly TimeSpan WorkerLease = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_operation_keeps_all_that_it_needs_to_go_on()
    {
        var query = new JobQuery
        {
            Limit = 50,
            States = [JobState.Partial, JobState.Failed],
            IsPaused = false,
            Service = "visage",
            TaskTypes = ["a", "b"],
            NamePart = "x\u00e9",
            UserId = "u",
            SessionId = "s",
            Tag = "t",
            Owner = "o",
            ErrorKind = ErrorKind.Timeout,
            Fingerprint = -5,
            ErrorPart = "\"e\"",
            CreatedAfter = Clock.GetUtcNow(),
            CreatedBefore = Clock.GetUtcNow().AddDays(1),
            Ids = (Guid.NewGuid(), Guid.NewGuid()),
            OnlyIds = [Guid.NewGuid()],
            OnlyUnowned = true,
            OnlyFailed = true,
        };
        var job = await EnqueueAsync(1);

        var added = await Store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Priority, 7, """{"all":true}""", query, "laptop", 12), Cancellation);

        var found = (await (await OpenAnotherAsync()).Bulk.FindBulkAsync(added.Id, Cancellation))!;
        Assert.Equivalent(added, found, strict: true);
        Assert.Equivalent(query, found.Query, strict: true);
        Assert.Equal(
            (BulkAction.Priority, 7, """{"all":true}""", "laptop", 12L, BulkState.Running, job.Key, Clock.GetUtcNow()),
            (found.Action, found.Priority, found.Filter, found.AskedBy, found.Matched, found.State, found.LastJob, found.CreatedAt));
        Assert.Null(await Store.Bulk.FindBulkAsync(Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public async Task One_process_at_a_time_works_on_an_operation_and_another_takes_over_when_its_lease_is_over()
    {
        var added = await AddAsync();
        var other = await OpenAnotherAsync();

        var taken = (await Store.Bulk.TakeBulkAsync(Me, WorkerLease, Cancellation))!;
        Assert.Null(await other.Bulk.TakeBulkAsync(Other, WorkerLease, Cancellation));
        var progress = taken with
        {
            Done = 3,
            Failed = 1,
            Matched = 9,
            Error = "no",
            Batch = [5, 6],
            Cursor = new JobPlace(4, 5, 0, false),
            IsRead = true,
        };
        Assert.True(await Store.Bulk.SaveBulkAsync(Me, WorkerLease, progress, Cancellation));
        Assert.Equivalent(progress, await Store.Bulk.TakeBulkAsync(Me, WorkerLease, Cancellation), strict: true);

        Clock.Advance(WorkerLease);
        Assert.Equal(added.Id, (await other.Bulk.TakeBulkAsync(Other, WorkerLease, Cancellation))!.Id);
        Assert.False(await Store.Bulk.SaveBulkAsync(Me, WorkerLease, progress with { Done = 99 }, Cancellation));
        Assert.True(await other.Bulk.SaveBulkAsync(Other, WorkerLease, progress with { State = BulkState.Completed }, Cancellation));
        var over = (await Store.Bulk.FindBulkAsync(added.Id, Cancellation))!;
        Assert.Equal((BulkState.Completed, 3L, Clock.GetUtcNow()), (over.State, over.Done, over.FinishedAt));
        Assert.Null(await Store.Bulk.TakeBulkAsync(Me, WorkerLease, Cancellation));
    }

    [Fact]
    public async Task Processes_that_ask_at_once_take_different_operations()
    {
        for (var i = 0; i < 4; i++) await AddAsync();
        var other = await OpenAnotherAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            i => (i % 2 == 0 ? Store : other).Bulk.TakeBulkAsync(Guid.NewGuid(), WorkerLease, Cancellation)));

        var keys = taken.OfType<BulkOperation>().Select(bulk => bulk.Key).ToList();
        Assert.NotEmpty(keys);
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public async Task A_stopped_operation_is_not_taken_and_its_progress_is_not_stored_any_more()
    {
        var added = await AddAsync();
        var taken = (await Store.Bulk.TakeBulkAsync(Me, WorkerLease, Cancellation))!;

        Assert.True(await Store.Bulk.StopBulkAsync(added.Id, Cancellation));
        Assert.False(await Store.Bulk.StopBulkAsync(added.Id, Cancellation));
        Assert.False(await Store.Bulk.StopBulkAsync(Guid.NewGuid(), Cancellation));

        Assert.False(await Store.Bulk.SaveBulkAsync(Me, WorkerLease, taken with { Done = 1 }, Cancellation));
        Assert.Null(await Store.Bulk.TakeBulkAsync(Me, WorkerLease, Cancellation));
        Assert.Equal(BulkState.Stopped, (await Store.Bulk.FindBulkAsync(added.Id, Cancellation))!.State);
    }

    [Fact]
    public async Task Operations_are_listed_in_pages_newest_first_and_old_ones_are_removed()
    {
        var all = new List<BulkOperation>();
        for (var i = 0; i < 3; i++) all.Add(await AddAsync());

        var first = await Store.Bulk.ListBulkAsync(long.MaxValue, 2, Cancellation);
        var second = await Store.Bulk.ListBulkAsync(first[^1].Key, 2, Cancellation);
        Assert.Equal(all.Select(bulk => bulk.Id).Reverse(), first.Concat(second).Select(bulk => bulk.Id));

        await Store.Bulk.StopBulkAsync(all[0].Id, Cancellation);
        Assert.Equal(0, await Store.Bulk.RemoveBulkAsync(TimeSpan.FromMinutes(30), 10, Cancellation));
        await PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(1, await Store.Bulk.RemoveBulkAsync(TimeSpan.FromMinutes(30), 10, Cancellation));
        Assert.Equal(2, (await Store.Bulk.ListBulkAsync(long.MaxValue, 10, Cancellation)).Count);
    }

    [Fact]
    public async Task A_retry_of_what_failed_until_a_moment_leaves_later_failures_and_other_kinds()
    {
        var job = await EnqueueAsync(4);
        var tasks = await ClaimAsync(4);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail) with { ErrorKind = ErrorKind.Timeout });
        var until = Clock.GetUtcNow();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await ApplyAsync(Ended(tasks[2], TaskEvent.Fail));
        await ApplyAsync(Done(tasks[3]));

        var selection = new RetrySelection(Kind: ErrorKind.ServiceError, Until: until);
        var (result, next) = await Store.Control.RetryFailedAsync(job.Key, selection, 0, Cancellation);
        Host.Verify();
        Assert.Equal((1, null), (result.Retried, next));
        Assert.Equal(0, (await Store.Control.RetryFailedAsync(job.Key, selection, 0, Cancellation)).Result.Retried);
        Assert.Equal(TaskState.Available, (await TaskAsync(tasks[0].Key)).State);

        Assert.Equal(2, (await Store.Control.RetryFailedAsync(job.Key, default, 0, Cancellation)).Result.Retried);
        Host.Verify();
    }

    [Fact]
    public async Task Jobs_are_found_by_their_ids_without_owner_with_failures_and_up_to_a_moment()
    {
        var owned = await EnqueueAsync(1, TestJobs.Job with { Owner = "laptop" });
        var failed = await EnqueueAsync(1);
        foreach (var task in await ClaimAsync(2))
            await ApplyAsync(TaskKey.JobOf(task.Key) == failed.Key ? Ended(task, TaskEvent.Fail) : Done(task));
        var at = Clock.GetUtcNow();
        var third = await EnqueueAsync(1);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var fourth = await EnqueueAsync(1);

        async Task<IEnumerable<long>> FindAsync(JobQuery query) =>
            (await Store.Read.QueryJobsAsync(query, Cancellation)).Jobs.Select(job => job.Key);
        var any = new JobQuery { Limit = 10 };
        Assert.Equal([third.Key, owned.Key], await FindAsync(any with { OnlyIds = [owned.JobId, third.JobId, Guid.NewGuid()] }));
        Assert.Equal([owned.Key], await FindAsync(any with { OnlyIds = [owned.JobId, third.JobId], Owner = "laptop" }));
        Assert.Empty(await FindAsync(any with { OnlyIds = [] }));
        Assert.Equal([fourth.Key, third.Key, failed.Key], await FindAsync(any with { OnlyUnowned = true }));
        Assert.Equal([failed.Key], await FindAsync(any with { OnlyFailed = true }));
        Assert.Equal([third.Key, failed.Key, owned.Key], await FindAsync(any with { Until = (fourth.Key, at) }));
        Assert.Equal([failed.Key, owned.Key], await FindAsync(any with { Until = (failed.Key, at.AddDays(1)) }));
    }

    [Fact]
    public async Task Failures_of_a_batch_of_another_api_may_change_until_it_ends()
    {
        var job = await EnqueueAsync(2, TestJobs.Job with { Batch = new JobBatch(BatchDialect.Anthropic, "{}") });
        var (first, second) = (await ClaimOneAsync(), await ClaimOneAsync());
        var query = new JobQuery { Limit = 10, OnlyFailed = true };

        await ApplyAsync(Ended(first, TaskEvent.Fail));
        Assert.Equal(job.Key, Assert.Single((await Store.Read.QueryJobsAsync(query, Cancellation)).Jobs).Key);
        await ApplyAsync(Ended(second, TaskEvent.Fail));

        Assert.Equal(0, (await Store.Read.QueryJobsAsync(query.Counting(), Cancellation)).Total);
        Assert.Equal(job.Key, Assert.Single((await Store.Read.QueryJobsAsync(query with { OnlyFailed = false }, Cancellation)).Jobs).Key);
    }

    private Task<BulkOperation> AddAsync() => Store.Bulk.AddBulkAsync(
        new NewBulk(Guid.NewGuid(), BulkAction.Cancel, null, "{}", new JobQuery { Limit = 1 }, null, 0), Cancellation);
}
