namespace StashAI.Queue.Policies.Circuits;

/// <summary>
/// Tells whether a failed call says more about its task than about the service (docs/adr/0019). A lane counts the answers that ended a row
/// of failures. A task and its job remember that count from the time when one of their calls failed.
/// </summary>
/// <param name="TaskFailedAt">The lane's count when a call of the task failed; null when none did.</param>
/// <param name="JobFailedAt">The lane's count when a call of the job failed; null when none did.</param>
/// <param name="JobCompletedThen">The job's completed tasks at that time.</param>
/// <param name="JobCompleted">The job's completed tasks now.</param>
public readonly record struct RepeatedFailure(long? TaskFailedAt, long? JobFailedAt, int JobCompletedThen, int JobCompleted)
{
    /// <summary>
    /// True when others were answered since the task failed, or since the job failed without completing a task in between.
    /// </summary>
    public bool IsRepeated(long answers) => TaskFailedAt < answers || (JobFailedAt < answers && JobCompleted == JobCompletedThen);

    /// <summary>The signal of a call's end, with repeated failures told apart.</summary>
    public CircuitSignal SignalOf(CircuitSignal signal, long answers) =>
        signal == CircuitSignal.Failed && IsRepeated(answers) ? CircuitSignal.FailedAgain : signal;

    /// <summary>What to remember after another failed call of the task.</summary>
    public RepeatedFailure After(long answers) => JobFailedAt is null || JobCompleted != JobCompletedThen
        ? new RepeatedFailure(TaskFailedAt ?? answers, answers, JobCompleted, JobCompleted)
        : this with { TaskFailedAt = TaskFailedAt ?? answers };
}
