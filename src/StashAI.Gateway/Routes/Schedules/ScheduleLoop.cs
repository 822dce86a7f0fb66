using System.Collections.Concurrent;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>
/// Makes runs of moments that have come, and works on them. It sleeps until the next moment, at most <see cref="PollInterval"/>: another
/// process may have changed a schedule. After a time without any process, the missed moments of a schedule are one run.
/// </summary>
internal sealed partial class ScheduleLoop(
    ISchedules schedules, IRead read, IScheduledWork work, TimeProvider clock, ILogger<ScheduleLoop> logger)
    : BackgroundService
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    /// <summary>A process that has not renewed it for this long is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How long a run waits before it looks again whether the job before it is over.</summary>
    public static readonly TimeSpan QueuePause = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait for a database whose clock is behind this one.</summary>
    private static readonly TimeSpan ClockPause = TimeSpan.FromMilliseconds(250);

    private const int MaxRuns = 4;

    private readonly Guid worker = Guid.NewGuid();
    private readonly Wakeup wakeup = new(clock);
    private readonly ConcurrentDictionary<long, Task> runs = [];
    private readonly ScheduleMoments moments = new(schedules, clock);

    /// <summary>Looks for work now.</summary>
    public void Wake() => wakeup.Set();

    /// <summary>Begins what is due, and returns how long nothing is to be done.</summary>
    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var schedule in await moments.CorrectAsync(cancellationToken)) LogCorrected(schedule.Name, schedule.DueAt);
        var (due, hasOpenRuns) = await schedules.ReadNextAsync(cancellationToken);
        var isAhead = false;
        if (due <= clock.GetUtcNow())
        {
            var found = await schedules.ListDueAsync(MaxRuns, cancellationToken);
            // Moments come by the database's clock.
            isAhead = found.Count == 0;
            foreach (var schedule in found) await BeginAsync(schedule, cancellationToken);
            (due, hasOpenRuns) = await schedules.ReadNextAsync(cancellationToken);
        }

        while (hasOpenRuns && runs.Count < MaxRuns && await schedules.TakeRunAsync(worker, Lease, cancellationToken) is { } claimed)
        {
            // The lease of a run of this process may have been over for a moment.
            if (runs.ContainsKey(claimed.Run.Key)) break;
            var run = RunAsync(claimed, cancellationToken);
            runs[claimed.Run.Key] = run;
            if (run.IsCompleted) runs.TryRemove(claimed.Run.Key, out _);
        }

        var pause = hasOpenRuns ? QueuePause : PollInterval;
        if (due is not { } next) return pause;
        var wait = next - clock.GetUtcNow() + TimeSpan.FromMilliseconds(1);
        if (isAhead && wait < ClockPause) return ClockPause;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < pause ? wait : pause;
    }

    /// <summary>Waits for the runs that this process works on.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(runs.Values);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                wakeup.Reset();
                var wait = PollInterval;
                try
                {
                    wait = await RunOnceAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(exception.Message);
                }

                if (wait > TimeSpan.Zero) await wakeup.WaitAsync(wait, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WhenIdleAsync();
        }
    }

    private async Task BeginAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? next = null;
        try
        {
            // The database's clock may be ahead of this one.
            next = CronLine.Parse(schedule.Cron, schedule.TimeZone).Next(now > schedule.DueAt!.Value ? now : schedule.DueAt.Value);
        }
        catch (Wire.Problems.RequestException exception)
        {
            LogNoNext(schedule.Name, exception.Message);
        }

        if (await schedules.BeginRunAsync(schedule, next, cancellationToken)) LogDue(schedule.Name, schedule.DueAt!.Value, next);
    }

    private async Task RunAsync(ClaimedRun claimed, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(claimed.Run.Key, stop);
        try
        {
            var ended = await EndOfAsync(claimed, stop.Token);
            if (ended is null) await schedules.PostponeRunAsync(claimed.Run.Key, worker, QueuePause, CancellationToken.None);
            else if (await schedules.FinishRunAsync(worker, ended, CancellationToken.None)) LogEnded(claimed.Schedule.Name, ended);
        }
        catch (Exception exception) when (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            // Another process, or this one after its start, takes the run at once.
            await TryPostponeAsync(claimed.Run.Key);
        }
        catch (Exception exception)
        {
            // The run is open, and is taken again when its lease is over.
            LogUnfinished(claimed.Schedule.Name, exception.Message);
        }
        finally
        {
            await stop.CancelAsync();
            await renewing;
            runs.TryRemove(claimed.Run.Key, out _);
            wakeup.Set();
        }
    }

    /// <summary>The run with its outcome; null when it must wait for the job of the run before.</summary>
    private async Task<ScheduleRun?> EndOfAsync(ClaimedRun claimed, CancellationToken cancellationToken)
    {
        if (await work.FindSubmittedAsync(claimed, cancellationToken) is { } submitted) return submitted;
        if (claimed.Schedule.LastJob is { } last && await read.FindJobAsync(last, cancellationToken) is { } job
            && !JobStateMachine.IsTerminal(job.State))
        {
            return claimed.Schedule.Overlap == ScheduleOverlap.Queue ? null : claimed.Run with
            {
                State = ScheduleRunState.Skipped,
                Reason = $"The job {last} of the run before is not over.",
            };
        }

        return await work.RunAsync(claimed, cancellationToken);
    }

    private async Task RenewAsync(long run, CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Lease / 3, clock, stop.Token);
                if (await schedules.RenewRunAsync(run, worker, Lease, stop.Token)) continue;
                await stop.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
        catch (Exception exception)
        {
            LogFailed(exception.Message);
        }
    }

    private async Task TryPostponeAsync(long run)
    {
        try
        {
            await schedules.PostponeRunAsync(run, worker, TimeSpan.Zero, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogFailed(exception.Message);
        }
    }

    private void LogEnded(string name, ScheduleRun run)
    {
        if (run.State == ScheduleRunState.Failed) LogRunFailed(name, run.Reason);
        else LogRunEnded(name, run.State, run.Items ?? 0, run.JobId);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedules could not be read or written; trying again: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The schedule {Name} has no next moment: {Reason}")]
    private partial void LogNoNext(string name, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The schedule {Name} was due at {Moment}; its next moment is {Next}")]
    private partial void LogDue(string name, DateTimeOffset moment, DateTimeOffset? next);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The next moment of the schedule {Name} is {Next}; the one before was computed while the clock was ahead")]
    private partial void LogCorrected(string name, DateTimeOffset? next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run of the schedule {Name} was not finished and will be tried again: {Reason}")]
    private partial void LogUnfinished(string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run of the schedule {Name} failed: {Reason}")]
    private partial void LogRunFailed(string name, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A run of the schedule {Name} is {State} with {Items} items, job {Job}")]
    private partial void LogRunEnded(string name, ScheduleRunState state, int items, Guid? job);
}
