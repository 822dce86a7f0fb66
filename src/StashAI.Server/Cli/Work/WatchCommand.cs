using System.CommandLine;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`watch`: live progress until all jobs have ended.</summary>
internal static class WatchCommand
{
    public static Command Create(RemoteGroup group)
    {
        var jobs =
            new Argument<string[]>("JOB")
            {
                Description = "The jobs; all that run or wait if none is given, also those that come meanwhile.",
                Arity = ArgumentArity.ZeroOrMore
            };
        var timeout = Timeout();
        return group.Create(
            "watch", "Follow jobs live until they have ended; without ids all that run or wait, and those that come meanwhile.",
            (call, cancellationToken) => RunAsync(call, call.Value(jobs)!, call.Value(timeout), cancellationToken),
            [jobs, timeout],
            "stashai watch", "stashai watch 0199f0a2 --timeout 10m");
    }

    public static Option<string?> Timeout() =>
        new("--timeout")
        {
            HelpName = "SPAN",
            Description = "Stop waiting after so long, such as 90s or 10m; the job goes on (exit code 3)."
        };

    /// <summary>How long to wait; no end where nothing was given.</summary>
    public static TimeSpan LimitOf(string? timeout) => timeout is null
        ? System.Threading.Timeout.InfiniteTimeSpan
        : Words.SpanOf(timeout) ?? throw new UsageException($"--timeout must be a span such as 90s, 10m or 2h, not '{timeout}'.");

    /// <summary>Shows the progress of jobs until they have ended, and returns the exit code.</summary>
    /// <param name="call">The run of a command.</param>
    /// <param name="jobs">The jobs; none for all that run or wait, also those that come while it watches.</param>
    /// <param name="timeout">The text of the time limit; null for none.</param>
    /// <param name="onEnd">Told of each job that has ended; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<int> WaitAsync(
        RemoteCall call,
        IReadOnlyCollection<Guid> jobs,
        string? timeout,
        Func<JobProgress, Task>? onEnd,
        CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(LimitOf(timeout), call.Surroundings.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var shorten = jobs.Count > 0 ? Words.Shorten(jobs) : OpenJobs.Short;
        var open = new Dictionary<Guid, JobProgress>();
        var isFailed = false;
        try
        {
            var watched = jobs.Count > 0 ? call.Client.WatchAsync(jobs, stop.Token) : OpenJobs.WatchAsync(call.Client, stop.Token);
            await foreach (var progress in watched)
            {
                open[progress.JobId] = progress;
                call.Progress.Show(
                    [.. open.Values.Select(job => (job.JobId.ToString(), JobText.Line(job, shorten(job.JobId)), Step(job)))]);
                if (!progress.IsOver) continue;
                isFailed |= progress.State != JobState.Completed;
                call.Progress.Clear();
                open.Remove(progress.JobId);
                if (onEnd is not null) await onEnd(progress);
            }
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            call.Progress.Clear();
            await call.Error.WriteLineAsync(jobs.Count > 0
                ? $"Not over after {timeout}; the job goes on. 'stashai watch {jobs.First()}' follows it."
                : $"Not over after {timeout}; the jobs go on. 'stashai watch' follows them.");
            return ExitCodes.TimedOut;
        }

        return isFailed ? ExitCodes.JobFailed : ExitCodes.Success;
    }

    private static async Task<int> RunAsync(RemoteCall call, string[] texts, string? timeout, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        foreach (var text in texts) ids.Add(await call.Client.FindJobIdAsync(text, cancellationToken));
        if (ids.Count == 0)
        {
            var (count, _) = await call.Client.CountJobsAsync(OpenJobs.Filter, cancellationToken);
            if (count == 0)
            {
                await call.SayAsync("No job runs or waits.");
                return ExitCodes.Success;
            }
        }

        var shorten = ids.Count > 0 ? Words.Shorten(ids) : OpenJobs.Short;
        return await WaitAsync(
            call, ids, timeout,
            progress => call.Json is { } json ? json.WriteAsync(call.Output, progress)
                : call.Output.WriteLineAsync(JobText.Line(progress, shorten(progress.JobId))),
            cancellationToken);
    }

    /// <summary>Where there is no terminal: a line for every ten percent, and for every state.</summary>
    private static int Step(JobProgress job) => (int)job.ProcessedPercentage / 10 + 100 * (int)job.State;
}
