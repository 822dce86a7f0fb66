using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Direct;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Policies;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>The queue in this process: it starts and stops the parts in order, and is what the gateway talks to.</summary>
public sealed class QueueEngine : IHostedService, IDisposable
{
    private static readonly TimeSpan ExpirePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportPause = TimeSpan.FromSeconds(1);

    private readonly IQueueStore store;
    private readonly ServiceRegistry services;
    private readonly QueueOptions options;
    private readonly RunningTasks running = new();
    private readonly LaneMeter meter;
    private readonly NodeKeeper keeper;
    private readonly Completer completer;
    private readonly CallSlots calls;
    private readonly Dispatcher dispatcher;
    private readonly DirectRunner direct;
    private readonly MaintenanceLoop[] upkeep;
    private readonly IDisposable[] listeners;
    private readonly Wakeup work;
    private readonly Wakeup promoting;
    private readonly QueueMetrics metrics;
    private readonly ServiceSummary summary;
    private readonly WorkHealth health;
    private readonly ILogger logger;
    private readonly HintRelay? relay;
    private readonly DatabaseWatch? watch;

    /// <summary>Calls everything with one client.</summary>
    public QueueEngine(
        IQueueStore store, ServiceRegistry services, IUpstreamResolver upstreams, HttpClient http, QueueOptions options, QueueFeed feed, TimeProvider clock, ILoggerFactory loggers,
        IMeterFactory? meters = null)
        : this(store, services, upstreams, CallSetup.With(http), options, feed, clock, loggers, meters)
    {
    }

    /// <summary>Does nothing before <see cref="StartAsync"/>.</summary>
    public QueueEngine(
        IQueueStore store, ServiceRegistry services, IUpstreamResolver upstreams, CallSetup setup, QueueOptions options, QueueFeed feed, TimeProvider clock, ILoggerFactory loggers,
        IMeterFactory? meters = null)
    {
        this.store = store;
        this.services = services;
        this.options = options;
        Feed = feed;
        logger = loggers.CreateLogger("StashAI.Queue");
        work = new Wakeup(clock);
        metrics = new QueueMetrics(meters);
        health = new WorkHealth(store as IStoreProbe, clock, logger);
        summary = new ServiceSummary(store, clock, logger);
        keeper = new NodeKeeper(store, running, options, clock, logger, metrics.Renewed);
        var outages = new LaneOutages(clock);
        completer = new Completer(store, running, outages, metrics, health, summary, feed, work, clock, logger);
        var executor = new TaskExecutor(services, upstreams, store, setup, options, clock, logger);
        meter = new LaneMeter(clock);
        calls = new CallSlots(options.Workers);
        direct = new DirectRunner(services, executor, calls, options, clock);
        dispatcher = new Dispatcher(store, services, executor, calls, completer, keeper, running, outages, meter, metrics, health, feed, work, options, clock, logger);

        var promoter = new Promoter(store, metrics, feed, work, clock);
        var observed = new ClockKeeper(store, new WaitLimits(options.LongestPause, options.Retry.Cap, options.Lease * 2), logger);
        var rescuer = new Rescuer(store, keeper, metrics, feed, work, options.Heartbeat, logger);
        var prober = new Prober(store, services, upstreams, setup, feed, work, options.Poll, clock);
        var cleaner = new RetentionCleaner(store, options.Retention, logger);
        var measurer = new Measurer(store, metrics, clock);
        var reconciler = new JobReconciler(store, feed, logger);
        var promotion = new MaintenanceLoop("Promoting due tasks", promoter.TurnAsync, Promoter.Pause, health, clock, logger);
        promoting = promoter.Scheduled = promotion.Wakeup;
        upkeep =
        [
            new MaintenanceLoop("Looking at the clock", observed.TurnAsync, ClockKeeper.Pause, health, clock, logger),
            promotion,
            new MaintenanceLoop("Rescuing tasks", rescuer.TurnAsync, options.Heartbeat, health, clock, logger),
            new MaintenanceLoop("Asking services whether they are back", prober.TurnAsync, options.Poll, health, clock, logger),
            new MaintenanceLoop("Finishing cancels", FinishCancelsAsync, options.Heartbeat, health, clock, logger),
            new MaintenanceLoop("Failing what is past its deadline", ExpireAsync, ExpirePause, health, clock, logger),
            new MaintenanceLoop("Finishing retries", FinishRetriesAsync, options.Heartbeat, health, clock, logger),
            new MaintenanceLoop("Reporting the speed of lanes", ReportAsync, ReportPause, health, clock, logger),
            new MaintenanceLoop("Removing what is old", cleaner.TurnAsync, RetentionCleaner.Pause, health, clock, logger),
            new MaintenanceLoop("Measuring", measurer.TurnAsync, Measurer.Pause, health, clock, logger),
            new MaintenanceLoop("Summing up", summary.TurnAsync, ServiceSummary.Pause, health, clock, logger),
            new MaintenanceLoop("Proving counters", reconciler.TurnAsync, JobReconciler.Pause, health, clock, logger),
        ];
        if (options.AgingStep > TimeSpan.Zero)
            upkeep = [.. upkeep, new MaintenanceLoop("Lifting what waited long", AgeAsync, AgePause, health, clock, logger)];
        if (store is IStoreProbe probe)
            upkeep = [.. upkeep, new MaintenanceLoop("Trying the database", new StoreProber(probe, health, clock).TurnAsync, StoreProber.Pause, health, clock, logger)];
        if (store is IDatabaseCheck database)
        {
            watch = new DatabaseWatch(database, options.OldTransaction, logger);
            upkeep = [.. upkeep, new MaintenanceLoop("Checking the database", watch.TurnAsync, DatabaseWatch.Pause, health, clock, logger)];
        }

        listeners =
        [
            feed.Listen(promoter), feed.Listen(reconciler), feed.Listen(outages), feed.Listen(new JobTransitionLog(logger)),
            feed.Listen(new LaneTransitionLog(logger)),
        ];
        if (store is IHints hints)
        {
            relay = new HintRelay(hints, feed, work, clock, logger);
            listeners = [.. listeners, feed.Listen(relay)];
        }
    }

