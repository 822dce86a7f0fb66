namespace StashAI.Queue.Policies.Circuits;

/// <summary>
/// Whether a call that broke says more about its task than about the service (docs/adr/0019). A lane counts the answers that ended a row of failures; a
/// task, and the job that it belongs to, remember that count from when a call of theirs broke.
/// </summary>
/// <param name="TaskBrokeAt">The lane's count when a call of the task broke; null when none did.</param>
/// <param name="JobBrokeAt">The same of the job.</param>
/// <param name="JobBrokeCompleted">How many tasks of the job were completed then.</param>
/// <param name="JobCompleted">How many are now.</param>
public readonly record struct Breaker(long? TaskBrokeAt, long? JobBrokeAt, int JobBrokeCompleted, int JobCompleted)
{
    /// <summary>True when others were answered since this task broke, or since a task of this job broke and none of it was completed.</summary>
    public bool BreaksAgain(long answers) => TaskBrokeAt < answers || (JobBrokeAt < answers && JobCompleted == JobBrokeCompleted);

    /// <summary>What the end of its call says about the service.</summary>
    public CircuitSignal SignalOf(CircuitSignal sign, long answers) => sign == CircuitSignal.Failed && BreaksAgain(answers) ? CircuitSignal.FailedAgain : sign;

    /// <summary>What to remember after another call of the task broke.</summary>
    public Breaker After(long answers) => JobBrokeAt is null || JobCompleted != JobBrokeCompleted
        ? new Breaker(TaskBrokeAt ?? answers, answers, JobCompleted, JobCompleted)
        : this with { TaskBrokeAt = TaskBrokeAt ?? answers };
}
