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
/// Finds out why the tasks of a job or a lane wait. Tasks that were called before come first among the open tasks of a job, so reading a
/// few of them is enough.
/// </summary>
internal sealed class WaitReader(IRead store, ServiceCatalog catalog, TimeProvider clock)
{
    private const int MaxTasks = 20;
    private const int MaxJobs = 20;
    private const int MaxAttempts = 100;

    /// <summary>Why tasks of the job wait: a pause first, which a person must end; null when none waits.</summary>
    public async Task<WaitReason?> ReadAsync(JobView job, CancellationToken cancellationToken)
    {
        if (!HasWaiting(job)) return null;
        var address = AddressOf(job);
        if (WaitPauses.Find(job, await store.ReadPausesAsync(cancellationToken), address) is { } paused) return paused;
        if (job.StartsLater) return null;
        if (await FindHoursAsync(job.Service, address, cancellationToken) is { } closed) return closed;
        var lane = (await store.ListLanesAsync(cancellationToken)).FirstOrDefault(one => IsIn(job, one));
        var isShut = lane is not null && IsBlocked(lane);
        if (job.Counters.Scheduled == 0 && !isShut) return null;
        return await FindAsync(job, lane, cancellationToken) ?? (isShut ? await ReadServiceAsync(lane!, cancellationToken) : null);
    }

    /// <summary>Why tasks of the lane wait: its service's own reason first, which stays after a pause; null when none waits.</summary>
    public async Task<WaitReason?> ReadAsync(LaneView lane, CancellationToken cancellationToken) =>
        await ReadServiceAsync(lane, cancellationToken) ?? await FindPauseAsync(lane, cancellationToken);

    private async Task<WaitReason?> ReadServiceAsync(LaneView lane, CancellationToken cancellationToken)
    {
        foreach (var job in await JobsOfAsync(lane, cancellationToken))
        {
            if (job is { IsPaused: true } or { StartsLater: true }) continue;
            if (await FindHoursAsync(job.Service, AddressOf(job), cancellationToken) is { } closed) return closed;
            if ((job.Counters.Scheduled > 0 || IsBlocked(lane)) && await FindAsync(job, lane, cancellationToken) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private async Task<WaitReason?> FindPauseAsync(LaneView lane, CancellationToken cancellationToken)
    {
        var pauses = await store.ReadPausesAsync(cancellationToken);
        if (!pauses.Includes(lane.Service)) return null;
        return (await JobsOfAsync(lane, cancellationToken)).FirstOrDefault() is { } job
            ? WaitPauses.Find(job.Service, pauses, AddressOf(job))
            : null;
    }

    private async Task<IEnumerable<JobView>> JobsOfAsync(LaneView lane, CancellationToken cancellationToken)
    {
        var jobs = await store.ListJobsAsync(
            new JobFilter([JobState.Pending, JobState.Running], lane.Service, MaxJobs, 0), cancellationToken);
        return jobs.Jobs.Where(one => IsIn(one, lane) && HasWaiting(one));
    }

    private async Task<WaitReason?> FindAsync(JobView job, LaneView? lane, CancellationToken cancellationToken)
    {
        var page = await store.ListTasksAsync(
            new TaskFilter([TaskState.Available, TaskState.Scheduled], null, job.Key, MaxTasks, 0), cancellationToken);
        if (page.Tasks.FirstOrDefault(one => one.ErrorKind != ErrorKind.None) is not { } task) return null;
        var errors = (await store.ListAttemptsAsync(task.Key, MaxAttempts, cancellationToken))
            .Where(attempt => attempt.ErrorKind != ErrorKind.None).ToList();
        return new WaitReason(
            WaitCause.Error, job.Service, AddressOf(job), task.ErrorKind, task.ErrorMessage ?? "", errors.LastOrDefault()?.HttpStatus,
            errors.FirstOrDefault()?.EndedAt, NextTry(task, lane));
    }

    /// <summary>The reason of a service outside its allowed hours; null within them.</summary>
    private async Task<WaitReason?> FindHoursAsync(string service, string address, CancellationToken cancellationToken)
    {
        var limits = (await store.ListLimitsAsync(cancellationToken)).FirstOrDefault(one => one.Service == service);
        if (limits is null || !limits.IsClosed(clock.GetUtcNow())) return null;
        return new WaitReason(
            WaitCause.AllowedHours, service, address, null, $"{service} may be called only in its allowed hours ({limits.InForce.Hours}).",
            null, null, limits.OpenFrom > clock.GetUtcNow() ? limits.OpenFrom : null);
    }

    /// <summary>
    /// What the tasks call, without the path. A service that has no address at the moment is named, as its stored address says nothing to
    /// people.
    /// </summary>
    private string AddressOf(JobView job)
    {
        var address = catalog.Resolve(job.Upstream) ?? job.Upstream;
        return ServiceUri.Is(address) ? job.Service : address.GetLeftPart(UriPartial.Authority);
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

    private static bool HasWaiting(JobView job) =>
        !JobStateMachine.IsTerminal(job.State) && job.Counters.Available + job.Counters.Scheduled > 0;
}
