using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Tests.Contract;

/// <summary>What a task must look like after a sequence of operations.</summary>
internal sealed class ModelTask
{
    public required long Key { get; init; }

    public TaskState State { get; set; } = TaskState.Available;

    public int Fence { get; set; }

    public int Attempt { get; set; }

    public int Version { get; set; } = 1;

    public int Crashes { get; set; }

    public long? Node { get; set; }

    public bool CancelRequested { get; set; }

    public bool IsSuspect => State == TaskState.Available && Crashes >= 2;

    public DateTimeOffset? Due { get; set; }

    /// <summary>Waits for the start of its job, which is no change of its own.</summary>
    public void Wait(DateTimeOffset start) => (State, Due) = (TaskState.Scheduled, start);

    /// <summary>Its job starts.</summary>
    public void Start() => (State, Due) = (TaskState.Available, null);

    /// <summary>A person wants no more of a failed task.</summary>
    public void Skip() => (State, Version) = (TaskState.Cancelled, Version + 1);

    /// <summary>Follows one row of the state machine.</summary>
    public void Move(TaskEvent taskEvent, DateTimeOffset now, TimeSpan delay = default)
    {
        var transition = TaskStateMachine.Find(State, taskEvent)
            ?? throw new InvalidOperationException($"{State} has no transition for {taskEvent}: the model is wrong.");
        if (transition.Effect.HasFlag(TaskEffect.CountAttempt)) (Fence, Attempt) = (Fence + 1, Attempt + 1);
        if (transition.Effect.HasFlag(TaskEffect.GiveAttemptBack)) Attempt--;
        if (transition.Effect.HasFlag(TaskEffect.CountCrash)) Crashes++;
        if (transition.Effect.HasFlag(TaskEffect.ResetBudget)) (Attempt, Crashes) = (0, 0);
        CancelRequested = transition.Effect.HasFlag(TaskEffect.FlagCancel);
        State = transition.To;
        Due = State == TaskState.Scheduled ? now + delay : null;
        Version++;
    }
}
