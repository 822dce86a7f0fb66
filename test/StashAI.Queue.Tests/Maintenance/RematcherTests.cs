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

/// <summary>Results that are judged again: whole, in steps, over the death of a process, and only where something is stored.</summary>
public abstract class RematcherTests(PostgresFixture? postgres) : RematchStory(postgres)
{
    public sealed class OnSqlite() : RematcherTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : RematcherTests(postgres);

    [Fact]
    public async Task All_results_and_the_aggregate_are_judged_again_and_what_has_nothing_stored_stays()
    {
        var job = await EndedAsync(Tasks, task => task % 10 == 3 ? [] : Number(task));
        var before = await JobAsync(job);
        Judge.Version = 5;

        var bulk = await RunAsync(Worker(Store), job, threshold: 0.25);

        Assert.Equal((BulkState.Completed, 1L, 0L), (bulk.State, bulk.Done, bulk.Failed));
        var results = await ResultsAsync(job);
        var expected = Enumerable.Range(0, Tasks).Select(task => task % 10 == 3 ? 1 : task + 5).ToList();
        Assert.Equal(expected, results);
        // Results without anything stored were not judged again, and so not read.
        var shown = await Store.Subjects.ListOfJobAsync(job.Key, null, Tasks + 1, Cancellation);
        Assert.Equal(
            Enumerable.Range(0, Tasks).Where(task => task % 10 != 3).Select(task => $"{task + 5}").Order(StringComparer.Ordinal),
            shown.Subjects.Select(one => one.Subject).Order(StringComparer.Ordinal));
        var after = await JobAsync(job);
        Assert.Equal(expected.Sum(), Read(after.Aggregate));
        Assert.Equal((before.State, before.FinishedAt, before.Counters), (after.State, after.FinishedAt, after.Counters));
        Assert.True(after.Version > before.Version);
        Assert.All(Judge.Thresholds, threshold => Assert.Equal(0.25, threshold));
        Assert.Equal(3, Judge.Thresholds.Count);
        var progress = (await Store.Rematches.FindRematchAsync(job.Key, Cancellation))!;
        var judged = expected.Count - Enumerable.Range(0, Tasks).Count(task => task % 10 == 3);
        Assert.Equal(
            (true, Tasks, judged, judged, 5L, 0.25),
            (progress.IsOver, progress.Done, progress.Judged, progress.Changed, progress.Version, progress.Threshold));
    }

    [Fact]
    public async Task Another_process_goes_on_where_one_died_and_judges_nothing_again_that_is_stored()
    {
        var job = await EndedAsync(Tasks, Number);
        Judge.Version = 2;
        Judge.DiesAt = 2;
        var bulk = await AddAsync(job, null);
        var dead = Worker(Store);
        await dead.RunOnceAsync(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead.RunOnceAsync(Judge.Death.Token));
        Assert.Equal(IRematches.MaxResults, (await Store.Rematches.FindRematchAsync(job.Key, Cancellation))!.Done);
        Judge.DiesAt = null;

        Clock.Advance(BulkWorker.Lease);
        await RunAsync(Worker(await OpenOtherAsync()));

        Assert.Equal(BulkState.Completed, (await Store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!.State);
        var expected = Enumerable.Range(0, Tasks).Select(task => task + 2).ToList();
        Assert.Equal(expected, await ResultsAsync(job));
        Assert.Equal(expected.Sum(), Read((await JobAsync(job)).Aggregate));
        Assert.Equal(Enumerable.Range(0, Tasks), Judge.Judged.Order().Distinct());
        // Two steps are judged at once: what the dead process had judged behind the stored step is judged again.
        Assert.Equal(IRematches.MaxResults, Judge.Judged.Count(task => task < IRematches.MaxResults));
    }

    [Fact]
    public async Task A_step_is_judged_while_the_one_before_is_with_the_service()
    {
        var job = await EndedAsync(Tasks, Number);
        Judge.Version = 3;
        // Were they judged in turns, the first would never be answered.
        Judge.AnswersFirstAt = 2;

        await RunAsync(Worker(Store), job, null);

        Assert.Equal(Enumerable.Range(0, Tasks).Select(task => task + 3), await ResultsAsync(job));
        Assert.Equal(Enumerable.Range(0, Tasks).Sum(task => task + 3), Read((await JobAsync(job)).Aggregate));
    }

    [Fact]
    public async Task What_is_judged_is_stored_when_the_next_step_fails_and_the_rematch_goes_on_behind_it()
    {
        var job = await EndedAsync(Tasks, Number);
        Judge.FailsAt = 2;
        var bulk = await AddAsync(job, null);
        var worker = Worker(Store);
        await worker.RunOnceAsync(Cancellation);
        await worker.RunOnceAsync(Cancellation);

        Assert.Equal(IRematches.MaxResults, (await Store.Rematches.FindRematchAsync(job.Key, Cancellation))!.Done);
        Assert.Equal(BulkState.Running, (await Store.Bulk.FindBulkAsync(bulk.Id, Cancellation))!.State);
        Assert.Equal(IRematches.MaxResults, (await ResultsAsync(job)).IndexOf(1, 1));
        await RunAsync(worker);
        Assert.Equal((1L, 0L), await CountsAsync(bulk));
        Assert.Equal(Enumerable.Range(1, Tasks), await ResultsAsync(job));
    }

    [Fact]
    public async Task What_says_the_same_as_before_is_not_written_again()
    {
        var job = await EndedAsync(Tasks, task => task % 2 == 0 ? Number(0) : Number(task));
        long[] tasks = [.. Enumerable.Range(0, Tasks).Select(task => Key(job, task))];
        var before = await VersionsAsync(tasks);

        await RunAsync(Worker(Store), job, null);

        // The results were 1 and are 1 again where 0 was computed.
        var after = await VersionsAsync(tasks);
        Assert.All(Enumerable.Range(0, Tasks), task => Assert.Equal(task % 2 == 0 ? 0 : 1, after[tasks[task]] - before[tasks[task]]));
        Assert.Equal(Enumerable.Range(0, Tasks).Select(task => task % 2 == 0 ? 1 : task + 1), await ResultsAsync(job));
        Assert.Equal(Tasks, (await Store.Rematches.FindRematchAsync(job.Key, Cancellation))!.Judged);
    }

    [Fact]
    public async Task An_operation_is_kept_while_its_jobs_together_take_longer_than_the_lease_and_a_stop_ends_them()
    {
        using var saved = new SemaphoreSlim(0);
        var noted = new FaultyStore(Store);
        noted.Bulk = new FaultyBulk(Store.Bulk, _ => null) { OnSaved = () => saved.Release() };
        var jobs = new[] { await EndedAsync(1, Number), await EndedAsync(1, Number), await EndedAsync(1, Number) };
        var query = new JobQuery { Limit = 9, OnlyIds = [.. jobs.Select(job => job.JobId)] };
        var bulk = await Store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Rematch, null, "{}", query, null, 3), Cancellation);
        var worker = Worker(noted);
        await worker.RunOnceAsync(Cancellation);
        await saved.WaitAsync(Cancellation);
        using var turn = new SemaphoreSlim(1);
        Judge.OnCall = async _ =>
        {
            // Each job has one step, which is shorter than the lease.
            await turn.WaitAsync(Cancellation);
            Clock.Advance(BulkWorker.Lease / 2);
            await saved.WaitAsync(Cancellation);
            Assert.Null(await Store.Bulk.TakeBulkAsync(Guid.NewGuid(), BulkWorker.Lease, Cancellation));
            turn.Release();
        };

