namespace StashAI.Queue.Model.Tasks;

/// <summary>
/// The state machine of tasks as a table. All code that changes task rows follows it; transitions that are not listed cannot happen.
/// </summary>
public static class TaskStateMachine
{
    public static IReadOnlyList<TaskTransition> Transitions { get; } =
    [
        new(TaskState.Scheduled, TaskEvent.Due, TaskState.Available, TaskEffect.Requeue),
        new(TaskState.Available, TaskEvent.Claim, TaskState.Running, TaskEffect.CountAttempt),
        new(TaskState.Running, TaskEvent.Succeed, TaskState.Completed, TaskEffect.None),
        new(TaskState.Running, TaskEvent.RetryLater, TaskState.Scheduled, TaskEffect.None),
        new(TaskState.Running, TaskEvent.Throttle, TaskState.Scheduled, TaskEffect.GiveAttemptBack | TaskEffect.BlockLane),
        new(TaskState.Running, TaskEvent.Park, TaskState.Scheduled, TaskEffect.GiveAttemptBack),
        new(TaskState.Running, TaskEvent.AwaitResult, TaskState.Scheduled, TaskEffect.GiveAttemptBack),
        new(TaskState.Running, TaskEvent.Fail, TaskState.Failed, TaskEffect.None),
        new(TaskState.Running, TaskEvent.Release, TaskState.Available, TaskEffect.GiveAttemptBack | TaskEffect.Requeue),
        new(
            TaskState.Running, TaskEvent.LoseLease, TaskState.Available,
            TaskEffect.GiveAttemptBack | TaskEffect.CountCrash | TaskEffect.Requeue),
        new(TaskState.Running, TaskEvent.Poison, TaskState.Failed, TaskEffect.CountCrash),
        new(TaskState.Running, TaskEvent.AskCancel, TaskState.Running, TaskEffect.FlagCancel),
        new(TaskState.Running, TaskEvent.Abort, TaskState.Cancelled, TaskEffect.None),
        new(TaskState.Available, TaskEvent.AskCancel, TaskState.Cancelled, TaskEffect.None),
        new(TaskState.Scheduled, TaskEvent.AskCancel, TaskState.Cancelled, TaskEffect.None),
        new(TaskState.Available, TaskEvent.Fail, TaskState.Failed, TaskEffect.None),
        new(TaskState.Scheduled, TaskEvent.Fail, TaskState.Failed, TaskEffect.None),
        new(TaskState.Failed, TaskEvent.RetryByPerson, TaskState.Available, TaskEffect.ResetBudget | TaskEffect.Requeue),
        new(TaskState.Failed, TaskEvent.Skip, TaskState.Cancelled, TaskEffect.None),
        new(TaskState.Cancelled, TaskEvent.RetryByPerson, TaskState.Available, TaskEffect.ResetBudget | TaskEffect.Requeue),
    ];

    /// <summary>The transition for an event; null when the event is not possible in that state.</summary>
    public static TaskTransition? Find(TaskState from, TaskEvent taskEvent)
    {
        foreach (var transition in Transitions)
        {
            if (transition.From == from && transition.Event == taskEvent) return transition;
        }

        return null;
    }

    /// <summary>True when a task in this state does not run again, unless a person retries it.</summary>
    public static bool IsTerminal(TaskState state) => state is TaskState.Completed or TaskState.Failed or TaskState.Cancelled;
}
