using StashAI.Queue.Live;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Judges the results of an ended job again, some at a time. The new results of a step and the place behind it are stored in one
/// transaction, so that after a crash another process goes on there.
/// </summary>
internal sealed class Rematcher(
    IQueueStore store, ServiceRegistry services, SubjectReader subjects, IUpstreamResolver upstreams, CallSetup setup, QueueFeed feed,
    TimeProvider clock)
{
    /// <summary>
    /// How many steps are judged at once. While one is with the service, the server writes the results of the other; a third would only
    /// take more memory.
    /// </summary>
    private const int StepsAtOnce = 2;

    /// <summary>How long a person waits for the service that judges at once.</summary>
    private static readonly TimeSpan AttendedTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How many results a person waits for at once.</summary>
    private const int AttendedResults = 16;

    /// <summary>Judges results until the job's last one.</summary>
    /// <exception cref="InvalidOperationException">The results of this job cannot be judged again; the message says why.</exception>
    public async Task<RematchEnd> RunAsync(BulkOperation bulk, long jobKey, CancellationToken cancellationToken)
    {
        if (await store.Read.FindJobsAsync([jobKey], cancellationToken) is not [var job]) return RematchEnd.Done;
        if (services.FindRematch(job.Service, job.TaskType) is not { } rematch)
            throw new InvalidOperationException($"The results of {job.Service} ({job.TaskType}) cannot be judged again.");
        while (true)
        {
            if (bulk.Query is { AwaitsEnd: true } && !JobStateMachine.IsTerminal(job.State)) return RematchEnd.Waits;
            var start = await store.Rematches.BeginRematchAsync(jobKey, bulk, cancellationToken);
            if (start.IsHeld) return RematchEnd.Waits;
            var (progress, isOpen) = start;
            if (isOpen)
                throw new InvalidOperationException($"The job {job.JobId} has not ended; its results can be judged again when it has.");
            if (progress is null or { IsOver: true }) return RematchEnd.Done;
            if (progress.Next == 0 && !await store.Rematches.HasDerivedAsync(jobKey, cancellationToken))
                throw new InvalidOperationException(NothingStored(job));
            if (upstreams.Resolve(job.Upstream) is not { } upstream) return RematchEnd.Waits;
            // Null when the job changed in between: then the rematch begins anew, or ends.
            if (await RunStepsAsync(new(job, upstream, rematch), progress, cancellationToken) is { } end) return end;
        }
    }

    /// <summary>
    /// Judges some results of a job at once, also while the job runs. What the service cannot judge now, or changed meanwhile, stays. The
    /// job's aggregate stays too: it is that of the results when all of them are judged again.
    /// </summary>
    /// <returns>How many were judged.</returns>
    public async Task<int> JudgeAsync(JobView job, IReadOnlyList<long> tasks, double? threshold, CancellationToken cancellationToken)
    {
        if (services.FindRematch(job.Service, job.TaskType) is not { } rematch || upstreams.Resolve(job.Upstream) is not { } upstream)
            return 0;
        var judged = 0;
        // What was read before a later erasure must not be saved (docs/adr/0025).
        var erasure = await store.Erasures.ListErasuresAsync(long.MaxValue, 1, cancellationToken) is [var newest] ? newest.Key : 0;
        // One after the other: a result may have some ten megabytes.
        foreach (var some in tasks.Distinct().Chunk(AttendedResults))
        {
            // The versions first: a result that changes after that is not replaced.
            var versions = (await store.Read.FindTasksAsync(some, withOutput: false, cancellationToken))
                .ToDictionary(task => task.Key, task => task.Version);
            var results = new List<StoredResult>();
            foreach (var task in versions.Keys)
            {
                if (await store.Rematches.FindResultAsync(task, cancellationToken) is { Derived.IsEmpty: false } result)
                    results.Add(result);
            }

            if (results.Count == 0) continue;
            if (await JudgeAsync(job, upstream, rematch, threshold, results, AttendedTimeout, cancellationToken) is not { } outcome)
                return judged;
            var changes = await store.Rematches.SaveResultsAsync(
                job.Key, erasure,
                [.. results.Select((result, i) => (versions[result.TaskKey], Judged(job, result, outcome.Results[i].Output)))],
                CancellationToken.None);
            feed.Publish(changes);
            judged += changes.Tasks.Count;
        }

        return judged;
    }

    /// <summary>Why a job without computed data cannot be judged again, and what to do instead.</summary>
    public static string NothingStored(JobView job) =>
        $"Nothing is stored to judge the results of the job {job.JobId} by: it ran with an earlier version, on a service that sends "
        + $"nothing for it, or its inputs were removed. POST /api/jobs/{job.JobId}/rerun runs its items again while they are stored.";

    /// <summary>
    /// Goes through the results from where the progress is. While a step is stored, the next ones are read and judged: what was read is
    /// stored only if the job, its rematch and the erasures are still as they were when the rematch began, so it does not matter how long
    /// before it was read.
    /// </summary>
    /// <returns>How it ended; null when the job changed in between.</returns>
    private async Task<RematchEnd?> RunStepsAsync(RematchWork work, RematchProgress progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var judging = new Queue<Task<JudgedStep?>>();
        var reading = store.Rematches.ReadResultsAsync(work.Job.Key, progress.Next, stop.Token);
        var saving = Task.FromResult(true);
        try
        {
            for (var isRead = false; ;)
            {
                while (!isRead && judging.Count < StepsAtOnce)
                {
                    var read = await reading;
                    isRead = read.Count == 0;
                    if (!isRead)
                        reading = store.Rematches.ReadResultsAsync(work.Job.Key, TaskKey.OrdinalOf(read[^1].TaskKey) + 1, stop.Token);
                    judging.Enqueue(StepAsync(work, read, progress.Threshold, stop.Token));
                }

                if (await judging.Dequeue() is not { } step) return RematchEnd.Waits;
                if (!await saving) return null;
                var after = After(progress, step, work.Job);
                saving = SaveAsync(progress.Next, after, step.Outputs);
                progress = after;
                if (after.IsOver) return await saving ? RematchEnd.Done : null;
            }
        }
        finally
        {
            // What is judged is stored, whether or not the process is asked to stop; what is only read is not judged any more.
            await stop.CancelAsync();
            Task[] open = [saving, reading, .. judging];
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Judges some results. Null when the service cannot judge now.</summary>
    private async Task<JudgedStep?> StepAsync(
        RematchWork work, IReadOnlyList<StoredResult> read, double? threshold, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (job, upstream, rematch) = work;
        var judged = read.Where(result => !result.Derived.IsEmpty).ToList();
        var outcome = judged.Count == 0 ? null : await JudgeAsync(
            job, upstream, rematch, threshold, judged, services.FindCallable(job.Service)!.Manifest.AttemptTimeout, cancellationToken);
        if (judged.Count > 0 && outcome is null) return null;
        var outputs = new List<JudgedResult>();
        var now = read.ToDictionary(result => result.TaskKey, result => result.Output);
        for (var i = 0; i < judged.Count; i++)
        {
            var output = outcome!.Results[i].Output;
            // What says the same to the byte is not written again.
            if (output.Span.SequenceEqual(judged[i].Output.Span)) continue;
            outputs.Add(Judged(job, judged[i], output));
            now[judged[i].TaskKey] = output;
        }

        var fold = read.Count == 0 ? null : services.FindFold(job.Service, job.TaskType);
        var aggregate = fold?.Merge([.. read.Select(result => fold.Map(TaskKey.OrdinalOf(result.TaskKey), now[result.TaskKey]))]);
        return new JudgedStep(read.Count, read.Count == 0 ? null : TaskKey.OrdinalOf(read[^1].TaskKey) + 1, judged.Count, outputs)
        {
            Changed = outcome?.Results.Count(result => result.IsChanged) ?? 0,
            Version = outcome?.Version,
            Aggregate = aggregate,
        };
    }

    private RematchProgress After(RematchProgress progress, JudgedStep step, JobView job) => progress with
    {
        Next = step.Next ?? progress.Next,
        Done = progress.Done + step.Read,
        Judged = progress.Judged + step.Judged,
        Changed = progress.Changed + step.Changed,
        Version = step.Version ?? progress.Version,
        Aggregate = Join(job, progress.Aggregate, step.Aggregate),
        IsOver = step.Next is null,
    };

    private async Task<bool> SaveAsync(int from, RematchProgress progress, IReadOnlyList<JudgedResult> outputs)
    {
        if (await store.Rematches.SaveRematchAsync(from, progress, outputs, CancellationToken.None) is not { } changes) return false;
        feed.Publish(changes);
        return true;
    }

    private async Task<RematchOutcome?> JudgeAsync(
        JobView job, Uri upstream, IResultRematch rematch, double? threshold, List<StoredResult> judged, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var context = new RematchContext
        {
            Upstream = upstream,
            Http = upstreams.IsConfigured(job.Service, job.Upstream) ? setup.ConfiguredClient : setup.JobClient,
            Config = job.Config,
            Threshold = threshold,
            Items = [.. judged.Select(result => new RematchItem(result.Input, result.Output, result.Derived))],
        };
        try
        {
            return await rematch.RematchAsync(context, linked.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The {job.Service} service did not answer within {timeout.TotalSeconds:0.#} s.");
        }
    }

    private JudgedResult Judged(JobView job, StoredResult before, ReadOnlyMemory<byte> output)
    {
        var id = TaskKey.TaskId(job.JobId, TaskKey.OrdinalOf(before.TaskKey));
        return new(before.TaskKey, before.Recorded, output, subjects.Read(job.Service, job.TaskType, id, output));
    }

    private ReadOnlyMemory<byte> Join(JobView job, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte>? step)
    {
        if (step is not { } added) return before;
        var merged = before.IsEmpty ? added : services.FindFold(job.Service, job.TaskType)!.Merge([before, added]);
        return merged.Length <= IResultFold.MaxBytes
            ? merged
            : throw new InvalidOperationException($"The aggregate of {merged.Length} bytes is larger than {IResultFold.MaxBytes}.");
    }

    private readonly record struct RematchWork(JobView Job, Uri Upstream, IResultRematch Rematch);

    /// <summary>Some results that are judged and not stored yet.</summary>
    /// <param name="Read">How many were read.</param>
    /// <param name="Next">The ordinal behind them; null behind the last one of the job.</param>
    /// <param name="Judged">How many of them were judged.</param>
    /// <param name="Outputs">The results that are other than before.</param>
    private sealed record JudgedStep(int Read, int? Next, int Judged, IReadOnlyList<JudgedResult> Outputs)
    {
        /// <summary>How many have another judgement than before.</summary>
        public int Changed { get; init; }

        /// <summary>The version of the data that judged them; null when nothing was judged.</summary>
        public long? Version { get; init; }

        /// <summary>The aggregate of all that were read; null without one.</summary>
        public ReadOnlyMemory<byte>? Aggregate { get; init; }
    }
}

/// <summary>How the work on one job ended.</summary>
internal enum RematchEnd
{
    /// <summary>All results are judged, or there is nothing to do.</summary>
    Done,

    /// <summary>The service is not ready.</summary>
    Waits,

    /// <summary>The operation was stopped, or another process works on it.</summary>
    Lost,
}
