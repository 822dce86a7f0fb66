using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Groups of failures: kept as tasks fail, and taken back as people retry or skip them.</summary>
public abstract class FailureContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Failures_are_grouped_by_kind_status_and_pattern_as_they_happen()
    {
        var job = await EnqueueAsync(8);
        var tasks = await ClaimAsync(8);
        var first = Clock.GetUtcNow();
        await FailAsync(tasks[0], ErrorKind.Rejected, 422, "The service answered 422: photo 17 cannot be read");
        Clock.Advance(TimeSpan.FromSeconds(9));
        await Store.Work.ApplyAsync(
            Node,
            [
                Failed(tasks[1], ErrorKind.Rejected, 422, "The service answered 422: photo 18 cannot be read"),
                Failed(tasks[2], ErrorKind.Rejected, 422, "The service answered 422: photo 19 cannot be read"),
                Failed(tasks[3], ErrorKind.Rejected, 422, "The service answered 422: photo 20 cannot be read"),
                Failed(tasks[4], ErrorKind.Rejected, 400, "The service answered 400: photo 20 cannot be read"),
                Failed(tasks[5], ErrorKind.InvalidAnswer, null, null),
                Ended(tasks[6], TaskEvent.RetryLater, 60),
                Done(tasks[7]),
            ],
            Cancellation);
        Host.Verify();

        var groups = await GroupsAsync(job);

        Assert.Equal([4, 1, 1], groups.Select(group => group.Count));
        var largest = groups[0];
        Assert.Equal(
            (ErrorKind.Rejected, 422, "The service answered #: photo # cannot be read",
                "The service answered 422: photo 17 cannot be read"),
            (largest.Kind, largest.HttpStatus, largest.Pattern, largest.Message));
        Assert.Equal((first, first.AddSeconds(9)), (largest.FirstAt, largest.LastAt));
        Assert.Equal(tasks.Take(3).Select(task => task.Key), largest.Examples);
        Assert.Equal(
            new[] { ErrorKind.Rejected, ErrorKind.InvalidAnswer }.Order(), groups.Skip(1).Select(group => group.Kind).Order());
        Assert.Equal(largest.Count, (await Store.Read.FindFailureAsync(job.Key, largest.Fingerprint!.Value, Cancellation))!.Count);
    }

    [Fact]
    public async Task A_retry_of_a_group_takes_back_it_alone()
    {
        var job = await EnqueueAsync(5);
        var tasks = await ClaimAsync(5);
        foreach (var task in tasks.Take(3)) await FailAsync(task, ErrorKind.Rejected, 422, $"item {TaskKey.OrdinalOf(task.Key)} is bad");
        foreach (var task in tasks.Skip(3)) await FailAsync(task, ErrorKind.Rejected, 413, "too large");
        var bad = Failure.Of(ErrorKind.Rejected, 422, "item 1 is bad").Fingerprint;

        var retried = await Store.Control.RetryFailedAsync(job.Key, new(bad), 0, Cancellation);
        Host.Verify();

        Assert.Equal((3, null), (retried.Result.Retried, retried.Next));
        Assert.Equal("too large", Assert.Single(await GroupsAsync(job)).Message);
        Assert.Equal((3, 2), ((await JobAsync(job)).Counters.Available, (await JobAsync(job)).Counters.Failed));
        Assert.Equal(0, (await Store.Control.RetryFailedAsync(job.Key, new(bad), 0, Cancellation)).Result.Retried);
        Assert.Equal(0, (await Store.Control.RetryFailedAsync(long.MaxValue >> 24, new(bad), 0, Cancellation)).Result.Retried);

        foreach (var task in await ClaimAsync(2))
            await FailAsync(task, ErrorKind.Rejected, 422, $"item {TaskKey.OrdinalOf(task.Key)} is bad");
        Assert.Equal([2, 2], (await GroupsAsync(job)).Select(group => group.Count));
    }

    [Fact]
    public async Task A_skipped_group_is_cancelled_and_keeps_its_reason()
    {
        var job = await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        await ApplyAsync(Done(tasks[0]));
        foreach (var task in tasks.Skip(1)) await FailAsync(task, ErrorKind.Rejected, 422, $"item {TaskKey.OrdinalOf(task.Key)} is bad");

        var (skipped, _) = await Store.Control.SkipFailedAsync(
            job.Key, new(Failure.Of(ErrorKind.Rejected, 422, "item 1 is bad").Fingerprint, Until: Clock.GetUtcNow()), 0, Cancellation);
        Host.Verify();

        Assert.Equal((2, 2), (skipped.Retried, skipped.Changes.Tasks.Count));
        Assert.Empty(await GroupsAsync(job));
        var view = (await Store.Read.FindJobAsync(job.JobId, Cancellation))!;
        Assert.Equal((JobState.Partial, 0, 2), (view.State, view.Counters.Failed, view.Counters.Cancelled));
        Assert.Empty(view.Errors);
        var one = await TaskAsync(tasks[1].Key);
        Assert.Equal(
            (TaskState.Cancelled, ErrorKind.Cancelled, $"{OutcomeRules.SkippedBefore}item 1 is bad"),
                (one.State, one.ErrorKind, one.ErrorMessage));
        Assert.Equal(2, (await Store.Control.RetryJobAsync(job.Key, true, Cancellation)).Retried);
        Host.Verify();
    }

    [Fact]
    public async Task Every_way_to_fail_leads_into_a_group_and_every_retry_out_of_it()
    {
        var late = await EnqueueAsync(3, TestJobs.Job with { Deadline = Clock.GetUtcNow().AddSeconds(5) });
        await PassAsync(TimeSpan.FromSeconds(6));
        await Store.Maintain.ExpireAsync(100, Cancellation);
        Host.Verify();
        var group = Assert.Single(await GroupsAsync(late));
        Assert.Equal((ErrorKind.DeadlineExceeded, 3, OutcomeRules.DeadlineBeforeRun), (group.Kind, group.Count, group.Message));

        await Store.Control.RetryTaskAsync(group.Examples[0], Cancellation);
        Host.Verify();
        Assert.Equal(2, Assert.Single(await GroupsAsync(late)).Count);
        Assert.DoesNotContain(group.Examples[0], (await GroupsAsync(late))[0].Examples);

        await Store.Control.RetryJobAsync(late.Key, false, Cancellation);
        Host.Verify();
        Assert.Empty(await GroupsAsync(late));
    }

    private async Task FailAsync(ClaimedTask task, ErrorKind kind, int? status, string? message)
    {
        await ApplyAsync(Failed(task, kind, status, message));
        Host.Verify();
    }

    private static AttemptResult Failed(
        ClaimedTask task, ErrorKind kind, int? status, string? message) =>
        Ended(task, TaskEvent.Fail) with
        {
            ErrorKind = kind,
            ErrorMessage = message,
            Call = status is { } code ? new CallReport(code, "no") : CallReport.None,
        };

    private async Task<IReadOnlyList<FailureGroup>> GroupsAsync(EnqueuedJob job) =>
        await Store.Read.ListFailuresAsync(await JobAsync(job), Cancellation);
}
