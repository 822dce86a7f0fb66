using System.Diagnostics;
using System.Diagnostics.Metrics;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Diagnostics;

/// <summary>The meter <c>StashAI.Queue</c>. Dashboards rely on the instruments' names: add new ones, never rename.</summary>
internal sealed class QueueMetrics : IDisposable
{
    public const string MeterName = "StashAI.Queue";

    private static readonly string[] Outcomes = [.. Enum.GetNames<TaskEvent>().Select(name => name.ToLowerInvariant())];

    private readonly Meter meter;
    private readonly bool ownsMeter;
    private readonly Histogram<double> claimDuration;
    private readonly Histogram<int> claimSize;
    private readonly Histogram<double> attemptDuration;
    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> batchDuration;
    private readonly Counter<long> rescued;
    private readonly Counter<long> poisoned;
    private readonly Counter<long> promoted;
    private readonly Counter<long> cached;
    private readonly Histogram<double> leaseMargin;
    private readonly Instrument open;
    private readonly Instrument age;
    private readonly Instrument circuit;
    private volatile StorageState? storage;
    private volatile Snapshot last = new([], [], default);

    /// <summary>Without a factory, this object creates and disposes its own meter.</summary>
    public QueueMetrics(IMeterFactory? meters)
    {
        ownsMeter = meters is null;
        meter = meters?.Create(new MeterOptions(MeterName)) ?? new Meter(MeterName);
        claimDuration = meter.CreateHistogram<double>("stashai.claim.duration", "s", "How long a claim took.");
        claimSize = meter.CreateHistogram<int>("stashai.claim.tasks", "{task}", "Tasks per claim.");
        attemptDuration = meter.CreateHistogram<double>(
            "stashai.attempt.duration", "s", "How long attempts took, by service and recorded outcome.");
        batchSize = meter.CreateHistogram<int>("stashai.outcomes.batch", "{outcome}", "Outcomes recorded per transaction.");
        batchDuration = meter.CreateHistogram<double>("stashai.outcomes.duration", "s", "How long recording a batch of outcomes took.");
        rescued = meter.CreateCounter<long>("stashai.tasks.rescued", "{task}", "Tasks taken back from lost nodes.");
        poisoned = meter.CreateCounter<long>(
            "stashai.tasks.poisoned", "{task}", "Tasks that failed because their process was lost while it ran nothing else.");
        promoted = meter.CreateCounter<long>("stashai.tasks.promoted", "{task}", "Scheduled tasks that became due.");
        cached = meter.CreateCounter<long>(
            "stashai.tasks.cached", "{task}", "Tasks that got a known result without a call, by service.");
        leaseMargin = meter.CreateHistogram<double>("stashai.lease.margin", "s", "Time left on the lease when it was renewed.");
        open = meter.CreateObservableGauge("stashai.tasks.open", MeasureOpen, "{task}", "Open tasks by service and state.");
        age = meter.CreateObservableGauge(
            "stashai.tasks.oldest.age", MeasureAge, "s", "How long the oldest waiting task of a service has waited.");
        circuit = meter.CreateObservableGauge(
            "stashai.lane.circuit", MeasureCircuits, null, "0 closed, 1 open, 2 half open, 3 doubted; by service and authority.");
        meter.CreateObservableGauge(
            "stashai.disk.free", () => MeasureDisk(room => room.Free), "By", "Free room on the disk of the data folder.");
        meter.CreateObservableGauge("stashai.disk.size", () => MeasureDisk(room => room.Total), "By", "The size of that disk.");
        meter.CreateObservableGauge(
            "stashai.storage.size", MeasureStorage, "By", "The size of the database, its log, and its payloads and previews, by part.");
    }

    /// <summary>True when a listener is enabled for a value that must be read from the database.</summary>
    public bool WantsSnapshot => open.Enabled || age.Enabled || circuit.Enabled;

    public void RecordClaim(int tasks, TimeSpan duration)
    {
        claimDuration.Record(duration.TotalSeconds);
        claimSize.Record(tasks);
    }

    /// <summary>Records an attempt; <paramref name="taskEvent"/> is its final outcome.</summary>
    public void RecordAttempt(string service, TaskEvent taskEvent, TimeSpan duration) => attemptDuration.Record(
        duration.TotalSeconds, new KeyValuePair<string, object?>("service", service), new("outcome", Outcomes[(int)taskEvent]));

    public void RecordCached(string service) => cached.Add(1, new KeyValuePair<string, object?>("service", service));

    public void RecordOutcomes(int outcomes, TimeSpan duration)
    {
        batchSize.Record(outcomes);
        batchDuration.Record(duration.TotalSeconds);
    }

    public void RecordRescue(int tasks, int failed)
    {
        rescued.Add(tasks);
        if (failed > 0) poisoned.Add(failed);
    }

    public void RecordPromotion(int tasks) => promoted.Add(tasks);

    public void RecordRenewal(TimeSpan margin) => leaseMargin.Record(margin.TotalSeconds);

    /// <summary>Sets the values that the observable instruments report until the next update.</summary>
    public void Update(IReadOnlyList<ServiceDepth> depths, IReadOnlyList<LaneView> lanes, DateTimeOffset now) =>
        last = new Snapshot(depths, lanes, now);

    /// <summary>Sets what was measured of the disk and of the database.</summary>
    public void Update(StorageState measured) => storage = measured;

    public void Dispose()
    {
        // A factory disposes the meters that it created.
        if (ownsMeter) meter.Dispose();
    }

    private IEnumerable<Measurement<long>> MeasureOpen()
    {
        foreach (var depth in last.Depths)
        {
            yield return Of(depth.Available, TaskState.Available);
            yield return Of(depth.Scheduled, TaskState.Scheduled);
            yield return Of(depth.Running, TaskState.Running);

            Measurement<long> Of(long count, TaskState state) =>
                new(count, new TagList { { "service", depth.Service }, { "state", state.ToString().ToLowerInvariant() } });
        }
    }

    private IEnumerable<Measurement<long>> MeasureDisk(Func<DiskRoom, long> value) =>
        storage?.Room is { } room ? [new Measurement<long>(value(room))] : [];

    private IEnumerable<Measurement<long>> MeasureStorage()
    {
        if (storage?.Sizes is not { } sizes) yield break;
        yield return Of("database", sizes.Database);
        if (sizes.Log is { } log) yield return Of("log", log);
        yield return Of("payloads", sizes.Payloads);
        yield return Of("payload_files", sizes.PayloadFiles);
        yield return Of("previews", sizes.Previews);

        static Measurement<long> Of(string part, long bytes) => new(bytes, new KeyValuePair<string, object?>("part", part));
    }

    private IEnumerable<Measurement<double>> MeasureAge()
    {
        var (depths, _, now) = last;
        foreach (var depth in depths)
        {
            var waited = depth.OldestWaiting is { } since && since < now ? now - since : TimeSpan.Zero;
            yield return new Measurement<double>(waited.TotalSeconds, new KeyValuePair<string, object?>("service", depth.Service));
        }
    }

    private IEnumerable<Measurement<int>> MeasureCircuits()
    {
        foreach (var lane in last.Lanes)
        {
            yield return new Measurement<int>(
                (int)lane.Circuit, new TagList { { "service", lane.Service }, { "authority", lane.Authority } });
        }
    }

    private sealed record Snapshot(IReadOnlyList<ServiceDepth> Depths, IReadOnlyList<LaneView> Lanes, DateTimeOffset Now);
}
