using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Direct;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>The queue in this process. It starts and stops all parts in order, and is the gateway's interface to the queue.</summary>
public sealed partial class QueueEngine : IHostedService, IDisposable
{
    private readonly IQueueStore store;
    private readonly ServiceRegistry services;
    private readonly QueueOptions options;
    private readonly OwnedTasks running = new();
    private readonly NodeKeeper keeper;
    private readonly OutcomeRecorder recorder;
    private readonly SharedCallSlots calls;
    private readonly Dispatcher dispatcher;
    private readonly DirectRunner direct;
    private readonly MaintenanceLoop[] upkeep;
    private readonly IDisposable[] listeners;
    private readonly Wakeup work;
    private readonly Wakeup promoting;
    private readonly Wakeup bulkAsked;
    private readonly Wakeup jobRemoved;
    private readonly Wakeup pauseSet;
    private readonly AttendedBulk attended;
    private readonly QueueMetrics metrics;
    private readonly ServiceSummary summary;
    private readonly SeriesMeter series = new();
    private readonly SeriesWriter seriesWriter;
    private readonly JobTransitionLog transitions;
    private readonly WorkHealth health;
    private readonly ILogger logger;
    private readonly HintRelay? relay;
    private readonly DatabaseWatch? watch;
    private readonly StorageWatch storage;

    /// <summary>Uses one HTTP client for all calls.</summary>
    public QueueEngine(
        IQueueStore store, ServiceRegistry services, IUpstreamResolver upstreams, HttpClient http, QueueOptions options, QueueFeed feed,
        TimeProvider clock, ILoggerFactory loggers, IMeterFactory? meters = null, ISubjectSource? subjectSource = null)
        : this(store, services, upstreams, CallSetup.With(http), options, feed, clock, loggers, meters, subjectSource)
    {
    }

