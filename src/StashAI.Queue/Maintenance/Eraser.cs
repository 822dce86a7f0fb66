using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Works on erasures, a step at a time. Each step changes only values that still are as it read them, and stores the place behind them in
/// the same transaction, so that another process goes on there after a crash. docs/adr/0025 says why nothing names the subject afterwards.
/// </summary>
internal sealed class Eraser(
    IQueueStore store, ServiceRegistry services, ISubjectSource source, SubjectReader subjects, QueueFeed feed, ILogger logger)
{
    /// <summary>A process that has not stored its progress for this long is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a service that cannot be reached is left alone.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    /// <summary>How long readers that were in the way of a scrub are left alone.</summary>
    private static readonly TimeSpan ScrubPause = TimeSpan.FromMilliseconds(200);

    /// <summary>How many jobs one step looks at.</summary>
    private const int JobsOfStep = 64;

    private readonly Guid worker = Guid.NewGuid();

    // The tasks of open jobs that were running after the jobs had been gone through. What is lost with the process is read again: then
    // there may be more of them, and never fewer.
    private readonly Dictionary<(long Erasure, long Job), HashSet<(long Task, int Fence)>> calls = [];

    /// <summary>Does one step of the erasure that waited longest.</summary>
    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await store.Erasures.TakeErasureAsync(worker, Lease, cancellationToken) is not { } erasure) return Pause;
        return erasure.Stage switch
        {
            ErasureStage.Subject => await DeleteAsync(erasure, cancellationToken),
            ErasureStage.Jobs => await GoThroughJobsAsync(erasure, cancellationToken),
            ErasureStage.OpenJobs => await GoThroughOpenJobsAsync(erasure, cancellationToken),
            ErasureStage.Records => await GoThroughRecordsAsync(erasure, cancellationToken),
            _ => await ScrubAsync(erasure, cancellationToken),
        };
    }

    /// <summary>Deletes the subject in its service, and then stores that. Repeating it is harmless.</summary>
    /// <exception cref="HttpRequestException">The service cannot be reached; the erasure waits.</exception>
    public async Task BeginAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        if (erasure is not { Stage: ErasureStage.Subject, Subject: { } subject }) return;
        try
        {
            // The names must be stored before the service forgets them.
            var known = await source.DescribeAsync(subject.Ids[0], cancellationToken);
            known = new ErasedSubject(
                [.. subject.Ids.Union(known.Ids, StringComparer.OrdinalIgnoreCase)],
                [.. subject.Names.Union(known.Names, StringComparer.Ordinal)]);
            if (!await store.Erasures.DescribeSubjectAsync(erasure.Key, known, cancellationToken)) return;
            await source.DeleteAsync(subject.Ids[0], cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            await store.Erasures.ExplainErasureAsync(erasure.Key, exception.Message, CancellationToken.None);
            throw;
        }

        // From here on it goes through, whether or not the caller still waits.
        await store.Erasures.BeginErasingAsync(erasure.Key, Names, CancellationToken.None);
    }

    private IReadOnlyCollection<string> Names => [.. services.Erasures.Select(one => one.Service).Distinct()];

    private async Task<TimeSpan> DeleteAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(erasure, cancellationToken);
            return TimeSpan.Zero;
        }
        catch (HttpRequestException exception)
        {
            Log.ErasureWaits(logger, erasure.Id, exception.Message);
            return RetryPause;
        }
    }

    private async Task<TimeSpan> GoThroughJobsAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var jobs = await store.Erasures.ListErasableJobsAsync(
            erasure.Next, erasure.LastJob, erasure.Bound, Names, JobsOfStep, cancellationToken);
        if (jobs.Count == 0)
        {
            var copy = await store.Erasures.FindLastCopyAsync(erasure.LastJob, erasure.LastJob == erasure.Bound, cancellationToken);
            var next = copy is { } last
                ? erasure with { Next = erasure.LastJob + 1, NextPart = 0, LastJob = last }
                : erasure with { Stage = ErasureStage.OpenJobs, Next = 0, NextPart = 0 };
            await SaveAsync(new Walk(erasure) { Now = next }, []);
            return TimeSpan.Zero;
        }

        var walk = new Walk(erasure);
        foreach (var job in jobs)
        {
            // What was passed before a crash may have been recorded since: such a job counts as open.
            var isContinued = job.Key == erasure.Next && erasure.NextPart > 0;
            if (!isContinued) walk.Now = walk.Now with { Next = job.Key, NextPart = 0 };
            var by = job.State is null ? null : services.FindErasure(job.Service, job.TaskType);
            if (by is not null && !await GoThroughAsync(job, walk, by, cancellationToken)) return TimeSpan.Zero;
            walk.Now = walk.Now with { Next = job.Key + 1, NextPart = 0 };
            if (job.HasEnded && !isContinued && await IsAsBeforeAsync(job, cancellationToken))
            {
                if (by is not null) walk.Now = walk.Now with { JobsDone = walk.Now.JobsDone + 1 };
            }
            else if (!await SaveAsync(walk, [], openJob: job.Key))
            {
                return TimeSpan.Zero;
            }
        }

        await SaveAsync(walk, []);
        return TimeSpan.Zero;
    }

    /// <summary>Goes through a job and its tasks. False when the erasure is lost, or must begin this step again.</summary>
    private async Task<bool> GoThroughAsync(ErasableJob found, Walk walk, IResultErasure by, CancellationToken cancellationToken)
    {
        var job = found.Key;
        var eraser = new PartEraser(walk.Now.Subject!, walk.Now.Id);
        // Its own values first, so that a task which is claimed from now on is not called with them; and last, because they grow with
        // results.
        if (!await EraseJobAsync()) return false;
        var isFirstPass = walk.Now.Stage == ErasureStage.Jobs;
        for (int? next = isFirstPass ? walk.Now.NextPart : 0; next is { } from;)
        {
            var tasks = await store.Erasures.ReadErasableTasksAsync(job, from, cancellationToken);
            var erased = eraser.Erase(tasks.Parts, by).Select(part => part.Before.Place == ErasablePlace.Result
                ? part with { Subjects = subjects.Read(found.Service, found.TaskType, Guid.Empty, part.After) }
                : part).ToList();
            next = tasks.Next;
            walk.Now = walk.Now with
            {
                NextPart = isFirstPass && next is { } place ? place : walk.Now.NextPart,
                ResultsChanged = walk.Now.ResultsChanged + erased.Count(part => part.Before.Place == ErasablePlace.Result),
            };
            if ((erased.Count > 0 || next is not null) && !await SaveAsync(walk, erased)) return false;
        }

        return await EraseJobAsync();

        async Task<bool> EraseJobAsync()
        {
            var parts = eraser.Erase(await store.Erasures.ReadErasableJobAsync(job, cancellationToken), by);
            return parts.Count == 0 || await SaveAsync(walk, parts);
        }
    }

    private async Task<bool> IsAsBeforeAsync(ErasableJob job, CancellationToken cancellationToken) =>
        await FindAsync(job.Key, cancellationToken) is not { } now || now == job;

    private async Task<ErasableJob?> FindAsync(long job, CancellationToken cancellationToken) =>
        await store.Erasures.ListErasableJobsAsync(job, job, job, Names, 1, cancellationToken) is [var found] ? found : null;

    private async Task<TimeSpan> GoThroughOpenJobsAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var open = await store.Erasures.ListOpenJobsAsync(erasure.Key, JobsOfStep, cancellationToken);
        if (open.Count == 0)
        {
            await SaveAsync(new Walk(erasure) { Now = erasure with { Stage = ErasureStage.Records, Next = 0, NextPart = 0 } }, []);
            return TimeSpan.Zero;
        }

        var walk = new Walk(erasure);
        var isMoved = false;
        foreach (var job in open)
        {
            if (await FinishAsync(walk, job, cancellationToken) is not { } isFinished) return TimeSpan.Zero;
            isMoved |= isFinished;
        }

        // The lease is renewed while it waits.
        return await SaveAsync(walk, []) && !isMoved ? Pause : TimeSpan.Zero;
    }

    /// <summary>
    /// Goes through an open job, waits for the calls that run then, and goes through it again. False while it waits; null when the erasure
    /// is lost, or must begin this step again.
    /// </summary>
    private async Task<bool?> FinishAsync(Walk walk, long job, CancellationToken cancellationToken)
    {
        var found = await FindAsync(job, cancellationToken);
        // An upload that is under way, or a job that is being removed.
        if (found is { State: null }) return false;
        var by = found is null ? null : services.FindErasure(found.Service, found.TaskType);
        var call = (walk.Now.Key, job);
        if (by is not null)
        {
            if (!calls.TryGetValue(call, out var waiting))
            {
                if (!await GoThroughAsync(found!, walk, by, cancellationToken)) return null;
                waiting = [.. await store.Erasures.ListRunningAsync(job, cancellationToken)];
                calls[call] = waiting;
            }

            waiting.IntersectWith(await store.Erasures.ListRunningAsync(job, cancellationToken));
            if (waiting.Count > 0) return false;
            if (!await GoThroughAsync(found!, walk, by, cancellationToken)) return null;
            walk.Now = walk.Now with { JobsDone = walk.Now.JobsDone + 1 };
        }

        calls.Remove(call);
        return await SaveAsync(walk, [], doneJob: job) ? true : null;
    }

    private async Task<TimeSpan> GoThroughRecordsAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        if (erasure.NextPart >= store.Erasures.RecordTables)
        {
            // The last record that names the subject is this one.
            var scrub = erasure with { Stage = ErasureStage.Scrub, Subject = null, Reason = null, Next = 0, NextPart = 0 };
            await SaveAsync(new Walk(erasure) { Now = scrub }, []);
            return TimeSpan.Zero;
        }

        var records = await store.Erasures.ReadErasableRecordsAsync(erasure.NextPart, erasure.Next, cancellationToken);
        var erased = new PartEraser(erasure.Subject!, erasure.Id)
            .EraseRecords(records.Parts, services.Erasures.Select(one => one.Erasure).DistinctBy(one => one.GetType()));
        var after = records.Next is { } next
            ? erasure with { Next = next }
            : erasure with { Next = 0, NextPart = erasure.NextPart + 1 };
        await SaveAsync(new Walk(erasure) { Now = after }, erased);
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> ScrubAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        // The lease is renewed while it works.
        if (!await store.Erasures.ScrubAsync(() => SaveAsync(new Walk(erasure), []), cancellationToken))
        {
            await SaveAsync(new Walk(erasure), []);
            return ScrubPause;
        }

        var over = erasure with { Stage = ErasureStage.Completed, JobsDone = Math.Max(erasure.JobsDone, erasure.JobsTotal) };
        if (await SaveAsync(new Walk(erasure) { Now = over }, [])) Log.ErasureEnded(logger, erasure.Id, over.JobsDone, over.ResultsChanged);
        return TimeSpan.Zero;
    }

    private async Task<bool> SaveAsync(Walk walk, IReadOnlyList<ErasedPart> parts, long? openJob = null, long? doneJob = null)
    {
        // Copies that were found on the way count too.
        var after = walk.Now with { JobsTotal = Math.Max(walk.Now.JobsTotal, walk.Now.JobsDone) };
        var save = new ErasureSave(worker, Lease, walk.Stored, after, parts) { OpenJob = openJob, DoneJob = doneJob };
        if (await store.Erasures.SaveErasureAsync(save, CancellationToken.None) is not { } changes) return false;
        if (!changes.IsEmpty) feed.Publish(changes);
        walk.Stored = walk.Now = after;
        return true;
    }

    /// <summary>How far a step is, in the database and in this process.</summary>
    private sealed class Walk(Erasure erasure)
    {
        public Erasure Stored { get; set; } = erasure;

        public Erasure Now { get; set; } = erasure;
    }
}
