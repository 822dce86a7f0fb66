using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Engine;

/// <summary>
/// Several engines, each with a store of its own on one SQLite file, as several processes have. The database's clock is the test's;
/// the engines poll by the real one.
/// </summary>
internal sealed class EngineCluster : IQueueListener, IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    private readonly List<SqliteStore> stores = [];
    private readonly List<QueueEngine> engines = [];
    private readonly List<IDisposable> listening = [];
    private readonly TaskCompletionSource<JobState> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim laneMoved = new(0);

    public SqliteStore Store => stores[0];

    public QueueEngine Engine => engines[0];

    /// <summary>Every transition of a circuit that any engine made, in the order in which they were told.</summary>
    public ConcurrentQueue<LaneChange> Lanes { get; } = new();

    public static async Task<EngineCluster> StartAsync(
        int count, AdapterManifest manifest, QueueOptions options, TimeProvider databaseClock, CancellationToken cancellationToken)
    {
        var cluster = new EngineCluster();
        for (var i = 0; i < count; i++) await cluster.AddAsync(manifest, options, databaseClock, cancellationToken);
        return cluster;
    }

    /// <summary>Starts one more engine.</summary>
    public async Task AddAsync(
        AdapterManifest manifest, QueueOptions options, TimeProvider databaseClock, CancellationToken cancellationToken)
    {
        var settings = new SqliteSettings { Path = folder.File("queue.db"), Clock = databaseClock };
        var store = await SqliteStore.OpenAsync(settings, cancellationToken);
        stores.Add(store);
        var feed = new QueueFeed();
        listening.Add(feed.Listen(this));
        var engine = new QueueEngine(
            store, new ServiceRegistry([new JsonPostAdapter { Manifest = manifest }]), new LiteralUpstreams(), http,
            options with { NodeName = $"node {engines.Count}" }, feed, TimeProvider.System, NullLoggerFactory.Instance);
        engines.Add(engine);
        await engine.StartAsync(cancellationToken);
    }

    /// <summary>Stops the engine that was started last.</summary>
    public async Task StopLastAsync()
    {
        await engines[^1].StopAsync(CancellationToken.None);
        engines[^1].Dispose();
        engines.RemoveAt(engines.Count - 1);
    }

    public async Task<EnqueuedJob> EnqueueAsync(int tasks, string url, CancellationToken cancellationToken)
    {
        await using var upload = Engine.OpenUpload();
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(TestJobs.Input(i), cancellationToken);
        }

        return await Engine.CommitAsync(upload, TestJobs.Job with { Upstream = new Uri(url) }, cancellationToken);
    }

    /// <summary>The terminal state of the first job that ends.</summary>
    public Task<JobState> EndAsync(CancellationToken cancellationToken) =>
        ended.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);

    /// <summary>Returns when a circuit has come to a state so many times.</summary>
    public async Task WaitForCircuitAsync(CircuitState state, int times, CancellationToken cancellationToken)
    {
        while (Lanes.Count(lane => lane.After == state) < times)
        {
            if (!await laneMoved.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken))
            {
                throw new TimeoutException(
                    $"The circuit did not come to {state} {times} times, but went {string.Join(", ", Lanes.Select(lane => lane.After))}.");
            }
        }
    }

    public async Task<IReadOnlyList<TaskView>> TasksAsync(EnqueuedJob job, CancellationToken cancellationToken) =>
        await Store.Read.ListTasksAsync(job.Key, 0, job.Total, false, cancellationToken);

    public void OnChanged(ChangeSet changes)
    {
        foreach (var lane in changes.Lanes)
        {
            Lanes.Enqueue(lane);
            laneMoved.Release();
        }

        foreach (var job in changes.Jobs)
        {
            if (JobStateMachine.IsTerminal(job.After)) ended.TrySetResult(job.After);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in engines) await engine.StopAsync(CancellationToken.None);
        foreach (var engine in engines) engine.Dispose();
        foreach (var listener in listening) listener.Dispose();
        foreach (var store in stores) await store.DisposeAsync();
        SqliteInvariants.Check(folder.File("queue.db"));
        http.Dispose();
        laneMoved.Dispose();
        folder.Dispose();
    }
}