    /// <summary>Creates the engine; <see cref="StartAsync"/> starts it.</summary>
    public QueueEngine(
        IQueueStore store, ServiceRegistry services, IUpstreamResolver upstreams, CallSetup setup, QueueOptions options, QueueFeed feed,
        TimeProvider clock, ILoggerFactory loggers, IMeterFactory? meters = null, ISubjectSource? subjectSource = null)
    {
        this.store = store;
        this.services = services;
        this.options = options;
        Feed = feed;
        logger = loggers.CreateLogger("StashAI.Queue");
        work = new Wakeup(clock);
        metrics = new QueueMetrics(meters);
        health = new WorkHealth(store.Probe, clock, logger);
        summary = new ServiceSummary(store.Read, clock, logger);
        keeper = new NodeKeeper(store.Nodes, running, options, clock, logger, metrics.RecordRenewal);
        var outages = new LaneOutages(clock);
        var ends = new Wakeup(clock);
        recorder = new OutcomeRecorder(store, running, outages, metrics, health, summary, series, feed, work, ends, clock, logger);
        var executor = new TaskExecutor(
            services, upstreams, store.Read, setup, AnswerMemory.OfProcess(), options, clock, logger);
        var meter = new LaneMeter(clock);
        calls = new SharedCallSlots(options.Workers);
        direct = new DirectRunner(services, executor, calls, options, clock);
        var backlog = new CallBacklog(options.Workers, options.MaxAhead);
        var shared = new SharedCalls();
        var ender = new CallEnder(recorder, backlog, shared, work, ends);
        var claims = new ClaimLoop(
            store.Work, services, keeper, running, backlog, ender, shared, metrics, health, feed, work, ends, options.PollInterval, clock,
            logger);
        var results = new KnownResults(store, services, upstreams, executor, clock, logger);
        var runner = new CallRunner(
            store.Nodes, executor, results, calls, InputMemory.OfProcess(), backlog, ender, outages, new LanePauses(options.Retry, clock),
            meter, logger);
        dispatcher = new Dispatcher(claims, runner, ender, backlog, running, options, clock, logger);

        var maintain = store.Maintain;
        var promoter = new Promoter(maintain, metrics, feed, work, clock);
        var observed = new ClockObserver(
            maintain, new WaitLimits(options.MaxPause, options.Retry.Cap, options.Lease * 2), work, logger);
        var rescuer = new Rescuer(maintain, keeper, metrics, feed, work, options.Heartbeat, logger);
        var prober = new Prober(store.Gate, services, upstreams, setup, feed, work, options.PollInterval, clock);
        var cleaner = new RetentionCleaner(store, options, logger);
        var cleaning = new MaintenanceLoop("Removing old jobs", cleaner.RunOnceAsync, RetentionCleaner.Pause, health, clock, logger);
        jobRemoved = cleaning.Wakeup;
        var measurer = new MetricsReader(store.Read, metrics, clock);
        var reconciler = new JobReconciler(maintain, feed, work, logger);
        transitions = new JobTransitionLog(store.Read, logger);
        seriesWriter = new SeriesWriter(store.Measure, series, clock);
        var promotion = new MaintenanceLoop("Promoting due tasks", promoter.RunOnceAsync, Promoter.Pause, health, clock, logger);
        promoting = promoter.Scheduled = promotion.Wakeup;
        var waking = new MaintenanceLoop(
            "Waking tasks that wait for a result", new ResultWaker(store.Results, feed, work).RunOnceAsync, ResultWaker.Pause, health,
            clock, logger);
        recorder.ResultsEnded = waking.Wakeup;
        var subjects = new SubjectReader(services, logger);
        var rematcher = new Rematcher(store, services, subjects, upstreams, setup, feed, clock);
        var grouper = new Grouper(store, services, upstreams, setup, clock);
        var worker = new BulkWorker(store, rematcher, grouper, running, feed, work, clock, logger);
        var bulk = new MaintenanceLoop("Working on bulk operations", worker.RunOnceAsync, BulkWorker.Pause, health, clock, logger);
        bulkAsked = bulk.Wakeup;
        // They take long, and the other operations do not wait for them.
        var groups = new BulkWorker(store, rematcher, grouper, running, feed, work, clock, logger);
        var grouping = new MaintenanceLoop("Grouping results", groups.GroupOnceAsync, BulkWorker.Pause, health, clock, logger);
        attended = new AttendedBulk(store, feed, work);
        var pauses = new MaintenanceLoop(
            "Ending pauses", new PauseKeeper(store.Control, feed, WakeWorkers).RunOnceAsync, PauseKeeper.Pause, health, clock, logger);
        pauseSet = pauses.Wakeup;
        upkeep =
        [
            new MaintenanceLoop("Checking the clock", observed.RunOnceAsync, ClockObserver.Pause, health, clock, logger),
            promotion,
            waking,
            new MaintenanceLoop("Rescuing tasks", rescuer.RunOnceAsync, options.Heartbeat, health, clock, logger),
            new MaintenanceLoop("Probing services", prober.RunOnceAsync, options.PollInterval, health, clock, logger),
            new MaintenanceLoop(
                "Keeping allowed hours", new HoursKeeper(store.Gate).RunOnceAsync, HoursKeeper.Pause, health, clock, logger),
            pauses,
            new MaintenanceLoop(
                "Finishing cancels", new CancelFinisher(maintain, feed, options.Heartbeat).RunOnceAsync, options.Heartbeat, health, clock,
                logger),
            new MaintenanceLoop(
                "Failing tasks past their deadline", new DeadlineKeeper(maintain, feed).RunOnceAsync, DeadlineKeeper.Pause, health, clock,
                logger),
            new MaintenanceLoop(
                "Finishing retries", new RetryFinisher(maintain, feed, work, options.Heartbeat).RunOnceAsync, options.Heartbeat, health,
                clock, logger),
            bulk,
            grouping,
            new MaintenanceLoop(
                "Reporting the speed of lanes", new RateReporter(store.Measure, keeper, meter).RunOnceAsync, RateReporter.Pause, health,
                clock, logger),
            cleaning,
            new MaintenanceLoop("Reading metrics", measurer.RunOnceAsync, MetricsReader.Pause, health, clock, logger),
            new MaintenanceLoop(ServiceSummary.Name, summary.RunOnceAsync, ServiceSummary.Pause, health, clock, logger),
            new MaintenanceLoop("Writing the series", seriesWriter.RunOnceAsync, SeriesWriter.Pause, health, clock, logger),
            new MaintenanceLoop("Logging how jobs ended", transitions.RunOnceAsync, JobTransitionLog.Pause, health, clock, logger),
            new MaintenanceLoop(
                "Reading what old results show", new SubjectIndexer(store, services, subjects).RunOnceAsync, SubjectIndexer.Pause, health,
                clock, logger),
            new MaintenanceLoop("Checking counters", reconciler.RunOnceAsync, JobReconciler.Pause, health, clock, logger),
        ];
        var eraser = subjectSource is null ? null : new Eraser(store, services, subjectSource, subjects, feed, logger);
        var erasing = eraser is null
            ? null
            : new MaintenanceLoop("Erasing subjects", eraser.RunOnceAsync, Eraser.Pause, health, clock, logger);
        if (erasing is not null) upkeep = [.. upkeep, erasing];
        Results = new ResultWork(store, services, rematcher, eraser, bulkAsked, grouping.Wakeup, erasing?.Wakeup);

        if (options.AgingStep > TimeSpan.Zero)
        {
            var ager = new JobAger(maintain, options.AgingStep);
            upkeep =
            [
                .. upkeep,
                new MaintenanceLoop("Raising the priority of jobs that waited long", ager.RunOnceAsync, ager.Pause, health, clock, logger),
            ];
        }

        if (store.Probe is { } probe)
        {
            upkeep = [.. upkeep, new MaintenanceLoop(
                "Probing the database", new StoreProber(probe, health, clock).RunOnceAsync, StoreProber.Pause, health, clock, logger)];
        }

        storage = new StorageWatch(
            store.Sizes, store.Backups, () => options.DataDirectory is { } folder ? StorageWatch.RoomOf(folder) : null,
            options.DiskLowBytes, metrics, clock, logger);
        upkeep = [.. upkeep, new MaintenanceLoop("Measuring the disk", storage.RunOnceAsync, StorageWatch.Pause, health, clock, logger)];
        if (store.Check is { } database)
        {
            watch = new DatabaseWatch(database, options.OldTransactionAge, logger);
            upkeep =
                [.. upkeep, new MaintenanceLoop("Checking the database", watch.RunOnceAsync, DatabaseWatch.Pause, health, clock, logger)];
        }

        listeners =
        [
            feed.Listen(promoter), feed.Listen(reconciler), feed.Listen(outages), feed.Listen(transitions),
            feed.Listen(new LaneTransitionLog(logger)),
        ];
        if (store.Hints is { } hints)
        {
            relay = new HintRelay(hints, feed, work, ends, clock, logger);
            recorder.WorkAnnounced = () => relay.AnnounceWork();
            listeners = [.. listeners, feed.Listen(relay)];
        }
    }

