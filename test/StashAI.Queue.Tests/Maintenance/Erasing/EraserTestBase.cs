using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Adapters.Visage;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Audit;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Queue.Tests.Engine;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using static StashAI.Queue.Tests.Maintenance.Erasing.ErasedPhotos;

namespace StashAI.Queue.Tests.Maintenance.Erasing;

/// <summary>Jobs whose results show a person, on a real store, and an eraser to go through them.</summary>
public abstract class EraserTestBase(PostgresFixture? postgres) : IAsyncLifetime
{
    private protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));

    private protected ScriptedSubjects Gallery { get; } =
        new(new ErasedSubject([Ann, Annie], [Name, FormerName]), new ErasedSubject([Bob], [OfBob]));

    private protected ErasedPhotos Shown { get; } = new();

    private protected EngineHouse House { get; private set; } = null!;

    private protected IQueueStore Store { get; private set; } = null!;

    private protected long Node { get; private set; }

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ServiceRegistry Services { get; } = new([new VisageAdapter()]);

    public async ValueTask InitializeAsync()
    {
        House = await EngineHouse.OpenAsync(postgres);
        Store = await House.OpenStoreAsync(Clock);
        Node = Store.Nodes.Register("test", TimeSpan.FromHours(9));
        await Store.Gate.DeclareAsync(Services.Manifests, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static string Text(ReadOnlyMemory<byte> data) => Encoding.UTF8.GetString(data.Span);

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private protected static void AssertErased(int task, StoredResultBytes before, StoredResultBytes after)
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

    private protected async Task<List<string>> FindAsync() => await StoredBytes.FindAsync(House, Shown.Secrets, Cancellation);

    private protected Eraser Worker(IQueueStore of) =>
        new(of, Services, Gallery, new SubjectReader(Services, NullLogger.Instance), new QueueFeed(), NullLogger.Instance);

    private protected async Task<Erasure> BeginAsync(Eraser eraser)
    {
        var erasure = await Store.Erasures.AddErasureAsync(Guid.CreateVersion7(), new ErasedSubject([Ann], [Name]), "key", Cancellation);
        await eraser.BeginAsync(erasure, Cancellation);
        return erasure;
    }

    private protected async Task<Erasure> EraseAsync(IQueueStore? of = null)
    {
        var eraser = Worker(of ?? Store);
        Clock.Advance(Eraser.Lease);
        var erasure = await BeginAsync(eraser);
        await RunAsync(eraser);
        return await FindErasureAsync(erasure);
    }

    private protected static async Task RunAsync(Eraser eraser)
    {
        for (var steps = 0; await eraser.RunOnceAsync(Cancellation) < Eraser.Pause; steps++) Assert.True(steps < 500);
    }

    private protected async Task<Erasure> FindErasureAsync(Erasure erasure) =>
        (await Store.Erasures.FindErasureAsync(erasure.Id, Cancellation))!;

    private protected static NewJob JobOf(AdapterOperation operation) => TestJobs.Job with
    {
        Service = VisageAdapter.Name,
        JobType = operation.JobType,
        TaskType = operation.TaskType,
    };

    private protected async Task<EnqueuedJob> EnqueueAsync(
        AdapterOperation operation, int tasks, Func<int, string>? input = null, string? config = null, int maxAttempts = 4)
    {
        await using var upload = Store.OpenUpload(Node);
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(Bytes(input?.Invoke(i) ?? "{}"), Cancellation);
        }

        return await upload.CommitAsync(
            JobOf(operation) with { Config = config is null ? default : Bytes(config), MaxAttempts = maxAttempts }, Cancellation);
    }

    private protected async Task<EnqueuedJob> EndedAsync(
        AdapterOperation operation, int tasks, Func<int, (byte[] Output, byte[]? Derived)> result, Func<int, string>? input = null,
        string? config = null)
    {
        var job = await EnqueueAsync(operation, tasks, input, config);
        for (var ended = 0; ended < tasks;)
        {
            var batch = await Store.Work.ClaimAsync(Node, 1000, 0, [VisageAdapter.Name], Cancellation);
            ended += batch.Tasks.Count;
            await Store.Work.ApplyAsync(
                Node, [.. batch.Tasks.Select(task => Succeeded(task, operation, result(TaskKey.OrdinalOf(task.Key))))], Cancellation);
        }

        return job;
    }

    private protected static AttemptResult Succeeded(
        ClaimedTask task, AdapterOperation operation, (byte[] Output, byte[]? Derived) result) => new()
        {
            Task = task,
            Event = TaskEvent.Succeed,
            Output = result.Output,
            Derived = result.Derived,
            Subjects = operation.Subjects?.Read(result.Output) ?? [],
            Part = new ResultPart(operation.Fold!, operation.Fold!.Map(TaskKey.OrdinalOf(task.Key), result.Output)),
        };

    private protected Task<AppliedBatch> ApplyAsync(ClaimedTask task, (byte[] Output, byte[]? Derived) result) =>
        Store.Work.ApplyAsync(Node, [Succeeded(task, VisageAdapter.Identify, result)], Cancellation);

    /// <summary>A job with a task that was tried twice and failed.</summary>
    private protected async Task<EnqueuedJob> FailedAsync(string name)
    {
        var job = await EnqueueAsync(
            VisageAdapter.Compare, 1, _ => JsonSerializer.Serialize(new { person1 = name, person2 = OfBob }), maxAttempts: 2);
        foreach (var end in (TaskEvent[])[TaskEvent.RetryLater, TaskEvent.Fail])
        {
            var batch = await Store.Work.ClaimAsync(Node, 1, 0, [VisageAdapter.Name], Cancellation);
            await Store.Work.ApplyAsync(
                Node,
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
            Clock.Advance(TimeSpan.FromMinutes(1));
            await Store.Maintain.PromoteAsync(10, Cancellation);
        }

        return job;
    }

    /// <summary>All messages of a job with one failed task.</summary>
    private protected async Task<List<string>> ErrorsAsync(EnqueuedJob job)
    {
        var view = (await Store.Read.FindJobAsync(job.JobId, Cancellation))!;
        var key = TaskKey.From(job.Key, 0);
        var task = (await Store.Read.FindTasksAsync([key], withOutput: false, Cancellation))[0];
        var attempts = await Store.Read.ListAttemptsAsync(key, 10, Cancellation);
        var group = Assert.Single(await Store.Read.ListFailuresAsync(view, Cancellation));
        return [task.ErrorMessage!, view.Errors[0].Example!, group.Pattern!, group.Message!,
            .. attempts.Select(one => one.AnswerHead ?? "").Distinct(), .. attempts.Select(one => one.ErrorMessage ?? "").Distinct()];
    }

    private protected async Task AuditAsync(string action, bool ofMerged)
    {
        AuditEntry[] entries =
        [
            new("key", action, "person", Ann, null, $$"""{"name":"{{Name}}","faces":2}"""),
            .. ofMerged ? [new("key", action, "person", Annie, null, $$"""{"name":"{{FormerName}}","faces":1}""")] : (AuditEntry[])[],
            new("key", action, "person", Bob, null, $$"""{"name":"{{OfBob}}","faces":1}"""),
        ];
        foreach (var entry in entries) await Store.Audit.AddAuditAsync(entry, Cancellation);
    }

    private protected async Task AuditAsync()
    {
        await AuditAsync("create", ofMerged: true);
        AuditEntry[] entries =
        [
            new("key", "merge", "person", Bob, null, $$"""{"name":"{{OfBob}}","from":["{{Annie}}"]}"""),
            new("key", "rematch", "job", "a job", null, "{}"),
        ];
        foreach (var entry in entries) await Store.Audit.AddAuditAsync(entry, Cancellation);
    }

    private protected async Task<string> InputAsync(EnqueuedJob job, int task) =>
        Text((await Store.Read.FindTasksAsync([TaskKey.From(job.Key, task)], withOutput: false, Cancellation))[0].Input);

    private protected async Task<List<StoredResultBytes>> ResultsAsync(EnqueuedJob job)
    {
        var results = new List<StoredResultBytes>();
        while (await Store.Rematches.ReadResultsAsync(job.Key, results.Count, Cancellation) is { Count: > 0 } page)
            results.AddRange(page.Select(result => new StoredResultBytes(result.Output.ToArray(), result.Derived.ToArray())));
        return results;
    }

    private protected readonly record struct StoredResultBytes(byte[] Output, byte[] Derived)
    {
        public bool Equals(StoredResultBytes other) =>
            Output.AsSpan().SequenceEqual(other.Output) && Derived.AsSpan().SequenceEqual(other.Derived);

        public override int GetHashCode() => Output.Length;
    }
}
