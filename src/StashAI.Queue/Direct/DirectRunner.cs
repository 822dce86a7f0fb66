using StashAI.Queue.Execution;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Sdk;

namespace StashAI.Queue.Direct;

/// <summary>Runs small jobs while the store is unavailable, with the same calls and the same limits. Nothing is stored.</summary>
internal sealed class DirectRunner(
    ServiceRegistry services, TaskExecutor executor, SharedCallSlots slots, QueueOptions options, TimeProvider clock)
{
    /// <summary>No attempt begins later than this after the submit, because the client waits for the answer.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly DirectAttempts attempts = new(executor, slots, clock);

    /// <summary>
    /// False for a job that needs the store: with a later start, an idempotency key, or a service with limits that all processes share.
    /// </summary>
    public bool CanRun(NewJob job) =>
        slots.Count > 0
        && job.IdempotencyKey is null
        && (job.StartAt is not { } start || start <= clock.GetUtcNow())
        && services.Find(job.Service)?.Manifest is { MaxRunning: null, Rate: null } manifest
        && options.Labels.Satisfies(LabelSet.Of(manifest.RequiredLabels));

    public async Task<DirectRun> RunAsync(NewJob job, IReadOnlyList<DirectTask> tasks, CancellationToken cancellationToken)
    {
        var created = clock.GetUtcNow();
        var claimed = Claimed(job, TaskKey.NewJobId(created));
        using var timeout = new CancellationTokenSource(Timeout, clock);
        var outcomes = new DirectOutcome[tasks.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, tasks.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Math.Min(job.MaxParallel, slots.Count), CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var claim = new ClaimedTask(TaskKey.From(claimed.Key, i), claimed, 1, 1, 1, tasks[i].Input, []) { Item = tasks[i].Item };
                outcomes[i] = await attempts.RunAsync(claim, tasks[i].Payloads, timeout.Token, token);
            });
        return new DirectRun(View(job, claimed.JobId, tasks, outcomes, created), [.. outcomes.Select(outcome => outcome.View)]);
    }

    private static ClaimedJob Claimed(NewJob job, Guid jobId) => new()
    {
        Key = 0,
        JobId = jobId,
        LaneKey = 0,
        Service = job.Service,
        TaskType = job.TaskType,
        Upstream = job.Upstream,
        Config = job.Config,
        MaxAttempts = job.MaxAttempts,
        Deadline = job.Deadline,
        Version = 1,
    };

    private static JobView View(NewJob job, Guid jobId, IReadOnlyList<DirectTask> tasks, DirectOutcome[] outcomes, DateTimeOffset created)
    {
        var completed = outcomes.Count(outcome => outcome.IsCompleted);
        var counters = new JobCounters(outcomes.Length, 0, 0, 0, completed, outcomes.Length - completed, 0);
        var finished = outcomes.Max(outcome => outcome.FinishedAt);
        return new JobView
        {
            Key = 0,
            JobId = jobId,
            Version = 1,
            State = JobStateMachine.From(counters, started: true),
            Counters = counters,
            Service = job.Service,
            JobType = job.JobType,
            TaskType = job.TaskType,
            Upstream = job.Upstream,
            Name = job.Name,
            IsSingleTask = job.IsSingleTask,
            UserId = job.UserId,
            SessionId = job.SessionId,
            IsPaused = false,
            Priority = job.Priority,
            MaxAttempts = job.MaxAttempts,
            Config = job.Config,
            PayloadBytes = tasks.Sum(task => task.Payloads.Sum(payload => payload.Size)),
            ProcessingTime = TimeSpan.FromTicks(
                outcomes.Where(outcome => outcome.IsCompleted).Sum(outcome => outcome.Result.Duration.Ticks)),
            Cost = outcomes.Any(outcome => outcome.Result.Cost is not null) ? outcomes.Sum(outcome => outcome.Result.Cost) : null,
            Aggregate = Aggregate(outcomes),
            Errors =
            [
                .. outcomes.Where(outcome => !outcome.IsCompleted).GroupBy(outcome => outcome.Result.ErrorKind)
                    .Select(kind => new JobErrors(kind.Key, kind.Count(), kind.First().Result.ErrorMessage))
                    .OrderByDescending(kind => kind.Count),
            ],
            CreatedAt = created,
            StartAt = job.StartAt,
            StartsLater = false,
            Deadline = job.Deadline,
            StartedAt = outcomes.Min(outcome => outcome.StartedAt),
            FinishedAt = finished,
            UpdatedAt = finished,
        };
    }

    private static ReadOnlyMemory<byte> Aggregate(DirectOutcome[] outcomes)
    {
        var parts = outcomes.Select(outcome => outcome.Result.Part).OfType<ResultPart>().ToList();
        if (parts.Count == 0) return default;
        try
        {
            var merged = parts[0].Fold.Merge([.. parts.Select(part => part.Json)]);
            return merged.Length <= IResultFold.MaxBytes ? merged : default;
        }
        catch (Exception)
        {
            // The fold is the adapter's code. The job keeps its results, and only lacks the aggregate.
            return default;
        }
    }
}
