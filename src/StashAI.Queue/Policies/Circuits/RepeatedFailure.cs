namespace StashAI.Queue.Policies.Circuits;

/// <summary>
/// Whether a call that broke says more about its task than about the service (docs/adr/0019). A lane counts the answers that ended a row of failures; a
/// task, and the job that it belongs to, remember that count from when a call of theirs broke.
/// </summary>
/// <param name="TaskFailedAt">The lane's count when a call of the task broke; null when none did.</param>
/// <param name="JobFailedAt">The same of the job.</param>
/// <param name="JobCompletedThen">How many tasks of the job were completed then.</param>
/// <param name="JobCompleted">How many are now.</param>
public readonly record struct RepeatedFailure(long? TaskFailedAt, long? JobFailedAt, int JobCompletedThen, int JobCompleted)
{
    /// <summary>True when others were answered since this task broke, or since a task of this job broke and none of it was completed.</summary>
    public bool IsRepeated(long answers) => TaskFailedAt < answers || (JobFailedAt < answers && JobCompleted == JobCompletedThen);

    /// <summary>What the end of its call says about the service.</summary>
    public CircuitSignal SignalOf(CircuitSignal signal, long answers) => signal == CircuitSignal.Failed && IsRepeated(answers) ? CircuitSignal.FailedAgain : signal;

    /// <summary>What to remember after another call of the task broke.</summary>
    public RepeatedFailure After(long answers) => JobFailedAt is null || JobCompleted != JobCompletedThen
        ? new RepeatedFailure(TaskFailedAt ?? answers, answers, JobCompleted, JobCompleted)
        : this with { TaskFailedAt = TaskFailedAt ?? answers };
}
