using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Adapters.Visage;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Signals;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using static StashAI.Queue.Tests.Maintenance.Erasing.ErasedPhotos;

namespace StashAI.Queue.Tests.Maintenance.Erasing;

/// <summary>A person who is deleted is named nowhere afterwards, whatever was under way and whichever process goes on.</summary>
public abstract class ErasureOrderTests(PostgresFixture? postgres) : EraserTestBase(postgres)
{
    public sealed class OnSqlite() : ErasureOrderTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : ErasureOrderTests(postgres);

    [Fact]
    public async Task A_call_that_had_begun_may_be_recorded_later_and_names_the_person_no_more()
    {
        var job = await EnqueueAsync(VisageAdapter.Identify, 3);
        var claimed = (await Store.Work.ClaimAsync(Node, 2, 0, [VisageAdapter.Name], Cancellation)).Tasks;
        var other = await House.OpenStoreAsync(Clock);
        var eraser = Worker(other);
        var erasure = await BeginAsync(eraser);

        // The first is recorded while the jobs are gone through, the second when they have been.
        await ApplyAsync(claimed[0], Shown.Photo([Face(Ann)]));
        while (await eraser.RunOnceAsync(Cancellation) == TimeSpan.Zero)
        {
            // Until it waits.
        }

        Assert.Equal(ErasureStage.OpenJobs, (await FindErasureAsync(erasure)).Stage);
        var late = (await Store.Work.ClaimAsync(Node, 1, 0, [VisageAdapter.Name], Cancellation)).Tasks;
        await ApplyAsync(claimed[1], Shown.Photo([Face(Ann), Face(Bob)]));
        await RunAsync(eraser);

        Assert.True((await FindErasureAsync(erasure)).IsOver);
        await ApplyAsync(late[0], Shown.Photo([Face(Bob)]));
        Assert.Empty(await FindAsync());
        Assert.Equal(3, (await ResultsAsync(job)).Count);
    }

