using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>
/// Records outcomes in batches: while one batch is being committed, the next one gathers. So a single outcome does not wait, and thousands
/// share a commit. A full queue slows the executors down. A failed commit is repeated (S12); an outcome is never dropped. An outcome that
/// the database refuses fails only its own task.
/// </summary>
internal sealed class OutcomeRecorder(
    IQueueStore store,
    OwnedTasks running,
    LaneOutages outages,
    QueueMetrics metrics,
    WorkHealth health,
    ServiceSummary summary,
    SeriesMeter series,
    QueueFeed feed,
    Wakeup work,
    Wakeup ends,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    private const int MaxBatch = 512;

    /// <summary>
    /// After a batch of at least this size, the next one waits a moment for more: a commit costs as much as fifty of its outcomes.
    /// </summary>
    private const int LingerFrom = 24;

    private const int LingerUpTo = 256;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(3);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Outcome> outcomes =
        Channel.CreateBounded<Outcome>(new BoundedChannelOptions(4 * MaxBatch) { SingleReader = true });

    private readonly CancellationTokenSource giveUp = new();
    private Task loop = Task.CompletedTask;

    /// <summary>Queues an outcome; waits while too many are queued.</summary>
    public ValueTask AddAsync(NodeLease lease, AttemptResult result, OwnedTask task) =>
        outcomes.Writer.WriteAsync(new Outcome(lease, result, task));

    /// <summary>
    /// Queues the outcomes of tasks that shared a call and may share the next. Recorded in one transaction, they are claimed together.
    /// </summary>
    public ValueTask AddAsync(NodeLease lease, IReadOnlyList<(AttemptResult Result, OwnedTask Task)> ofCall) =>
        outcomes.Writer.WriteAsync(new Outcome(lease, ofCall[0].Result, ofCall[0].Task)
        {
            Others = [.. ofCall.Skip(1).Select(one => new Outcome(lease, one.Result, one.Task))],
        });

    /// <summary>Wakes what wakes tasks that wait for a result.</summary>
    public Wakeup? ResultsEnded { get; set; }

    /// <summary>Tells other processes that tasks may be ready.</summary>
    public Action? WorkAnnounced { get; set; }

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Records all queued outcomes; gives up when the database does not come back within <paramref name="timeout"/>.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        outcomes.Writer.TryComplete();
        giveUp.CancelAfter(timeout);
        await loop;
    }

    public void Dispose() => giveUp.Dispose();

    private async Task RunAsync()
    {
        var batch = new List<Outcome>(MaxBatch);
        var last = 0;
        while (await outcomes.Reader.WaitToReadAsync())
        {
            // Real time, not the clock: this only paces commits, and no test waits for it.
            if (last >= LingerFrom && outcomes.Reader.Count < LingerUpTo) await Task.Delay(Linger);
            // Outcomes under an earlier registration have another node key, so they need a batch of their own.
            NodeLease? lease = null;
            while (batch.Count < MaxBatch && outcomes.Reader.TryPeek(out var next) && (lease is null || next.Lease.Key == lease.Key))
            {
                lease = next.Lease;
                batch.Add(next);
                batch.AddRange(next.Others);
                outcomes.Reader.TryRead(out _);
            }

            if (lease is not null) await RecordAsync(lease, batch);
            last = batch.Count;
            batch.Clear();
        }
    }

    private async Task RecordAsync(NodeLease lease, List<Outcome> batch)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var results = batch.ConvertAll(outcome => outcome.Result);
            AppliedBatch applied;
            try
            {
                var started = clock.GetTimestamp();
                applied = await store.Work.ApplyAsync(lease.Key, results, CancellationToken.None);
                metrics.RecordOutcomes(results.Count, clock.GetElapsedTime(started));
            }
            catch (OutcomeRefusedException exception) when (batch.Count > 1 || !batch[0].IsRefusal)
            {
                if (batch.Count == 1)
                {
                    batch = [batch[0] with { Result = RefusalOf(batch[0].Result, exception.Message), IsRefusal = true }];
                    continue;
                }

                // Splits the batch until only the refused outcome is left.
                await RecordAsync(lease, batch[..(batch.Count / 2)]);
                await RecordAsync(lease, batch[(batch.Count / 2)..]);
                return;
            }
            catch (Exception exception)
            {
                Log.OutcomesNotRecorded(logger, batch.Count, exception.Message);
                health.Failed(WorkHealth.Outcomes, exception);
                if (giveUp.IsCancellationRequested) return;
                await Task.Delay(RetryPause, clock);
                continue;
            }

            // From here on nothing is repeated: the tasks are recorded, and each call ends once.
            health.Succeeded(WorkHealth.Outcomes);
            RemoveFromRunning(lease, batch);
            Report(results, applied);
            // The limits count these calls as ended only now; an earlier claim may have found their lane full.
            ends.Set();
            // A claim does not see a job that is full. What a commit changed whose answer was lost, nobody knows.
            if (applied.HasNewWork || !isFirst) AnnounceWork();
            if (results.Exists(result => !result.ResultKey.IsEmpty)) ResultsEnded?.Set();
            await PublishAsync(results, applied, isRepeated: !isFirst);
            return;
        }
    }

    private void AnnounceWork()
    {
        work.Set();
        WorkAnnounced?.Invoke();
    }

    private AttemptResult RefusalOf(AttemptResult result, string reason)
    {
        Log.OutcomeRefused(logger, result.Task.TaskId, reason);
        return new AttemptResult
        {
            Task = result.Task,
            Event = TaskEvent.Fail,
            ErrorKind = ErrorKind.InvalidAnswer,
            ErrorMessage = $"The outcome of the call ({result.Output.Length} bytes of answer) cannot be stored: {reason}",
            Call = new CallReport(result.Call.HttpStatus),
            Duration = result.Duration,
        };
    }

    private void RemoveFromRunning(NodeLease lease, List<Outcome> batch)
    {
        foreach (var outcome in batch)
        {
            running.Remove(outcome.Result.Task.Key, outcome.Running);
            store.Nodes.EndCall(lease.Key, outcome.Running.CallNote);
            if (outcome.BlocksLane) outages.Confirm(outcome.Result.Task.Job.LaneKey);
        }
    }

    /// <summary>Tells the listeners of the changes. When that fails, they are told to read the jobs by themselves.</summary>
    private async Task PublishAsync(List<AttemptResult> batch, AppliedBatch applied, bool isRepeated)
    {
        try
        {
            feed.Publish(applied.Changes);
            if (isRepeated) await PublishAgainAsync(batch, applied);
        }
        catch (Exception exception)
        {
            Log.ChangesNotPublished(logger, exception.Message);
            feed.PublishElsewhere([.. batch.Select(result => TaskKey.JobOf(result.Task.Key)).Distinct()]);
        }
    }

    /// <summary>An earlier try may have been committed although it failed; then the listeners were never told of its changes.</summary>
    private async Task PublishAgainAsync(List<AttemptResult> batch, AppliedBatch applied)
    {
        var tasks = batch.Where((_, i) => applied.Statuses[i] == ApplyStatus.AlreadyApplied).Select(result => result.Task.Key).ToList();
        if (tasks.Count > 0)
        {
            feed.Publish(await store.Read.ReadVersionsAsync([.. tasks.Select(TaskKey.JobOf).Distinct()], tasks, CancellationToken.None));
        }
    }

    private void Report(List<AttemptResult> batch, AppliedBatch applied)
    {
        if (applied.FoldError is { } reason) Log.AggregateIncomplete(logger, reason);
        for (var i = 0; i < batch.Count; i++)
        {
            if (applied.Statuses[i] is ApplyStatus.Applied or ApplyStatus.Parked)
                Count(batch[i], applied.Statuses[i] == ApplyStatus.Parked ? TaskEvent.Park : batch[i].Event);
            // Another process may have opened the circuit; the waiting tasks of this lane are given back too.
            if (applied.Statuses[i] == ApplyStatus.Parked) outages.Record(batch[i].Task.Job.LaneKey);
            if (applied.Statuses[i] == ApplyStatus.LeaseLost && batch[i].Event != TaskEvent.Release)
                Log.OutcomeOfLostLease(logger, batch[i].Task.TaskId);
        }
    }

    private void Count(AttemptResult result, TaskEvent taskEvent)
    {
        var service = result.Task.Job.Service;
        if (result.IsCached) metrics.RecordCached(service);
        else if (OutcomeRules.IsAttempt(taskEvent)) metrics.RecordAttempt(service, taskEvent, result.Duration);
        summary.Add(service, taskEvent, result.Duration);
        series.AddOutcome(service, taskEvent, result.Duration);
        if (logger.IsEnabled(LogLevel.Debug))
        {
            Log.TaskEnded(
                logger, result.Task.TaskId, result.Task.Item.Text is { } item ? $" ({item})" : "", result.Task.Attempt, taskEvent,
                result.Duration.TotalMilliseconds, result.ErrorMessage);
        }
    }

    private sealed record Outcome(NodeLease Lease, AttemptResult Result, OwnedTask Running, bool IsRefusal = false)
    {
        public bool BlocksLane { get; } = OutcomeRules.BlocksLane(Result);

        /// <summary>The outcomes of the same call that are recorded in the same transaction.</summary>
        public IReadOnlyList<Outcome> Others { get; init; } = [];
    }
}
