using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Checks that the counters of jobs changed by this process equal the sums over their tasks (S5): a few jobs per run, ended jobs first. A
/// difference is repaired and logged as critical, because it is a bug in this program.
/// </summary>
internal sealed class JobReconciler(IMaintain store, QueueFeed feed, Wakeup work, ILogger logger) : IQueueListener
{
    private const int JobsPerTurn = 5;
    private const int MaxOpenTasks = 20_000;
    private const int MaxRemembered = 1000;

    private readonly Lock gate = new();
    private readonly HashSet<long> ended = [];
    private readonly HashSet<long> open = [];

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(10);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var jobs = Take();
        if (jobs.Count == 0) return Pause;
        foreach (var repair in await store.ReconcileAsync(jobs, MaxOpenTasks, cancellationToken))
        {
            if (repair.Before != repair.After || !CounterRepair.IsWrong(repair.CostBefore, repair.CostAfter))
                Log.CountersRepaired(logger, repair.JobId, repair.Before, repair.After);
            if (CounterRepair.IsWrong(repair.CostBefore, repair.CostAfter))
                Log.CostRepaired(logger, repair.JobId, repair.CostBefore, repair.CostAfter);
            feed.Publish(repair.Changes);
            work.Set();
        }

        return Pause;
    }

    public void OnChanged(ChangeSet changes)
    {
        lock (gate)
        {
            foreach (var job in changes.Jobs)
            {
                var remembered = JobStateMachine.IsTerminal(job.After) ? ended : open;
                if (remembered.Count < MaxRemembered) remembered.Add(job.Key);
            }
        }
    }

    private List<long> Take()
    {
        lock (gate)
        {
            var jobs = ended.Concat(open).Distinct().Take(JobsPerTurn).ToList();
            ended.ExceptWith(jobs);
            open.ExceptWith(jobs);
            return jobs;
        }
    }
}
