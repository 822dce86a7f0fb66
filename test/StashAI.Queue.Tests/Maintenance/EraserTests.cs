using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Adapters.Visage;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Audit;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Services;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Queue.Tests.Engine;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>A person who is deleted is named nowhere afterwards, whatever was under way, and nobody else has lost anything.</summary>
public abstract class EraserTests(PostgresFixture? postgres) : IAsyncLifetime
{
    private const string Ann = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b";
    private const string Annie = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5c";
    private const string Bob = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5d";
    private const string Name = "Annelise Quent";
    private const string FormerName = "Annelise Zeuxis";
    private const string OfBob = "Bob";
    private const string HerPicture = "9jAnnsFaceInSixteenBytes";
    private const string PictureOfBob = "9jBobsFaceInSixteenBytes";

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ScriptedSubjects gallery = new(new ErasedSubject([Ann, Annie], [Name, FormerName]), new ErasedSubject([Bob], [OfBob]));
    private readonly Random random = new(15);
    private readonly byte[] herEmbedding = [.. Enumerable.Range(0, 32).Select(i => (byte)(1 + (i * 7 % 251)))];
    private readonly List<byte[]> secrets = [];
    private EngineHouse house = null!;
    private IQueueStore store = null!;
    private long node;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ServiceRegistry Services { get; } = new([new VisageAdapter()]);

    public async ValueTask InitializeAsync()
    {
        house = await EngineHouse.OpenAsync(postgres);
        store = await house.OpenStoreAsync(clock);
        node = store.Nodes.Register("test", TimeSpan.FromHours(9));
        await store.Gate.DeclareAsync(Services.Manifests, Cancellation);
        secrets.AddRange(((string[])[Ann, Annie, Name, FormerName, "Zeuxis", "Quent"]).Select(Encoding.UTF8.GetBytes));
    }

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public sealed class OnSqlite() : EraserTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : EraserTests(postgres);

    [Fact]
    public async Task Nothing_names_the_person_afterwards_and_nobody_else_has_lost_anything()
    {
        var photos = await EndedAsync(VisageAdapter.Identify, 300, task => (task % 4) switch
        {
            0 => Photo([Face(Ann, Bob), Face(Bob, Ann), Face()]),
            1 => Photo([Face(Bob)]),
            2 => Photo([]),
            _ => Photo([Face(Annie), Face()]),
        });
        var pairs = await EndedAsync(VisageAdapter.Compare, 3, task => (Pair(task == 0 ? Name : OfBob), default), Pairs);
        var ranked = await EndedAsync(
            VisageAdapter.OneToMany, 2, task => (Pair(OfBob, task == 0 ? Name : null), default),
            config: $$"""{"target_person":"{{Name}}","threshold":0.5}""");
        var failed = await FailedAsync(Name);
        var unrelated = await FailedAsync("Annelise");
        var waiting = await EnqueueAsync(VisageAdapter.Compare, 2, Pairs);
        await AuditAsync();
        var before = await ResultsAsync(photos);
        var rows = await store.Read.FindJobAsync(photos.JobId, Cancellation);
        var entries = await store.Audit.ListAuditAsync(long.MaxValue, 100, Cancellation);
        var broken = await ErrorsAsync(unrelated);
        Assert.NotEmpty(await FindAsync());

        var erasure = await EraseAsync();

        Assert.Equal((ErasureStage.Completed, 6L, 6L, 152L), (erasure.Stage, erasure.JobsDone, erasure.JobsTotal, erasure.ResultsChanged));
        Assert.Null(erasure.Subject);
        Assert.Empty(await FindAsync());
        var after = await ResultsAsync(photos);
        for (var task = 0; task < after.Count; task++)
        {
            if (task % 4 is 1 or 2) Assert.Equal(before[task], after[task]);
            else AssertErased(task, before[task], after[task]);
        }

        var job = (await store.Read.FindJobAsync(photos.JobId, Cancellation))!;
        var fold = VisageAdapter.Identify.Fold!;
        Assert.Equal(
            Encoding.UTF8.GetString(fold.Merge([.. after.Select((result, task) => fold.Map(task, result.Output))]).Span),
            Encoding.UTF8.GetString(job.Aggregate.Span));
        Assert.Equal((rows!.State, rows.Counters, rows.FinishedAt), (job.State, job.Counters, job.FinishedAt));
        Assert.Contains("\"person1\":null", await InputAsync(waiting, 0), StringComparison.Ordinal);
        Assert.Contains(OfBob, await InputAsync(waiting, 1), StringComparison.Ordinal);
        Assert.All(await ErrorsAsync(failed), message => Assert.Contains("[erased]", message, StringComparison.Ordinal));
        Assert.Equal(broken, await ErrorsAsync(unrelated));
        Assert.Equal(6, broken.Count);
        var audit = await store.Audit.ListAuditAsync(long.MaxValue, 100, Cancellation);
        Assert.Equal(2, audit.Count(entry => entry.TargetId == erasure.Id.ToString()));
        Assert.Equal(
            entries.Where(entry => entry.TargetKind == "job" || entry is { TargetId: Bob, Action: "create" }), audit.Intersect(entries));
        Assert.Equal((2, 2), ((await ResultsAsync(ranked)).Count, (await ResultsAsync(pairs)).Count - 1));
        Assert.Equal(erasure.Id, (await store.Erasures.FindErasureOfAsync(Ann, Cancellation))!.Id);
    }