        await RunAsync(worker);
        Assert.Equal((3L, 0L), await CountsAsync(bulk));

        // The next one is stopped while the service does not answer.
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Judge.OnCall = cancellationToken =>
        {
            called.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var stopped = await AddAsync(jobs[0], null);
        await worker.RunOnceAsync(Cancellation);
        var running = worker.RunOnceAsync(Cancellation);
        await called.Task.WaitAsync(Cancellation);
        await Store.Bulk.StopBulkAsync(stopped.Id, Cancellation);
        while (!running.IsCompleted)
        {
            Clock.Advance(BulkWorker.Heartbeat);
            await Task.Yield();
        }

        await running;
        Assert.Equal(BulkState.Stopped, (await Store.Bulk.FindBulkAsync(stopped.Id, Cancellation))!.State);
        Assert.Equal((0L, 0L), await CountsAsync(stopped));
    }

    [Fact]
    public async Task It_waits_for_a_service_that_cannot_answer_now()
    {
        var job = await EndedAsync(3, Number);
        Judge.IsBusy = true;
        var bulk = await AddAsync(job, null);
        var worker = Worker(Store);
        await worker.RunOnceAsync(Cancellation);
        for (var i = 0; i < BulkTries.Max + 2; i++) Assert.Equal(BulkWorker.Pause, await worker.RunOnceAsync(Cancellation));
        Judge.IsBusy = false;

        await RunAsync(worker);

        Assert.Equal((1L, 0L), await CountsAsync(bulk));
        Assert.Equal([1, 2, 3], await ResultsAsync(job));
    }

    [Fact]
    public async Task A_job_that_runs_or_has_nothing_stored_is_refused_and_keeps_its_results()
    {
        var old = await EndedAsync(2, _ => []);
        var open = await Store.EnqueueAsync(Node, 1, TestJobs.Job, Cancellation);

        var ofOld = await RunAsync(Worker(Store), old, null);
        var ofOpen = await RunAsync(Worker(Store), open, null);

        Assert.Equal((0L, 1L), (ofOld.Done, ofOld.Failed));
        Assert.Contains($"/api/jobs/{old.JobId}/rerun", ofOld.Error, StringComparison.Ordinal);
        Assert.Contains("has not ended", ofOpen.Error, StringComparison.Ordinal);
        Assert.Equal([1, 1], await ResultsAsync(old));
        Assert.Empty(Judge.Thresholds);
    }

    [Fact]
    public async Task A_later_rematch_takes_over_from_an_earlier_one()
    {
        var job = await EndedAsync(4, Number);
        var earlier = await AddAsync(job, 0.9);
        var later = await AddAsync(job, 0.1);
        await Store.Rematches.BeginRematchAsync(job.Key, later, Cancellation);

        await RunAsync(Worker(Store));

        Assert.Equal(((1L, 0L), (1L, 0L)), (await CountsAsync(earlier), await CountsAsync(later)));
        Assert.Equal([0.1], Judge.Thresholds);
    }

    [Fact]
    public async Task What_was_computed_goes_with_the_job()
    {
        var job = await EndedAsync(3, Number);
        await RunAsync(Worker(Store), job, null);
        Assert.True(await Store.Rematches.HasDerivedAsync(job.Key, Cancellation));

        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation) > 0)
        {
            // Until all is removed.
        }

        Assert.False(await Store.Rematches.HasDerivedAsync(job.Key, Cancellation));
        Assert.Null(await Store.Rematches.FindRematchAsync(job.Key, Cancellation));
    }
}
