namespace StashAI.Queue.Model.Jobs;

/// <summary>The number of a job's tasks in each state. They change in the same transaction as the task (S5).</summary>
/// <param name="Available">Tasks that can be claimed.</param>
/// <param name="Scheduled">Tasks that wait for their due time.</param>
/// <param name="Running">Tasks that are claimed.</param>
/// <param name="Completed">Tasks with a result.</param>
/// <param name="Failed">Tasks that failed permanently.</param>
/// <param name="Cancelled">Tasks that were cancelled.</param>
public readonly record struct JobCounters(int Total, int Available, int Scheduled, int Running, int Completed, int Failed, int Cancelled)
{
    /// <summary>Completed tasks whose result another task had computed; no call was made for them.</summary>
    public int Cached { get; init; }

    /// <summary>Tasks that have not ended.</summary>
    public int Open => Available + Scheduled + Running;

    /// <summary>Tasks that have ended.</summary>
    public int Ended => Completed + Failed + Cancelled;

    /// <summary>The percentage of tasks that completed; failures do not count (C-05). It is 100 only when every task completed.</summary>
    public double ProgressPercentage => Percentage(Completed);

    /// <summary>The percentage of tasks that have ended. It is 100 only when every task has ended.</summary>
    public double ProcessedPercentage => Percentage(Ended);

    // Rounding must not show 100 % before a large job has ended.
    private double Percentage(int part) => Total switch
    {
        0 => 0,
        _ when part == Total => 100,
        _ => Math.Min(99.99, Math.Round(100.0 * part / Total, 2)),
    };
}