    /// <summary>A judgement is stored beside the recorded result, which still says what the one before it said.</summary>
    [Fact]
    public async Task A_result_that_was_judged_again_names_the_person_neither_as_it_was_recorded_nor_as_it_is()
    {
        var ofBob = Enumerable.Range(0, 4).Select(_ => Photo([Face(Bob)])).ToList();
        // The first two were taken for Ann, the last two are by now; the second is again, and the last was always.
        bool[] wasHers = [true, true, false, true];
        bool[] isHers = [false, true, true, true];
        byte[] Of(int task, bool isHer, double cosine) => Bytes(
            (isHer ? Text(ofBob[task].Output).Replace(Bob, Ann).Replace($"\"{OfBob}\"", $"\"{Name}\"") : Text(ofBob[task].Output))
                .Replace("\"cosine\":0.7", $"\"cosine\":{cosine}"));
        var photos = await EndedAsync(VisageAdapter.Identify, 5, task =>
            task == 4 ? Photo([Face(Bob)]) : (Of(task, wasHers[task], 0.7), ofBob[task].Derived));
        var bare = (await ResultsAsync(photos))[4];
        for (var task = 0; task < 4; task++)
        {
            var key = TaskKey.From(photos.Key, task);
            var version = (await store.Read.FindTasksAsync([key], withOutput: false, Cancellation))[0].Version;
            var judged = new JudgedResult(
                key, Of(task, wasHers[task], 0.7), Of(task, isHers[task], task == 3 ? 0.7 : 0.8), [new(isHers[task] ? Ann : Bob, 0.9)]);
            await store.Rematches.SaveResultsAsync(photos.Key, 0, [(version, judged)], Cancellation);
        }

        Assert.NotEmpty(await FindAsync());
        Assert.Equal(Text(Of(0, false, 0.8)), Text((await ResultsAsync(photos))[0].Output));

        var erasure = await EraseAsync();

        Assert.Equal(4, erasure.ResultsChanged);
        Assert.Empty(await FindAsync());
        var after = await ResultsAsync(photos);
        Assert.Equal(Text(Of(0, false, 0.8)), Text(after[0].Output));
        Assert.All(after[1..4], result => Assert.Contains("\"erased\":true", Text(result.Output), StringComparison.Ordinal));
        Assert.Equal(bare, after[4]);
    }

