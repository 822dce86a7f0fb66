using StashAI.Queue.Model.Schedules;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>Does what a run of a schedule is for.</summary>
internal interface IScheduledWork
{
    /// <summary>Gathers the items and submits them once, however often it is called with the same run.</summary>
    /// <returns>The run with its outcome.</returns>
    Task<ScheduleRun> RunAsync(ClaimedRun claimed, CancellationToken cancellationToken);

    /// <summary>The run with the job that an earlier try of it has submitted; null for none.</summary>
    Task<ScheduleRun?> FindSubmittedAsync(ClaimedRun claimed, CancellationToken cancellationToken);
}
