using System.Text;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Storage.Tests.Contract;

/// <summary>What is kept of a job as it runs: its results folded into one, and its failures by kind.</summary>
public abstract class SummaryContract(IStoreHost host) : StoreContract(host)
{
    private static readonly SumFold Sum = new();

    [Fact]
    public async Task Each_result_is_folded_once_however_often_it_is_reported()
    {
        var job = await EnqueueAsync(4);
        Assert.Equal("", await AggregateAsync(job));
        var tasks = await ClaimAsync(3);
        var results = tasks.Select((task, i) => Done(task) with { Part = Sum.Part(1 << i) }).ToList();

        await Store.Work.ApplyAsync(Node, [results[0], results[0], results[1]], Cancellation);
        Assert.Equal("3", await AggregateAsync(job));
        await Store.Work.ApplyAsync(Node, results, Cancellation);
        await Store.Work.ApplyAsync(Store.Nodes.Register("second", Lease), results, Cancellation);

        Assert.Equal("7", await AggregateAsync(job));
    }

    [Fact]
    public async Task Jobs_of_one_batch_keep_their_own_aggregates_and_failures_add_nothing()
    {
        var jobs = new[] { await EnqueueAsync(2), await EnqueueAsync(2), await EnqueueAsync(1) };
        var tasks = (await ClaimAsync(10)).OrderBy(task => task.Key).ToList();
        await Store.Work.ApplyAsync(
            Node,
            [
                Done(tasks[0]) with { Part = Sum.Part(5) },
                Ended(tasks[1], TaskEvent.Fail) with { Part = Sum.Part(100) },
                Done(tasks[2]) with { Part = Sum.Part(7) },
                Done(tasks[3]) with { Part = Sum.Part(8) },
                Done(tasks[4]),
            ],
            Cancellation);

        Assert.Equal(["5", "15", ""], [await AggregateAsync(jobs[0]), await AggregateAsync(jobs[1]), await AggregateAsync(jobs[2])]);
    }

    [Fact]
    public async Task A_job_that_is_retried_goes_on_with_its_aggregate()
    {
        var job = await EnqueueAsync(2);
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Done(tasks[0]) with { Part = Sum.Part(1) });
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));
        await Store.Control.RetryJobAsync(job.Key, false, Cancellation);

        await ApplyAsync(Done(await ClaimOneAsync()) with { Part = Sum.Part(2) });

        Assert.Equal("3", await AggregateAsync(job));
    }

    [Fact]
    public async Task A_fold_that_fails_or_grows_too_large_costs_no_result()
    {
        var job = await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        await ApplyAsync(Done(tasks[0]) with { Part = Sum.Part(1) });

        var broken = await Store.Work.ApplyAsync(
            Node, [Done(tasks[1]) with { Part = new ResultPart(Sum, "no number"u8.ToArray()) }], Cancellation);
        var large = await Store.Work.ApplyAsync(
            Node, [Done(tasks[2]) with { Part = new ResultPart(new LargeFold(), "1"u8.ToArray()) }], Cancellation);

        Assert.NotNull(broken.FoldError);
        Assert.Contains("262145", large.FoldError, StringComparison.Ordinal);
        Assert.Equal(("1", JobState.Completed), (await AggregateAsync(job), (await JobAsync(job)).State));
    }

    [Fact]
    public async Task Failures_are_counted_by_kind_with_one_message_each()
    {
        var job = await EnqueueAsync(6);
        var tasks = await ClaimAsync(5);
        for (var i = 0; i < 3; i++)
            await ApplyAsync(Ended(tasks[i], TaskEvent.Fail) with { ErrorKind = ErrorKind.Rejected, ErrorMessage = $"no {i}" });
        await ApplyAsync(Ended(tasks[3], TaskEvent.Fail));
        await ApplyAsync(Ended(tasks[4], TaskEvent.RetryLater, 60));

        Assert.Equal(
            [new JobErrors(ErrorKind.Rejected, 3, "no 0"), new JobErrors(ErrorKind.ServiceError, 1, "It said no.")],
            await ErrorsAsync(job));
        await Store.Control.RetryTaskAsync(tasks[0].Key, Cancellation);
        await Store.Control.RetryTaskAsync(tasks[3].Key, Cancellation);
        Host.Verify();
        Assert.Equal([new JobErrors(ErrorKind.Rejected, 2, "no 0")], await ErrorsAsync(job));
        await Store.Control.RetryJobAsync(job.Key, true, Cancellation);
        Assert.Empty(await ErrorsAsync(job));
    }

    private async Task<string> AggregateAsync(EnqueuedJob job) =>
        Encoding.UTF8.GetString((await Store.Read.FindJobAsync(job.JobId, Cancellation))!.Aggregate.Span);

    private async Task<IReadOnlyList<JobErrors>> ErrorsAsync(EnqueuedJob job) =>
        (await Store.Read.FindJobAsync(job.JobId, Cancellation))!.Errors;

    private sealed class LargeFold : IResultFold
    {
        public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output) => output;

        public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates) => new byte[IResultFold.MaxBytes + 1];
    }
}
