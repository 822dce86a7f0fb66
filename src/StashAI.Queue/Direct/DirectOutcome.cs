using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Direct;

/// <summary>How the last attempt at a task ended.</summary>
internal sealed record DirectOutcome(AttemptResult Result, DateTimeOffset? StartedAt, DateTimeOffset FinishedAt)
{
    public bool IsCompleted => Result.Event == TaskEvent.Succeed;

    public TaskView View => new()
    {
        Key = Result.Task.Key,
        Version = 1,
        State = IsCompleted ? TaskState.Completed : TaskState.Failed,
        Attempt = StartedAt is null ? 0 : Result.Task.Attempt,
        CancelRequested = false,
        Input = Result.Task.Input,
        Item = Result.Task.Item,
        Cost = Result.Cost,
        ErrorKind = Result.ErrorKind,
        ErrorMessage = Result.ErrorMessage,
        ProcessingMs = StartedAt is null ? null : Result.Duration.TotalMilliseconds,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        DueAt = null,
        Output = Result.Output,
    };
}
