using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Measures;

/// <summary>What waits and runs in a lane, for the outlooks of several of its jobs: the lane is read once.</summary>
internal sealed class LaneBacklog
{
    private readonly List<(int Priority, int Open, int Jobs)> waiting = [];
    private readonly List<LaneSpeed> speeds = [];

    /// <summary>Adds so many jobs that can run, of a priority and with so many open tasks each.</summary>
    public void Add(int priority, int open, int jobs) => waiting.Add((priority, open, jobs));

    /// <summary>Adds the report of a node, newest first.</summary>
    public void Add(LaneSpeed speed) => speeds.Add(speed);

    /// <summary>The outlook of one of the lane's jobs.</summary>
    public JobOutlook Of(JobInLane job)
    {
        // The job itself is among those that wait.
        var ahead = -(long)Math.Min(job.Runnable, job.Open);
        foreach (var (priority, open, jobs) in waiting)
        {
            if (priority > job.Priority) ahead += (long)open * jobs;
            else if (priority == job.Priority) ahead += (long)Math.Min(open, job.Open) * jobs;
        }

        return LaneSpeed.Outlook(speeds, job.Open, Math.Max(0, ahead), job.MaxParallel);
    }
}

/// <summary>A job of a lane, as its outlook needs it.</summary>
/// <param name="Key">The job.</param>
/// <param name="LaneKey">Its lane.</param>
/// <param name="Open">Its tasks that have not ended.</param>
/// <param name="Priority">Its effective priority.</param>
/// <param name="MaxParallel">The most of its tasks that run at once.</param>
/// <param name="Runnable">What the lane's backlog counts of it; 0 when it cannot run now.</param>
internal readonly record struct JobInLane(long Key, long LaneKey, int Open, int Priority, int MaxParallel, int Runnable);