    [Fact]
    public async Task A_rematch_that_runs_meanwhile_saves_nothing_that_the_erasure_has_removed()
    {
        var job = await EndedAsync(VisageAdapter.Identify, 3, task => Shown.Photo([Face(task == 1 ? Bob : Ann)]));
        var judge = new HeldJudge();
        var registry = new ServiceRegistry([new JudgedAdapter(judge)]);
        var rematcher = new Rematcher(
            Store, registry, new SubjectReader(registry, NullLogger.Instance), new LiteralUpstreams(), CallSetup.With(new HttpClient()),
            new QueueFeed(), Clock);
        var grouper = new Grouper(Store, registry, new LiteralUpstreams(), CallSetup.With(new HttpClient()), Clock);
        var bulk = new BulkWorker(
            Store, rematcher, grouper, new OwnedTasks(), new QueueFeed(), new Wakeup(Clock), Clock, NullLogger.Instance);
        await Store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Rematch, null, "{}", new JobQuery { Limit = 1, OnlyIds = [job.JobId] }, null, 1),
            Cancellation);
        await bulk.RunOnceAsync(Cancellation);
        var rematch = bulk.RunOnceAsync(Cancellation);
        await judge.Asked.Task.WaitAsync(Cancellation);

        // It has read the results, and answers when the erasure is over.
        var erasure = await EraseAsync(await House.OpenStoreAsync(Clock));
        judge.Answer.SetResult();
        await rematch;
        for (var i = 0; i < 5; i++) await bulk.RunOnceAsync(Cancellation);

        Assert.True(erasure.IsOver);
        Assert.Empty(await FindAsync());
        Assert.Equal(2, judge.Calls);
        Assert.Equal(
            2, (await ResultsAsync(job)).Count(result => Text(result.Output).Contains("\"erased\":true", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_rematch_begins_before_results_name_the_person_no_more()
    {
        var job = await EndedAsync(VisageAdapter.Identify, 3, _ => Shown.Photo([Face(Ann)]));
        Gallery.IsDown = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => BeginAsync(Worker(Store)));
        var bulk = await Store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Rematch, null, "{}", new JobQuery { Limit = 1, OnlyIds = [job.JobId] }, null, 1),
            Cancellation);

        Assert.True((await Store.Rematches.BeginRematchAsync(job.Key, bulk, Cancellation)).IsHeld);
        Gallery.IsDown = false;
        await EraseAsync();

        Assert.False((await Store.Rematches.BeginRematchAsync(job.Key, bulk, Cancellation)).IsHeld);
    }

    [Fact]
    public async Task An_erasure_waits_for_a_service_that_cannot_be_reached_and_says_so()
    {
        await EndedAsync(VisageAdapter.Identify, 1, _ => Shown.Photo([Face(Ann)]));
        Gallery.IsDown = true;
        var eraser = Worker(Store);
        await Assert.ThrowsAsync<HttpRequestException>(() => BeginAsync(eraser));
        Assert.Equal(Eraser.RetryPause, await eraser.RunOnceAsync(Cancellation));
        var waiting = (await Store.Erasures.FindErasureOfAsync(Ann, Cancellation))!;
        Assert.Equal((ErasureStage.Subject, "The face service is not running."), (waiting.Stage, waiting.Reason));
        Gallery.IsDown = false;

        var again = await EraseAsync();

        Assert.Equal((waiting.Id, true, (string?)null), (again.Id, again.IsOver, again.Reason));
        Assert.False(Gallery.Knows(Ann));
        Assert.True(Gallery.Knows(Bob));
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task Another_process_goes_on_where_one_died_after_any_step()
    {
        var photos = await EndedAsync(VisageAdapter.Identify, 300, task => Shown.Photo([Face(task % 3 == 0 ? Ann : Bob)]));
        await EndedAsync(VisageAdapter.Compare, 3, task => (Pair(task == 0 ? Name : OfBob), default), Pairs);
        await AuditAsync();
        var erasure = await Store.Erasures.AddErasureAsync(Guid.CreateVersion7(), new ErasedSubject([Ann], [Name]), null, Cancellation);

        // Every step is the last one of its process.
        for (var steps = 0; !(await FindErasureAsync(erasure)).IsOver; steps++)
        {
            Assert.True(steps < 200);
            Clock.Advance(Eraser.Lease);
            await Worker(Store).RunOnceAsync(Cancellation);
        }

        Assert.Equal(101, (await FindErasureAsync(erasure)).ResultsChanged);
        Assert.Empty(await FindAsync());
        Assert.Equal(300, (await ResultsAsync(photos)).Count);
    }

    [Fact]
    public async Task A_copy_of_a_job_that_was_made_meanwhile_names_the_person_no_more()
    {
        var source = await EndedAsync(VisageAdapter.Compare, 2, task => (Pair(task == 0 ? Name : OfBob), default), Pairs);
        var erasure = await BeginAsync(Worker(Store));
        await using (var upload = Store.OpenUpload(Node))
        {
            await upload.CopyAsync(source.Key, CopiedTasks.All, Cancellation);
            await upload.CommitAsync(JobOf(VisageAdapter.Compare) with { SourceJob = source.JobId }, Cancellation);
        }

        await RunAsync(Worker(Store));

        Assert.Equal((true, 2L), ((await FindErasureAsync(erasure)).IsOver, (await FindErasureAsync(erasure)).JobsDone));
        Assert.Empty(await FindAsync());
    }

    /// <summary>A call that was under way, such as adding photos, writes its entry when the erasure went through the log already.</summary>
    [Fact]
    public async Task An_entry_about_the_person_that_comes_late_names_the_erasure_instead()
    {
        await AuditAsync();
        var erasure = await EraseAsync();

        await AuditAsync("add_photos", ofMerged: false);

        Assert.Empty(await FindAsync());
        var entries = (await Store.Audit.ListAuditAsync(long.MaxValue, 100, Cancellation)).Where(entry => entry.Action == "add_photos");
        Assert.Equal(
            [(OfBob, true), ("erasure", false)],
            entries.Select(entry => (
                entry.TargetId == Bob ? OfBob : entry.TargetId == $"{erasure.Id}" ? "erasure" : entry.TargetId!,
                entry.Details is not null)).Order());
    }

    /// <summary>Gives the results back as it read them, when it is told to.</summary>
    private sealed class HeldJudge : IResultRematch
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Calls { get; private set; }

        public async Task<RematchOutcome?> RematchAsync(RematchContext context, CancellationToken cancellationToken)
        {
            Calls++;
            Asked.TrySetResult();
            await Answer.Task.WaitAsync(cancellationToken);
            return new RematchOutcome(1, [.. context.Items.Select(item => new RematchedResult(item.Output, IsChanged: true))]);
        }
    }

    private sealed class JudgedAdapter(HeldJudge judge) : IServiceAdapter
    {
        public AdapterManifest Manifest { get; } = new VisageAdapter().Manifest with
        {
            Operations = [VisageAdapter.Identify with { Rematch = judge }],
        };

        public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A rematch makes no call.");
    }
}
