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
public sealed class QueueEngine : IHostedService, IDisposable
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

    /// <summary>Stores the limits of the registry's services; to be called when the services have changed.</summary>
    public async Task DeclareServicesAsync(CancellationToken cancellationToken)
    {
        await store.Gate.DeclareAsync(services.Manifests, cancellationToken);
        work.Set();
    }

    /// <summary>Opens an upload.</summary>
    public IUpload OpenUpload() => store.OpenUpload((keeper.Current ?? throw new UploadLostException()).Key);

    /// <summary>Commits an upload and wakes the workers.</summary>
    public async Task<EnqueuedJob> CommitAsync(IUpload upload, NewJob job, CancellationToken cancellationToken)
    {
        var enqueued = await upload.CommitAsync(job, cancellationToken);
        if (!enqueued.IsDuplicate && !enqueued.IsDifferentRequest) series.AddSubmitted(job.Service, enqueued.Total);
        work.Set();
        relay?.AnnounceWork(enqueued.Key);
        Feed.PublishElsewhere([enqueued.Key]);
        return enqueued;
    }

    /// <summary>True when the job may run directly, without the store.</summary>
    public bool CanRunDirect(NewJob job) => direct.CanRun(job);

    /// <summary>
    /// Runs a job at once and without the store, with the queue's workers and retry policy. It takes at most a minute plus one call.
    /// Nothing is stored.
    /// </summary>
    public Task<DirectRun> RunDirectAsync(NewJob job, IReadOnlyList<DirectTask> tasks, CancellationToken cancellationToken) =>
        direct.RunAsync(job, tasks, cancellationToken);

    public async Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken) =>
        Publish(await store.Control.CancelJobAsync(jobKey, cancellationToken));

    public async Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        Publish(await store.Control.CancelTaskAsync(taskKey, cancellationToken));

    /// <summary>Runs the failed tasks of a job again, and with <paramref name="withCancelled"/> also the cancelled ones.</summary>
    public async Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken) =>
        Publish(await store.Control.RetryJobAsync(jobKey, withCancelled, cancellationToken));

    /// <summary>Runs one failed or cancelled task again.</summary>
    public async Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        Publish(await store.Control.RetryTaskAsync(taskKey, cancellationToken));

    /// <summary>Runs one failed or cancelled task again with another input.</summary>
    public async Task<RetryResult> RetryTaskAsync(long taskKey, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        Publish(await store.Control.RetryTaskAsync(taskKey, input, cancellationToken));

    /// <summary>
    /// Runs one group of a job's failures again, or cancels it; returns how many tasks. Any process finishes it if this one dies.
    /// </summary>
    public Task<int> ChangeFailuresAsync(
        JobView job, long fingerprint, BulkAction action, string? askedBy, CancellationToken cancellationToken) =>
        attended.ChangeFailuresAsync(job, fingerprint, action, askedBy, cancellationToken);

    /// <summary>Stores that a job is to be removed, and cancels it. Any process finishes it if this one dies.</summary>
    public async Task<BulkOperation> BeginDeleteAsync(JobView job, string? askedBy, CancellationToken cancellationToken)
    {
        var begun = await attended.BeginDeleteAsync(job, askedBy, cancellationToken);
        await CancelJobAsync(job.Key, CancellationToken.None);
        return begun;
    }

    /// <summary>Removes the job if it is over; false leaves it to the maintenance of any process.</summary>
    public async Task<bool> EndDeleteAsync(BulkOperation begun, JobView job)
    {
        var isRemoved = await attended.EndDeleteAsync(begun, job.Key);
        if (isRemoved) PublishRemoval(job);
        else bulkAsked.Set();
        return isRemoved;
    }

    /// <summary>Changes a job while it runs.</summary>
    public async Task<ChangeSet> ChangeJobAsync(long jobKey, JobPatch patch, CancellationToken cancellationToken)
    {
        var changes = await store.Control.ChangeJobAsync(jobKey, patch, cancellationToken);
        Feed.Publish(changes);
        work.Set();
        return changes;
    }

    /// <summary>Hides a job that is over, so that it is removed; false for one that is not over.</summary>
    public async Task<bool> RemoveJobAsync(JobView job, CancellationToken cancellationToken)
    {
        var isRemoved = await store.Control.RemoveJobAsync(job.Key, cancellationToken);
        if (isRemoved) PublishRemoval(job);
        return isRemoved;
    }

    private void PublishRemoval(JobView job)
    {
        Feed.Publish(new ChangeSet([], [new JobChange(job.Key, job.JobId, job.Version, job.State, job.State)]));
        // A person who removes a job of many photos wants their room.
        jobRemoved.Set();
    }

    /// <summary>Pauses or resumes a job. A pause with an end is ended by the maintenance of any process.</summary>
    public async Task<ChangeSet> PauseJobAsync(
        long jobKey, bool paused, CancellationToken cancellationToken, DateTimeOffset? until = null)
    {
        var changes = await store.Control.PauseJobAsync(jobKey, paused, until, cancellationToken);
        Feed.Publish(changes);
        if (until is not null) pauseSet.Set();
        work.Set();
        return changes;
    }

    /// <summary>Stores a bulk operation, which the maintenance of any process then works on.</summary>
    public async Task<BulkOperation> StartBulkAsync(NewBulk bulk, CancellationToken cancellationToken)
    {
        var started = await store.Bulk.AddBulkAsync(bulk, cancellationToken);
        bulkAsked.Set();
        return started;
    }

    /// <summary>Stops a bulk operation; false when it is unknown or over.</summary>
    public Task<bool> StopBulkAsync(Guid id, CancellationToken cancellationToken) => store.Bulk.StopBulkAsync(id, cancellationToken);

    /// <summary>Bulk operations.</summary>
    public IBulk Bulk => store.Bulk;

    /// <summary>Results after they were recorded.</summary>
    public ResultWork Results { get; }

    /// <summary>
    /// Pauses or resumes a service, or everything with <see cref="Pauses.Everything"/>. Resuming also ends the pause that the service asked
    /// for, and its circuit's. A pause with an end is ended by the maintenance of any process, and ends nothing else then.
    /// </summary>
    public async Task<Reopening> PauseServiceAsync(
        string service, bool paused, CancellationToken cancellationToken, DateTimeOffset? until = null)
    {
        await store.Control.PauseServiceAsync(service, paused, until, cancellationToken);
        if (!paused) return await ReopenServiceAsync(service, cancellationToken);
        if (until is not null) pauseSet.Set();
        WakeWorkers();
        return Reopening.Nothing;
    }

    /// <summary>Changes limits of a service while it runs; they hold in all processes from the next claim on.</summary>
    public async Task SetLimitsAsync(string service, LimitPatch patch, CancellationToken cancellationToken)
    {
        await store.Gate.SetLimitsAsync(service, patch, cancellationToken);
        WakeWorkers();
    }

    /// <summary>
    /// Ends everything that makes the lanes of a service wait, so that it is called at once: the pause that the service asked for, its
    /// circuit, and the delays of its tasks. A pause by a person stays.
    /// </summary>
    public async Task<Reopening> ReopenServiceAsync(string service, CancellationToken cancellationToken)
    {
        var reopened = await store.Control.ReopenAsync(service, cancellationToken);
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
        recorder.Dispose();
        keeper.Dispose();
        metrics.Dispose();
    }

    private void WakeWorkers()
    {
        promoting.Set();
        work.Set();
        relay?.AnnounceWork();
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

    private CancelResult Publish(CancelResult result)
    {
        // Another process learns of a cancel of its task at its next heartbeat.
        foreach (var task in result.AbortRequested) running.Cancel(task);
        Feed.Publish(result.Changes);
        return result;
    }

    private RetryResult Publish(RetryResult result)
    {
        Feed.Publish(result.Changes);
        work.Set();
        return result;
    }
}
