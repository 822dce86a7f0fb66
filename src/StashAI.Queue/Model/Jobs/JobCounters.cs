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

    /// <summary>Completed tasks of all, in percent: failures do not count (C-05). It is 100 only when every task completed.</summary>
    public double ProgressPercentage => Percentage(Completed);

    /// <summary>Tasks that are over, of all, in percent. It is 100 only when every task is over.</summary>
    public double ProcessedPercentage => Percentage(Ended);

    // Rounding must not say 100 of a large job before its end.
    private double Percentage(int part) => Total switch
    {
        0 => 0,
        _ when part == Total => 100,
        _ => Math.Min(99.99, Math.Round(100.0 * part / Total, 2)),
    };
}
