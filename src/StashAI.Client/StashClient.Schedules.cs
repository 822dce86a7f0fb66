using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>Lists the schedules, newest first. Pages are read as they are needed.</summary>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<Schedule> SchedulesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.Schedules, [], [], StashJsonContext.Default.WirePageSchedule, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var schedule in page.Data) yield return schedule;
        }
    }

    /// <summary>Reads a schedule.</summary>
    /// <param name="schedule">The id or the name of the schedule.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such schedule.</exception>
    public Task<Schedule> ScheduleAsync(string schedule, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Schedule, Routes.Schedule.Fill([schedule]), StashJsonContext.Default.Schedule, cancellationToken);

    /// <summary>Creates a schedule. It submits with the rights that the key of this client has at each run.</summary>
    /// <param name="schedule">What to run, and when.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashInvalidRequestException">A field is not valid; the errors name it.</exception>
    /// <exception cref="StashConflictException">Another schedule has the name.</exception>
    public Task<Schedule> CreateScheduleAsync(NewSchedule schedule, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return SendAsync(
            Routes.CreateSchedule, [], schedule, StashJsonContext.Default.NewSchedule, StashJsonContext.Default.Schedule,
            cancellationToken);
    }

    /// <summary>Changes a schedule.</summary>
    /// <param name="schedule">The id or the name of the schedule.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such schedule.</exception>
    /// <exception cref="StashInvalidRequestException">A field is not valid; the errors name it.</exception>
    /// <exception cref="StashConflictException">Another schedule has the name.</exception>
    public Task<Schedule> ChangeScheduleAsync(string schedule, ScheduleChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return SendAsync(
            Routes.ChangeSchedule, [schedule], change, StashJsonContext.Default.ScheduleChange, StashJsonContext.Default.Schedule,
            cancellationToken);
    }

    /// <summary>Deletes a schedule with its history. The jobs that it has submitted stay.</summary>
    /// <param name="schedule">The id or the name of the schedule.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such schedule.</exception>
    public Task DeleteScheduleAsync(string schedule, CancellationToken cancellationToken = default) =>
        api.SendAsync(Routes.DeleteSchedule, Routes.DeleteSchedule.Fill([schedule]), cancellationToken);

    /// <summary>
    /// Runs a schedule now, also while it is paused. The answer is the run before it starts; <see cref="ScheduleRunsAsync"/> shows what
    /// became of it.
    /// </summary>
    /// <param name="schedule">The id or the name of the schedule.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such schedule.</exception>
    public Task<ScheduleRun> RunScheduleAsync(string schedule, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.RunSchedule, Routes.RunSchedule.Fill([schedule]), StashJsonContext.Default.ScheduleRun, cancellationToken);

    /// <summary>Lists the runs of a schedule, newest first; the server keeps the last 500. Pages are read as they are needed.</summary>
    /// <param name="schedule">The id or the name of the schedule.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="StashNotFoundException">There is no such schedule.</exception>
    public async IAsyncEnumerable<ScheduleRun> ScheduleRunsAsync(
        string schedule, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.ScheduleRuns, [schedule], [], StashJsonContext.Default.WirePageScheduleRun, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var run in page.Data) yield return run;
        }
    }
}