    /// <summary>Committed changes of this process.</summary>
    public QueueFeed Feed { get; }

    /// <summary>Claimed calls that wait for a slot in this process.</summary>
    public int Reserved => dispatcher.Reserved;

    /// <summary>Reads the queue.</summary>
    public IRead Read => store.Read;

    /// <summary>True while this process holds a lease.</summary>
    public bool IsHealthy => keeper.Current is not null;

    /// <summary>The health of this process, part by part.</summary>
    public WorkHealth Health => health;

    /// <summary>What slows the database down and how to fix it, in one sentence; null when nothing is known.</summary>
    public string? DatabaseWarning => watch?.Warning;

    /// <summary>What this process last measured of its disk and of the database.</summary>
    public StorageState Storage => storage.State;

    /// <summary>Bulk operations.</summary>
    public IBulk Bulk => store.Bulk;

    /// <summary>Results after they were recorded.</summary>
    public ResultWork Results { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.Gate.DeclareAsync(services.Manifests, cancellationToken);
        keeper.Start();
        recorder.Start();
        foreach (var loop in upkeep) loop.Start();
        relay?.Start();
        if (options.Workers > 0) dispatcher.Start();
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await dispatcher.StopAsync();
        await recorder.StopAsync(options.AbortTimeout);
        foreach (var loop in upkeep) await loop.StopAsync();
        await RunLastTimeAsync(ServiceSummary.Name, summary.RunOnceAsync);
        await RunLastTimeAsync("Writing the series", seriesWriter.RunOnceAsync);
        await RunLastTimeAsync("Logging how jobs ended", transitions.RunOnceAsync);
        if (relay is not null) await relay.StopAsync();
        await keeper.StopAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var listener in listeners) listener.Dispose();
        foreach (var loop in upkeep) loop.Dispose();
        relay?.Dispose();
        dispatcher.Dispose();
        calls.Dispose();
        recorder.Dispose();
        keeper.Dispose();
        metrics.Dispose();
    }

    /// <summary>Runs a loop once more, so that it also reports the outcomes of the last calls.</summary>
    private async Task RunLastTimeAsync(string name, Func<CancellationToken, Task<TimeSpan>> turn)
    {
        try
        {
            await turn(CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.MaintenanceFailed(logger, name, exception.Message);
        }
    }
}
