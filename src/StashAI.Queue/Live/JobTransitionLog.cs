using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Queue.Live;

/// <summary>
/// Logs one line for each change of a job's state that this process makes. Names and results of ended jobs are read afterwards, many jobs
/// at a time, so that the engine's threads never wait for them.
/// </summary>
internal sealed class JobTransitionLog(IRead read, ILogger logger) : IQueueListener
{
    /// <summary>How often ended jobs are read.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How many jobs one read fetches.</summary>
    private const int PageSize = 500;

    /// <summary>The most failed jobs per run whose reason is read: jobs that fail together usually fail for the same reason.</summary>
    private const int MaxReasons = 20;

    private readonly ConcurrentQueue<JobChange> ended = new();

    public void OnChanged(ChangeSet changes)
    {
        if (!logger.IsEnabled(LogLevel.Information)) return;
        foreach (var job in changes.Jobs)
        {
            if (job.Before == job.After) continue;
            if (job.After is JobState.Completed or JobState.Partial or JobState.Failed or JobState.Cancelled) ended.Enqueue(job);
            else Log.JobStateChanged(logger, job.JobId, job.Before, job.After);
        }
    }

    /// <summary>Logs the jobs that have ended since the last run.</summary>
    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var reasons = MaxReasons;
        while (!ended.IsEmpty)
        {
            var page = new List<JobChange>();
            while (page.Count < PageSize && ended.TryDequeue(out var job)) page.Add(job);
            var views = await FindAsync(page, cancellationToken);
            foreach (var job in page)
            {
                // The job was already removed, or was started again: only its state is known.
                if (!views.TryGetValue(job.Key, out var view))
                {
                    Log.JobStateChanged(logger, job.JobId, job.Before, job.After);
                }
                else if (view.Counters.Failed == 0 || reasons == 0)
                {
                    LogEnd(job, view, null);
                }
                else
                {
                    reasons--;
                    var errors = (await read.FindJobAsync(job.JobId, cancellationToken))?.Errors;
                    LogEnd(job, view, errors is [var first, ..] ? first : null);
                }
            }
        }

        return Pause;
    }

    private async Task<Dictionary<long, JobView>> FindAsync(List<JobChange> page, CancellationToken cancellationToken)
    {
        try
        {
            return (await read.FindJobsAsync([.. page.Select(job => job.Key).Distinct()], cancellationToken))
                .ToDictionary(view => view.Key);
        }
        catch
        {
            // The state changes are logged nevertheless.
            foreach (var job in page) Log.JobStateChanged(logger, job.JobId, job.Before, job.After);
            throw;
        }
    }

    private void LogEnd(JobChange job, JobView view, JobErrors? error)
    {
        var name = view.Name.Length == 0 ? "" : $" ({view.Name})";
        var reason = error is null ? "" : $": {error.Example ?? error.Kind.ToString()}";
        var counters = view.Counters;
        Log.JobEnded(
            logger, job.JobId, view.Service, name, job.Before, job.After, counters.Completed, counters.Failed, counters.Cancelled,
            counters.Total, reason);
    }
}