    /// <summary>Committed changes of this process.</summary>
    public QueueFeed Feed { get; }

    /// <summary>Tasks that this process has claimed and not begun.</summary>
    public int Reserved => dispatcher.Reserved;

    /// <summary>What can be read.</summary>
    public IRead Read => store;

    /// <summary>True while this process may work.</summary>
    public bool IsHealthy => keeper.Current is not null;

    /// <summary>How the parts of this process fare, by how their work ended.</summary>
    public WorkHealth Health => health;

    /// <summary>What slows the database down, in a sentence with the way out; null when nothing does, or nobody can tell.</summary>
    public string? DatabaseWarning => watch?.Warning;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.DeclareAsync(services.Manifests, cancellationToken);
        keeper.Start();
        completer.Start();
        foreach (var loop in upkeep) loop.Start();
        relay?.Start();
        if (options.Workers > 0) dispatcher.Start();
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await dispatcher.StopAsync();
        await completer.StopAsync(options.HardStop);
        foreach (var loop in upkeep) await loop.StopAsync();
        await SumUpAsync();
        if (relay is not null) await relay.StopAsync();
        await keeper.StopAsync();
    }

    /// <summary>Makes the limits of the registry's services known in the store; called when the registry holds other services than before.</summary>
    public async Task DeclareServicesAsync(CancellationToken cancellationToken)
    {
        await store.DeclareAsync(services.Manifests, cancellationToken);
        work.Set();
    }

    /// <summary>Opens an upload; throws <see cref="UploadLostException"/> while the process has no lease.</summary>
    public IUpload OpenUpload() => store.OpenUpload((keeper.Current ?? throw new UploadLostException()).Key);

    /// <summary>Makes an upload visible and wakes the workers.</summary>
    public async Task<EnqueuedJob> CommitAsync(IUpload upload, NewJob job, CancellationToken cancellationToken)
    {
        var enqueued = await upload.CommitAsync(job, cancellationToken);
        work.Set();
        relay?.NoteWork(enqueued.Key);
        return enqueued;
    }

    /// <summary>True for a job that may run without the store, while that cannot take it.</summary>
    public bool CanRunDirect(NewJob job) => direct.CanRun(job);

    /// <summary>
    /// Runs a job at once and without the store, with the workers and the policy of the queue. It ends within a minute and the time of a
    /// call; nothing of it is kept.
    /// </summary>
    public Task<DirectRun> RunDirectAsync(NewJob job, IReadOnlyList<DirectTask> tasks, CancellationToken cancellationToken) =>
        direct.RunAsync(job, tasks, cancellationToken);

    /// <summary>Cancels the open tasks of a job.</summary>
    public async Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken) =>
        Pass(await store.CancelJobAsync(jobKey, cancellationToken));

    /// <summary>Cancels one task.</summary>
    public async Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        Pass(await store.CancelTaskAsync(taskKey, cancellationToken));

    /// <summary>Runs the failed tasks of a job again, and if asked the cancelled ones.</summary>
    public async Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken) =>
        Pass(await store.RetryJobAsync(jobKey, withCancelled, cancellationToken));

    /// <summary>Runs one failed or cancelled task again.</summary>
    public async Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        Pass(await store.RetryTaskAsync(taskKey, cancellationToken));

    /// <summary>Pauses a job, or lets it go on.</summary>
    public async Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, CancellationToken cancellationToken)
    {
        var changes = await store.PauseJobAsync(jobKey, paused, cancellationToken);
        Feed.Publish(changes);
        work.Set();
        return changes;
    }

    /// <summary>
    /// Pauses a service, or everything with <see cref="Pauses.Everything"/>, or lets it go on. What goes on goes on at once, also where the
    /// service asked for a pause or was down.
    /// </summary>
    public async Task<Reopening> PauseServiceAsync(string service, bool paused, CancellationToken cancellationToken)
    {
        await store.PauseServiceAsync(service, paused, cancellationToken);
        if (!paused) return await ReopenServiceAsync(service, cancellationToken);
        WakeWorkers();
        return Reopening.Nothing;
    }

    /// <summary>
    /// Ends what makes the lanes of a service wait, so that it is called at once: the pause that it asked for, its circuit, and the waits of its tasks.
    /// A pause by a person stays.
    /// </summary>
    public async Task<Reopening> ReopenServiceAsync(string service, CancellationToken cancellationToken)
    {
        var reopened = await store.ReopenAsync(service, cancellationToken);
        Feed.Publish(reopened.Changes);
        WakeWorkers();
        return reopened;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var listener in listeners) listener.Dispose();
        foreach (var loop in upkeep) loop.Dispose();
        relay?.Dispose();
        dispatcher.Dispose();
        calls.Dispose();
        completer.Dispose();
        keeper.Dispose();
        metrics.Dispose();
    }

    private void WakeWorkers()
    {
        promoting.Set();
        work.Set();
        relay?.NoteWork();
    }

    /// <summary>What happened since the last summary, the outcomes of the stop among it.</summary>
    private async Task SumUpAsync()
    {
        try
        {
            await summary.TurnAsync(CancellationToken.None);
        }
        catch (Exception error)
        {
            Log.MaintenanceFailed(logger, "Summing up", error.Message);
        }
    }

    private CancelResult Pass(CancelResult result)
    {
        // A task of another process hears of it at that process's next heartbeat.
        foreach (var task in result.Flagged) running.Cancel(task);
        Feed.Publish(result.Changes);
        return result;
    }

    private RetryResult Pass(RetryResult result)
    {
        Feed.Publish(result.Changes);
        work.Set();
        return result;
    }

    private async Task<TimeSpan> ReportAsync(CancellationToken cancellationToken)
    {
        if (keeper.Current is { } lease && meter.Take() is { Count: > 0 } rates) await store.ReportAsync(lease.Key, rates, cancellationToken);
        return ReportPause;
    }

    private async Task<TimeSpan> ExpireAsync(CancellationToken cancellationToken)
    {
        var changes = await store.ExpireAsync(1000, cancellationToken);
        Feed.Publish(changes);
        return changes.IsEmpty ? ExpirePause : TimeSpan.Zero;
    }

    private async Task<TimeSpan> FinishRetriesAsync(CancellationToken cancellationToken)
    {
        var changes = await store.FinishRetriesAsync(1000, cancellationToken);
        if (changes.IsEmpty) return options.Heartbeat;
        Feed.Publish(changes);
        work.Set();
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> FinishCancelsAsync(CancellationToken cancellationToken)
    {
        var changes = await store.FinishCancelsAsync(1000, cancellationToken);
        Feed.Publish(changes);
        return changes.IsEmpty ? options.Heartbeat : TimeSpan.Zero;
    }

    private TimeSpan AgePause => TimeSpan.FromSeconds(Math.Clamp(options.AgingStep.TotalSeconds / 10, 0.1, 30));

    private async Task<TimeSpan> AgeAsync(CancellationToken cancellationToken)
    {
        await store.AgeAsync(options.AgingStep, 16, cancellationToken);
        return AgePause;
    }
}
