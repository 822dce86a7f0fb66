namespace StashAI.Queue.Model.Jobs;

/// <summary>How many of a job's tasks are in each state. They move in the task's own transaction (S5).</summary>
/// <param name="Total">All tasks.</param>
/// <param name="Available">Tasks that can be claimed.</param>
/// <param name="Scheduled">Tasks that wait for their time.</param>
/// <param name="Running">Tasks that are claimed.</param>
/// <param name="Completed">Tasks with a result.</param>
/// <param name="Failed">Tasks that failed permanently.</param>
/// <param name="Cancelled">Tasks that were cancelled.</param>
public readonly record struct JobCounters(int Total, int Available, int Scheduled, int Running, int Completed, int Failed, int Cancelled)
{
    /// <summary>Tasks that are not over.</summary>
    public int Open => Available + Scheduled + Running;

    /// <summary>Tasks that are over.</summary>
    public int Ended => Completed + Failed + Cancelled;

    /// <summary>Completed tasks of all, in percent: failures do not count (C-05).</summary>
    public double ProgressPercentage => Total == 0 ? 0 : Math.Round(100.0 * Completed / Total, 2);

    /// <summary>Tasks that are over, of all, in percent.</summary>
    public double ProcessedPercentage => Total == 0 ? 0 : Math.Round(100.0 * Ended / Total, 2);
}
