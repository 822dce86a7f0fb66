using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Store;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using static StashAI.Queue.Tests.Maintenance.JudgedNumbers;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>Some results that are judged again at once, such as those of a face that was named.</summary>
public abstract class SomeResultsRematchTests(PostgresFixture? postgres) : RematchStory(postgres)
{
    public sealed class OnSqlite() : SomeResultsRematchTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : SomeResultsRematchTests(postgres);

    [Fact]
    public async Task Some_results_are_judged_at_once_while_the_job_runs_and_the_rest_with_the_aggregate_when_it_has_ended()
    {
        var ended = await EndedAsync(5, task => task == 1 ? [] : Number(10 * task));
        Judge.Version = 5;
        Assert.Equal(
            2, await Judging(Store).JudgeAsync(await JobAsync(ended), [Key(ended, 2), Key(ended, 1), Key(ended, 4)], 0.3, Cancellation));
        Assert.Equal([1, 1, 25, 1, 45], await ResultsAsync(ended));
        Assert.Equal(5, Read((await JobAsync(ended)).Aggregate));

        var open = await Store.EnqueueAsync(Node, 2, TestJobs.Job, Cancellation);
        await ApplyAsync(1, Number);
        Assert.Equal(1, await Judging(Store).JudgeAsync(await JobAsync(open), [Key(open, 0), Key(open, 1)], null, Cancellation));
        Assert.Equal([5], await ResultsAsync(open));
        Assert.Equal([0.3, null], Judge.Thresholds);
        var bulk = await AddAsync(open, null, awaitsEnd: true);
        var worker = Worker(Store);
        await RunAsync(worker);
        Assert.Equal(BulkState.Running, (await Store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!.State);
        await ApplyAsync(1, Number);
        await RunAsync(worker);

        Assert.Equal((1L, 0L), await CountsAsync(bulk));
        Assert.Equal([5, 6], await ResultsAsync(open));
        Assert.Equal(11, Read((await JobAsync(open)).Aggregate));
    }

    [Fact]
    public async Task A_result_that_changed_after_it_was_read_is_not_replaced()
    {
        var job = await EndedAsync(2, Number);
        var read = await Store.Read.FindTasksAsync([Key(job, 0), Key(job, 1)], withOutput: false, Cancellation);
        await Store.Rematches.SaveResultsAsync(
            job.Key, 0, [(read[0].Version, new JudgedResult(Key(job, 0), Number(1), Number(7), [new("7", 1)]))], Cancellation);

        var changes = await Store.Rematches.SaveResultsAsync(
            job.Key, 0, [.. read.Select(task => (task.Version, new JudgedResult(task.Key, Number(1), Number(9), [new("9", 1)])))],
            Cancellation);

        Assert.Equal([Key(job, 1)], changes.Tasks.Select(task => task.Key));
        Assert.Equal([7, 9], await ResultsAsync(job));
        var shown = await Store.Subjects.ListOfJobAsync(job.Key, null, 9, Cancellation);
        Assert.Equal([new JobSubject("9", 1, 1), new JobSubject("7", 1, 1)], shown.Subjects);
        Assert.Equal(9, Read((await Store.Rematches.FindResultAsync(Key(job, 1), Cancellation))!.Value.Output));
        Assert.Null(await Store.Rematches.FindResultAsync(Key(job, 2), Cancellation));
    }

    [Fact]
    public async Task The_service_is_not_waited_for_when_it_cannot_judge_at_once()
    {
        var job = await EndedAsync(2, Number);
        Judge.IsBusy = true;

        Assert.Equal(0, await Judging(Store).JudgeAsync(await JobAsync(job), [Key(job, 0)], null, Cancellation));

        Assert.Equal([1, 1], await ResultsAsync(job));
    }
}