    /// <summary>
    /// SQLite moves rows between pages and leaves their bytes behind, in some files of a hundred: it depends on the sizes of the rows.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Not_even_a_part_of_a_result_is_left_whatever_its_size(int seed)
    {
        var sizes = new Random(seed);
        secrets.Add(Bytes(HerPicture));
        secrets.Add(herEmbedding);
        var photos = await EndedAsync(VisageAdapter.Identify, 150, task => PhotoOfSize(task % 3 == 0 ? Bob : Ann, sizes));
        await EndedAsync(VisageAdapter.Identify, 50, task => PhotoOfSize(task % 2 == 0 ? Bob : Ann, sizes));
        Assert.NotEmpty(await FindAsync());

        var erasure = await EraseAsync();

        Assert.Equal((true, 125L), (erasure.IsOver, erasure.ResultsChanged));
        Assert.Empty(await FindAsync());
        var results = await ResultsAsync(photos);
        Assert.Equal(50, results.Count(result => Text(result.Output).Contains(PictureOfBob, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_call_that_had_begun_may_be_recorded_later_and_names_the_person_no_more()
    {
        var job = await EnqueueAsync(VisageAdapter.Identify, 3);
        var claimed = (await store.Work.ClaimAsync(node, 2, 0, [VisageAdapter.Name], Cancellation)).Tasks;
        var other = await house.OpenStoreAsync(clock);
        var eraser = Worker(other);
        var erasure = await BeginAsync(eraser);

        // The first is recorded while the jobs are gone through, the second when they have been.
        await ApplyAsync(claimed[0], Photo([Face(Ann)]));
        while (await eraser.RunOnceAsync(Cancellation) == TimeSpan.Zero)
        {
            // Until it waits.
        }

        Assert.Equal(ErasureStage.OpenJobs, (await FindErasureAsync(erasure)).Stage);
        var late = (await store.Work.ClaimAsync(node, 1, 0, [VisageAdapter.Name], Cancellation)).Tasks;
        await ApplyAsync(claimed[1], Photo([Face(Ann), Face(Bob)]));
        await RunAsync(eraser);

        Assert.True((await FindErasureAsync(erasure)).IsOver);
        await ApplyAsync(late[0], Photo([Face(Bob)]));
        Assert.Empty(await FindAsync());
        Assert.Equal(3, (await ResultsAsync(job)).Count);
    }

    [Fact]
    public async Task A_rematch_that_runs_meanwhile_saves_nothing_that_the_erasure_has_removed()
    {
        var job = await EndedAsync(VisageAdapter.Identify, 3, task => Photo([Face(task == 1 ? Bob : Ann)]));
        var judge = new HeldJudge();
        var registry = new ServiceRegistry([new JudgedAdapter(judge)]);
        var rematcher = new Rematcher(
            store, registry, new SubjectReader(registry, NullLogger.Instance), new LiteralUpstreams(), CallSetup.With(new HttpClient()),
            new QueueFeed(), clock);
        var grouper = new Grouper(store, registry, new LiteralUpstreams(), CallSetup.With(new HttpClient()), clock);
        var bulk = new BulkWorker(
            store, rematcher, grouper, new OwnedTasks(), new QueueFeed(), new Wakeup(clock), clock, NullLogger.Instance);
        await store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Rematch, null, "{}", new JobQuery { Limit = 1, OnlyIds = [job.JobId] }, null, 1),
            Cancellation);
        await bulk.RunOnceAsync(Cancellation);
        var rematch = bulk.RunOnceAsync(Cancellation);
        await judge.Asked.Task.WaitAsync(Cancellation);

        // It has read the results, and answers when the erasure is over.
        var erasure = await EraseAsync(await house.OpenStoreAsync(clock));
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
        var job = await EndedAsync(VisageAdapter.Identify, 3, _ => Photo([Face(Ann)]));
        gallery.IsDown = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => BeginAsync(Worker(store)));
        var bulk = await store.Bulk.AddBulkAsync(
            new NewBulk(Guid.NewGuid(), BulkAction.Rematch, null, "{}", new JobQuery { Limit = 1, OnlyIds = [job.JobId] }, null, 1),
            Cancellation);

        Assert.True((await store.Rematches.BeginRematchAsync(job.Key, bulk, Cancellation)).IsHeld);
        gallery.IsDown = false;
        await EraseAsync();

        Assert.False((await store.Rematches.BeginRematchAsync(job.Key, bulk, Cancellation)).IsHeld);
    }

    [Fact]
    public async Task An_erasure_waits_for_a_service_that_cannot_be_reached_and_says_so()
    {
        await EndedAsync(VisageAdapter.Identify, 1, _ => Photo([Face(Ann)]));
        gallery.IsDown = true;
        var eraser = Worker(store);
        await Assert.ThrowsAsync<HttpRequestException>(() => BeginAsync(eraser));
        Assert.Equal(Eraser.RetryPause, await eraser.RunOnceAsync(Cancellation));
        var waiting = (await store.Erasures.FindErasureOfAsync(Ann, Cancellation))!;
        Assert.Equal((ErasureStage.Subject, "The face service is not running."), (waiting.Stage, waiting.Reason));
        gallery.IsDown = false;

        var again = await EraseAsync();

        Assert.Equal((waiting.Id, true, (string?)null), (again.Id, again.IsOver, again.Reason));
        Assert.False(gallery.Knows(Ann));
        Assert.True(gallery.Knows(Bob));
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task Another_process_goes_on_where_one_died_after_any_step()
    {
        var photos = await EndedAsync(VisageAdapter.Identify, 300, task => Photo([Face(task % 3 == 0 ? Ann : Bob)]));
        await EndedAsync(VisageAdapter.Compare, 3, task => (Pair(task == 0 ? Name : OfBob), default), Pairs);
        await AuditAsync();
        var erasure = await store.Erasures.AddErasureAsync(Guid.CreateVersion7(), new ErasedSubject([Ann], [Name]), null, Cancellation);

        // Every step is the last one of its process.
        for (var steps = 0; !(await FindErasureAsync(erasure)).IsOver; steps++)
        {
            Assert.True(steps < 200);
            clock.Advance(Eraser.Lease);
            await Worker(store).RunOnceAsync(Cancellation);
        }

        Assert.Equal(101, (await FindErasureAsync(erasure)).ResultsChanged);
        Assert.Empty(await FindAsync());
        Assert.Equal(300, (await ResultsAsync(photos)).Count);
    }

    [Fact]
    public async Task A_copy_of_a_job_that_was_made_meanwhile_names_the_person_no_more()
    {
        var source = await EndedAsync(VisageAdapter.Compare, 2, task => (Pair(task == 0 ? Name : OfBob), default), Pairs);
        var erasure = await BeginAsync(Worker(store));
        await using (var upload = store.OpenUpload(node))
        {
            await upload.CopyAsync(source.Key, CopiedTasks.All, Cancellation);
            await upload.CommitAsync(JobOf(VisageAdapter.Compare) with { SourceJob = source.JobId }, Cancellation);
        }

        await RunAsync(Worker(store));

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
        var entries = (await store.Audit.ListAuditAsync(long.MaxValue, 100, Cancellation)).Where(entry => entry.Action == "add_photos");
        Assert.Equal(
            [(OfBob, true), ("erasure", false)],
            entries.Select(entry => (
                entry.TargetId == Bob ? OfBob : entry.TargetId == $"{erasure.Id}" ? "erasure" : entry.TargetId!,
                entry.Details is not null)).Order());
    }

    private static string Text(ReadOnlyMemory<byte> data) => Encoding.UTF8.GetString(data.Span);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Pairs(int task) => task == 0
        ? $$"""{"person1":" annelise  QUENT","person2":"{{OfBob}}"}"""
        : $$"""{"person1":"{{OfBob}}","item_id":7}""";

    private static byte[] Pair(string person1, string? person2 = null) => Bytes(JsonSerializer.Serialize(new
    {
        data = new { person1, person2, similarity = 0.7, confidence = 93, is_match = true },
        threshold_cosine = 0.3,
    }));

    private static void AssertErased(int task, StoredResultBytes before, StoredResultBytes after)
    {
        var (was, now) = (JsonDocument.Parse(before.Output).RootElement, JsonDocument.Parse(after.Output).RootElement);
        var (old, faces) = (was.GetProperty("data")[0], now.GetProperty("data")[0]);
        Assert.Equal(old.GetArrayLength(), faces.GetArrayLength());
        Assert.True(faces[0].GetProperty("erased").GetBoolean());
        Assert.Equal("", faces[0].GetProperty("image").GetString());
        Assert.Equal(0, faces[0].GetProperty("performers").GetArrayLength());
        Assert.Equal(old[0].GetProperty("box").GetRawText(), faces[0].GetProperty("box").GetRawText());
        Assert.Equal(before.Derived.Length, after.Derived.Length);
        Assert.True(after.Derived.AsSpan(1, 1024).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(before.Derived.AsSpan(1025).ToArray(), after.Derived.AsSpan(1025).ToArray());
        var last = old.GetArrayLength() - 1;
        Assert.Equal(old[last].GetRawText(), faces[last].GetRawText());
        if (task % 4 != 0) return;
        // Where the person is only a lower match, the face stays.
        Assert.Equal(old[1].GetProperty("image").GetString(), faces[1].GetProperty("image").GetString());
        Assert.Equal(Bob, Assert.Single(faces[1].GetProperty("performers").EnumerateArray()).GetProperty("id").GetString());
    }

    private async Task<List<string>> FindAsync() => await StoredBytes.FindAsync(house, secrets, Cancellation);

    private Eraser Worker(IQueueStore of) =>
        new(of, Services, gallery, new SubjectReader(Services, NullLogger.Instance), new QueueFeed(), NullLogger.Instance);

    private async Task<Erasure> BeginAsync(Eraser eraser)
    {
        var erasure = await store.Erasures.AddErasureAsync(Guid.CreateVersion7(), new ErasedSubject([Ann], [Name]), "key", Cancellation);
        await eraser.BeginAsync(erasure, Cancellation);
        return erasure;
    }

    private async Task<Erasure> EraseAsync(IQueueStore? of = null)
    {
        var eraser = Worker(of ?? store);
        clock.Advance(Eraser.Lease);
        var erasure = await BeginAsync(eraser);
        await RunAsync(eraser);
        return await FindErasureAsync(erasure);
    }

    private static async Task RunAsync(Eraser eraser)
    {
        for (var steps = 0; await eraser.RunOnceAsync(Cancellation) < Eraser.Pause; steps++) Assert.True(steps < 500);
    }

    private async Task<Erasure> FindErasureAsync(Erasure erasure) =>
        (await store.Erasures.FindErasureAsync(erasure.Id, Cancellation))!;

    private static NewJob JobOf(AdapterOperation operation) => TestJobs.Job with
    {
        Service = VisageAdapter.Name,
        JobType = operation.JobType,
        TaskType = operation.TaskType,
    };

    private async Task<EnqueuedJob> EnqueueAsync(
        AdapterOperation operation, int tasks, Func<int, string>? input = null, string? config = null, int maxAttempts = 4)
    {
        await using var upload = store.OpenUpload(node);
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(Bytes(input?.Invoke(i) ?? "{}"), Cancellation);
        }

        return await upload.CommitAsync(
            JobOf(operation) with { Config = config is null ? default : Bytes(config), MaxAttempts = maxAttempts }, Cancellation);
    }

    private async Task<EnqueuedJob> EndedAsync(
        AdapterOperation operation, int tasks, Func<int, (byte[] Output, byte[]? Derived)> result, Func<int, string>? input = null,
        string? config = null)
    {
        var job = await EnqueueAsync(operation, tasks, input, config);
        for (var ended = 0; ended < tasks;)
        {
            var batch = await store.Work.ClaimAsync(node, 1000, 0, [VisageAdapter.Name], Cancellation);
            ended += batch.Tasks.Count;
            await store.Work.ApplyAsync(
                node, [.. batch.Tasks.Select(task => Succeeded(task, operation, result(TaskKey.OrdinalOf(task.Key))))], Cancellation);
        }

        return job;
    }

    private static AttemptResult Succeeded(ClaimedTask task, AdapterOperation operation, (byte[] Output, byte[]? Derived) result) => new()
    {
        Task = task,
        Event = TaskEvent.Succeed,
        Output = result.Output,
        Derived = result.Derived,
        Subjects = operation.Subjects?.Read(result.Output) ?? [],
        Part = new ResultPart(operation.Fold!, operation.Fold!.Map(TaskKey.OrdinalOf(task.Key), result.Output)),
    };

    private Task<AppliedBatch> ApplyAsync(ClaimedTask task, (byte[] Output, byte[]? Derived) result) =>
        store.Work.ApplyAsync(node, [Succeeded(task, VisageAdapter.Identify, result)], Cancellation);

    /// <summary>A job with a task that was tried twice and failed.</summary>
    private async Task<EnqueuedJob> FailedAsync(string name)
    {
        var job = await EnqueueAsync(
            VisageAdapter.Compare, 1, _ => JsonSerializer.Serialize(new { person1 = name, person2 = OfBob }), maxAttempts: 2);
        foreach (var end in (TaskEvent[])[TaskEvent.RetryLater, TaskEvent.Fail])
        {
            var batch = await store.Work.ClaimAsync(node, 1, 0, [VisageAdapter.Name], Cancellation);
            await store.Work.ApplyAsync(
                node,
                [
                    new AttemptResult
                    {
                        Task = Assert.Single(batch.Tasks),
                        Event = end,
                        ErrorKind = ErrorKind.InvalidInput,
                        ErrorMessage = $"person1: the gallery has no person '{name}' (GET /api/person_names lists all names).",
                        Call = new CallReport(404, $$"""{"detail":"the gallery has no person \u0027{{name}}\u0027"}"""),
                    },
                ],
                Cancellation);
            clock.Advance(TimeSpan.FromMinutes(1));
            await store.Maintain.PromoteAsync(10, Cancellation);
        }

        return job;
    }

    /// <summary>All messages of a job with one failed task.</summary>
    private async Task<List<string>> ErrorsAsync(EnqueuedJob job)
    {
        var view = (await store.Read.FindJobAsync(job.JobId, Cancellation))!;
        var key = TaskKey.From(job.Key, 0);
        var task = (await store.Read.FindTasksAsync([key], withOutput: false, Cancellation))[0];
        var attempts = await store.Read.ListAttemptsAsync(key, 10, Cancellation);
        var group = Assert.Single(await store.Read.ListFailuresAsync(view, Cancellation));
        return [task.ErrorMessage!, view.Errors[0].Example!, group.Pattern!, group.Message!,
            .. attempts.Select(one => one.AnswerHead ?? "").Distinct(), .. attempts.Select(one => one.ErrorMessage ?? "").Distinct()];
    }

    private async Task AuditAsync(string action, bool ofMerged)
    {
        AuditEntry[] entries =
        [
            new("key", action, "person", Ann, null, $$"""{"name":"{{Name}}","faces":2}"""),
            .. ofMerged ? [new("key", action, "person", Annie, null, $$"""{"name":"{{FormerName}}","faces":1}""")] : (AuditEntry[])[],
            new("key", action, "person", Bob, null, $$"""{"name":"{{OfBob}}","faces":1}"""),
        ];
        foreach (var entry in entries) await store.Audit.AddAuditAsync(entry, Cancellation);
    }

    private async Task AuditAsync()
    {
        await AuditAsync("create", ofMerged: true);
        AuditEntry[] entries =
        [
            new("key", "merge", "person", Bob, null, $$"""{"name":"{{OfBob}}","from":["{{Annie}}"]}"""),
            new("key", "rematch", "job", "a job", null, "{}"),
        ];
        foreach (var entry in entries) await store.Audit.AddAuditAsync(entry, Cancellation);
    }

    private async Task<string> InputAsync(EnqueuedJob job, int task) =>
        Text((await store.Read.FindTasksAsync([TaskKey.From(job.Key, task)], withOutput: false, Cancellation))[0].Input);

    private async Task<List<StoredResultBytes>> ResultsAsync(EnqueuedJob job)
    {
        var results = new List<StoredResultBytes>();
        while (await store.Rematches.ReadResultsAsync(job.Key, results.Count, Cancellation) is { Count: > 0 } page)
            results.AddRange(page.Select(result => new StoredResultBytes(result.Output.ToArray(), result.Derived.ToArray())));
        return results;
    }

    private (byte[] Output, byte[]? Derived) Photo(string[] faces) => PhotoOf([.. faces.Select(face => face.Split('|'))]);

    private static string Face(params string[] people) => string.Join('|', people);

    private (byte[] Output, byte[]? Derived) PhotoOf(string[][] faces)
    {
        var derived = new List<byte> { 1 };
        var written = new List<object>();
        foreach (var people in faces)
        {
            var face = new byte[1044];
            random.NextBytes(face);
            derived.AddRange(face);
            var embedding = Convert.ToBase64String(
                Enumerable.Range(0, 256).SelectMany(i => BitConverter.GetBytes((float)face[i])).ToArray());
            var image = new byte[400];
            random.NextBytes(image);
            var picture = Convert.ToBase64String(image);
            if (people[0] is Ann or Annie)
            {
                secrets.Add(face[..1024]);
                secrets.Add(Bytes(embedding));
                secrets.Add(Bytes(picture));
            }

            written.Add(new
            {
                image = picture,
                confidence = 0.98,
                performers = people.Where(id => id.Length > 0)
                    .Select(id => new { id, name = id == Bob ? OfBob : Name, confidence = 90, cosine = 0.7 }),
                box = new { x = random.Next(900), y = 30, width = 90, height = 110 },
                quality = 4.1,
                ambiguous = people.Length > 1,
                embedding,
            });
        }

        return (Bytes(JsonSerializer.Serialize(new { data = new[] { written }, image_width = 900 })), [.. derived]);
    }

    /// <summary>A photo of one face, up to 12 KB large; any small part of what must go can be recognised.</summary>
    private (byte[] Output, byte[]? Derived) PhotoOfSize(string person, Random sizes)
    {
        var isHers = person == Ann;
        var embedding = Enumerable.Repeat(isHers ? herEmbedding : new byte[32], 32).SelectMany(bytes => bytes);
        var output = new
        {
            data = new[]
            {
                new[]
                {
                    new
                    {
                        image = string.Concat(Enumerable.Repeat(isHers ? HerPicture : PictureOfBob, sizes.Next(1, 500))),
                        performers = new[] { new { id = person, name = isHers ? Name : OfBob, confidence = 90, cosine = 0.7 } },
                        box = new { x = sizes.Next(900), y = 30, width = 90, height = 110 },
                        quality = 4.1,
                    },
                },
            },
            image_width = 900,
            note = new string('-', sizes.Next(4000)),
        };
        return (Bytes(JsonSerializer.Serialize(output)), [1, .. embedding, .. new byte[20]]);
    }

    private readonly record struct StoredResultBytes(byte[] Output, byte[] Derived)
    {
        public bool Equals(StoredResultBytes other) =>
            Output.AsSpan().SequenceEqual(other.Output) && Derived.AsSpan().SequenceEqual(other.Derived);

        public override int GetHashCode() => Output.Length;
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
