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
    /// <summary>How long a person waits for the service that judges at once.</summary>
    private static readonly TimeSpan AttendedTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How many results a person waits for at once.</summary>
    private const int AttendedResults = 16;

    /// <summary>Judges results until the job's last one.</summary>
    /// <param name="renew">Keeps the operation for this process; false when it is lost.</param>
    /// <exception cref="InvalidOperationException">The results of this job cannot be judged again; the message says why.</exception>
    public async Task<RematchEnd> RunAsync(
        BulkOperation bulk, long jobKey, Func<CancellationToken, Task<bool>> renew, CancellationToken cancellationToken)
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
            for (RematchProgress? next = progress; next is not null;)
            {
                var (isJudged, after) = await StepAsync(job, upstream, rematch, next, cancellationToken);
                if (!isJudged) return RematchEnd.Waits;
                if (after is { IsOver: true }) return RematchEnd.Done;
                if (!await renew(cancellationToken)) return RematchEnd.Lost;
                // Null when the job changed in between: then the rematch begins anew, or ends.
                next = after;
            }
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
                [.. results.Select((result, i) => (versions[result.TaskKey], Judged(job, result.TaskKey, outcome.Results[i].Output)))],
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

    private async Task<(bool IsJudged, RematchProgress? After)> StepAsync(
        JobView job, Uri upstream, IResultRematch rematch, RematchProgress progress, CancellationToken cancellationToken)
    {
        var read = await store.Rematches.ReadResultsAsync(job.Key, progress.Next, cancellationToken);
        var judged = read.Where(result => !result.Derived.IsEmpty).ToList();
        var outcome = judged.Count == 0 ? null : await JudgeAsync(
                job, upstream, rematch, progress.Threshold, judged, services.FindCallable(job.Service)!.Manifest.AttemptTimeout,
                cancellationToken);
        if (judged.Count > 0 && outcome is null) return (false, null);
        var outputs = new List<JudgedResult>(judged.Count);
        for (var i = 0; i < judged.Count; i++) outputs.Add(Judged(job, judged[i].TaskKey, outcome!.Results[i].Output));
        var after = progress with
        {
            Next = read.Count == 0 ? progress.Next : TaskKey.OrdinalOf(read[^1].TaskKey) + 1,
            Done = progress.Done + read.Count,
            Judged = progress.Judged + judged.Count,
            Changed = progress.Changed + (outcome?.Results.Count(result => result.IsChanged) ?? 0),
            Version = outcome?.Version ?? progress.Version,
            Aggregate = Fold(job, progress.Aggregate, read, outputs),
            IsOver = read.Count == 0,
        };
        // What is judged is stored, whether or not the process is asked to stop.
        if (await store.Rematches.SaveRematchAsync(progress.Next, after, outputs, CancellationToken.None) is not { } changes)
            return (true, null);
        feed.Publish(changes);
        return (true, after);
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

    private JudgedResult Judged(JobView job, long task, ReadOnlyMemory<byte> output) => new(
        task, output, subjects.Read(job.Service, job.TaskType, TaskKey.TaskId(job.JobId, TaskKey.OrdinalOf(task)), output));

    private ReadOnlyMemory<byte> Fold(
        JobView job, ReadOnlyMemory<byte> before, IReadOnlyList<StoredResult> read, List<JudgedResult> outputs)
    {
        if (read.Count == 0 || services.FindFold(job.Service, job.TaskType) is not { } fold) return before;
        var judged = outputs.ToDictionary(result => result.TaskKey, result => result.Output);
        List<ReadOnlyMemory<byte>> parts =
        [
            .. before.IsEmpty ? [] : (ReadOnlyMemory<byte>[])[before],
            .. read.Select(result => fold.Map(
                TaskKey.OrdinalOf(result.TaskKey), judged.GetValueOrDefault(result.TaskKey, result.Output))),
        ];
        var merged = fold.Merge(parts);
        return merged.Length <= IResultFold.MaxBytes
            ? merged
            : throw new InvalidOperationException($"The aggregate of {merged.Length} bytes is larger than {IResultFold.MaxBytes}.");
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
