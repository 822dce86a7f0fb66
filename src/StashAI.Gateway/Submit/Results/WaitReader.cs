using System.Globalization;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// Finds out why the tasks of a job or a lane wait for their service. Tasks that were called before come first among the open tasks of a
/// job, so reading a few of them is enough.
/// </summary>
internal sealed class WaitReader(IRead store, ServiceCatalog catalog, TimeProvider clock)
{
    private const int MaxTasks = 20;
    private const int MaxJobs = 20;
    private const int MaxAttempts = 100;

    /// <summary>Why tasks of the job wait for their service; null when none does.</summary>
    public async Task<WaitReason?> ReadAsync(JobView job, CancellationToken cancellationToken)
    {
        if (!MayWait(job)) return null;
        var address = catalog.Resolve(job.Upstream) ?? job.Upstream;
        if (await FindHoursAsync(job.Service, address, cancellationToken) is { } closed) return closed;
        var lane = (await store.ListLanesAsync(cancellationToken)).FirstOrDefault(one => IsIn(job, one));
        var isShut = lane is not null && IsBlocked(lane);
        if (job.Counters.Scheduled == 0 && !isShut) return null;
        return await FindAsync(job, lane, cancellationToken) ?? (isShut ? await ReadAsync(lane!, cancellationToken) : null);
    }

    /// <summary>Why tasks of the lane wait for their service; null when none does.</summary>
    public async Task<WaitReason?> ReadAsync(LaneView lane, CancellationToken cancellationToken)
    {
        var jobs = await store.ListJobsAsync(
            new JobFilter([JobState.Pending, JobState.Running], lane.Service, MaxJobs, 0), cancellationToken);
        foreach (var job in jobs.Jobs.Where(one => IsIn(one, lane) && MayWait(one)))
        {
            var address = catalog.Resolve(job.Upstream) ?? job.Upstream;
            if (await FindHoursAsync(job.Service, address, cancellationToken) is { } closed) return closed;
            if ((job.Counters.Scheduled > 0 || IsBlocked(lane)) && await FindAsync(job, lane, cancellationToken) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private async Task<WaitReason?> FindAsync(JobView job, LaneView? lane, CancellationToken cancellationToken)
    {
        var page = await store.ListTasksAsync(
            new TaskFilter([TaskState.Available, TaskState.Scheduled], null, job.Key, MaxTasks, 0), cancellationToken);
        if (page.Tasks.FirstOrDefault(one => one.ErrorKind != ErrorKind.None) is not { } task) return null;
        var errors = (await store.ListAttemptsAsync(task.Key, MaxAttempts, cancellationToken))
            .Where(attempt => attempt.ErrorKind != ErrorKind.None).ToList();
        var address = catalog.Resolve(job.Upstream) ?? job.Upstream;
        return new WaitReason(
            address.GetLeftPart(UriPartial.Authority), task.ErrorKind, task.ErrorMessage ?? "", errors.LastOrDefault()?.HttpStatus,
            errors.FirstOrDefault()?.EndedAt, NextTry(task, lane));
    }

    /// <summary>The reason of a service outside its allowed hours; null within them.</summary>
    private async Task<WaitReason?> FindHoursAsync(string service, Uri address, CancellationToken cancellationToken)
    {
        var limits = (await store.ListLimitsAsync(cancellationToken)).FirstOrDefault(one => one.Service == service);
        if (limits is null || !limits.IsClosed(clock.GetUtcNow())) return null;
        var opens = limits.OpenFrom > clock.GetUtcNow() ? limits.OpenFrom : null;
        return new WaitReason(
            address.GetLeftPart(UriPartial.Authority), null,
            $"{service} is waiting for its allowed hours ({limits.InForce.Hours})"
            + (opens is { } time ? $"; opens at {time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : ""),
            null, null, opens);
    }

    private DateTimeOffset? NextTry(TaskView task, LaneView? lane)
    {
        var due = task.State == TaskState.Scheduled ? task.DueAt : null;
        if (lane?.BlockedUntil > clock.GetUtcNow()) due = Later(due, lane.BlockedUntil);
        return Later(due, lane?.NextProbeAt);
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;

    private bool IsBlocked(LaneView lane) =>
        lane.BlockedUntil > clock.GetUtcNow() || lane.Circuit is CircuitState.Open or CircuitState.HalfOpen;

    private static bool IsIn(JobView job, LaneView lane) => job.Service == lane.Service && job.Upstream.Authority == lane.Authority;

    private static bool MayWait(JobView job) =>
        !JobStateMachine.IsTerminal(job.State) && job is { IsPaused: false, StartsLater: false }
        && job.Counters.Available + job.Counters.Scheduled > 0;
}
