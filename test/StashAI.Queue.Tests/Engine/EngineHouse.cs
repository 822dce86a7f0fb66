using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Policies;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>
/// A queue file or a PostgreSQL database, a scripted service and as many engines ("processes") as a test wants, all real.
/// </summary>
internal sealed class EngineHouse : IAsyncDisposable
{
    /// <summary>How long a test waits for what must happen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly List<IAsyncDisposable> opened = [];

    private readonly PostgresDatabase? database;

    private EngineHouse(ScriptedService service, PostgresDatabase? database) => (Service, this.database) = (service, database);

    /// <summary>Short pauses, so that what needs polling is seen soon; no back-off to speak of.</summary>
    public static QueueOptions Options { get; } = new()
    {
        NodeName = "test",
        Workers = 4,
        Heartbeat = TimeSpan.FromMilliseconds(50),
        PollInterval = TimeSpan.FromMilliseconds(50),
        Retry = new RetryPolicy(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(5)),
    };

    public ScriptedService Service { get; }

    public NewJob Job => TestJobs.Job with { Upstream = new Uri(Service.Url + "/echo") };

    public string Path => folder.File("queue.db");

    /// <summary>The address of the PostgreSQL database; null on SQLite.</summary>
    public string? ConnectionString => database?.ConnectionString;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>On a SQLite file, or on a new database of the private PostgreSQL.</summary>
    public static async Task<EngineHouse> OpenAsync(PostgresFixture? postgres = null)
    {
        var database = postgres is null ? null : await postgres.CreateQueueAsync(Cancellation);
        return new EngineHouse(await ScriptedService.StartAsync(Cancellation), database);
    }

    /// <summary>A store of its own, as another process has.</summary>
    public async Task<IQueueStore> OpenStoreAsync(TimeProvider? clock = null)
    {
        IQueueStore store = database is null
            ? await SqliteStore.OpenAsync(new SqliteSettings { Path = Path, Clock = clock ?? TimeProvider.System }, Cancellation)
            : await PostgresStore.OpenAsync(new PostgresSettings { Url = database.Url, Clock = clock }, Cancellation);
        opened.Add(store);
        return store;
    }

    /// <summary>An engine that is not started.</summary>
    public QueueEngine Engine(
        IQueueStore store, QueueOptions? options = null, TimeProvider? clock = null, IServiceAdapter? adapter = null,
        ILoggerFactory? loggers = null, IMeterFactory? meters = null) =>
        new(
            store, new ServiceRegistry([adapter ?? new JsonPostAdapter()]), new LiteralUpstreams(), http, options ?? Options,
            new QueueFeed(), clock ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance, meters);

    /// <summary>An engine at work on a store.</summary>
    public async Task<QueueEngine> StartAsync(
        IQueueStore store, QueueOptions? options = null, TimeProvider? clock = null, IServiceAdapter? adapter = null)
    {
        var engine = Engine(store, options, clock, adapter);
        await engine.StartAsync(Cancellation);
        return engine;
    }

    /// <summary>Submits tasks through an engine.</summary>
    public async Task<EnqueuedJob> SubmitAsync(QueueEngine engine, int tasks, NewJob? job = null, int from = 0)
    {
        await using var upload = engine.OpenUpload();
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(TestJobs.Input(from + i), Cancellation);
        }

        return await engine.CommitAsync(upload, job ?? Job, Cancellation);
    }

    /// <summary>Returns the job once it is as wanted, told by the engine's own feed.</summary>
    public static async Task<JobView> WaitForAsync(
        QueueEngine engine, EnqueuedJob job, Func<JobView, bool> isWanted, TimeSpan? patienceTime = null)
    {
        var signal = new ChangeSignal();
        using var listening = engine.Feed.Listen(signal);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(patienceTime ?? Patience);
        while (true)
        {
            var change = signal.Next();
            var view = (await engine.Read.FindJobAsync(job.JobId, Cancellation))!;
            if (isWanted(view)) return view;
            try
            {
                await change.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"Job {job.Key} did not come so far: {view.State}, {view.Counters}.");
            }
        }
    }

    public static Task<JobView> WaitForEndAsync(QueueEngine engine, EnqueuedJob job, TimeSpan? patience = null) =>
        WaitForAsync(engine, job, view => JobStateMachine.IsTerminal(view.State), patience);

    public void Verify()
    {
        if (database is not null && opened.Count > 0) PostgresInvariants.Check(database.ConnectionString);
        if (File.Exists(Path)) SqliteInvariants.Check(Path);
    }

    public async ValueTask DisposeAsync()
    {
        opened.Reverse();
        foreach (var store in opened) await store.DisposeAsync();
        await Service.DisposeAsync();
        http.Dispose();
        try
        {
            Verify();
        }
        finally
        {
            folder.Dispose();
        }
    }

    private sealed class ChangeSignal : IQueueListener
    {
        private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Next() =>
            signal.Task.IsCompleted ? (signal = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : signal.Task;

        public void OnChanged(ChangeSet changes) => signal.TrySetResult();

        public void OnChangedElsewhere(IReadOnlyList<long>? jobs) => signal.TrySetResult();
    }
}
