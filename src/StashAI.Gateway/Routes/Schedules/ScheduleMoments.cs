using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>
/// Sets the moments of schedules anew that were computed while the clock was ahead: a schedule that ran once "in 2036" would otherwise wait
/// until then. It looks at the start, which may follow such a time, and when the clock was set back.
/// </summary>
internal sealed class ScheduleMoments(ISchedules schedules, TimeProvider clock)
{
    /// <summary>A moment that has run and lies ahead by no more than this is not run again: the clock was set back a little.</summary>
    private static readonly TimeSpan Repeat = TimeSpan.FromHours(1);

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    private const int PageSize = 100;

    // Runs that people asked for are among them, and say nothing about moments.
    private const int RunsToLookAt = 20;

    private DateTimeOffset? lastSeen;

    /// <summary>Returns the schedules whose next moment is sooner now.</summary>
    public async Task<IReadOnlyList<Schedule>> CorrectAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<Schedule> corrected = [];
        if (lastSeen is null || now < lastSeen - Step)
        {
            var before = long.MaxValue;
            for (var count = PageSize; count == PageSize;)
            {
                var page = await schedules.ListSchedulesAsync(before, PageSize, cancellationToken);
                foreach (var schedule in page)
                {
                    before = schedule.Key;
                    if (await SoonerAsync(schedule, now, cancellationToken) is not { } sooner) continue;
                    // One that was changed meanwhile has a new moment already.
                    if (await schedules.SaveScheduleAsync(sooner, forgetFiles: false, cancellationToken) == ScheduleSave.Saved)
                        corrected.Add(sooner);
                }

                count = page.Count;
            }
        }

        lastSeen = now;
        return corrected;
    }

    private async Task<Schedule?> SoonerAsync(Schedule schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (schedule.DueAt is not { } due || due <= now || Line(schedule) is not { } line || !(line.Next(now) < due)) return null;
        var runs = await schedules.ListRunsAsync(schedule.Key, long.MaxValue, RunsToLookAt, cancellationToken);
        var last = runs.FirstOrDefault(run => !run.IsAsked)?.Moment;
        var next = line.Next(last > now && last <= now + Repeat ? last.Value : now);
        return next < due ? schedule with { DueAt = next } : null;
    }

    /// <summary>Null if its time zone is not known any more.</summary>
    private static CronLine? Line(Schedule schedule)
    {
        try
        {
            return CronLine.Parse(schedule.Cron, schedule.TimeZone);
        }
        catch (RequestException)
        {
            return null;
        }
    }
}
