using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>The common fields of all views of a task.</summary>
internal abstract record TaskCoreShape
{
    protected TaskCoreShape()
    {
    }

    public required Guid TaskId { get; init; }
    public required Guid JobId { get; init; }
    public required string AdapterName { get; init; }
    public required string TaskType { get; init; }
    public required TaskStatusWordShape Status { get; init; }
    public required TaskStateShape State { get; init; }
    public required long Version { get; init; }
    public required double? ProcessingTimeMs { get; init; }
    public required string? ErrorMessage { get; init; }
    public required TaskProgressShape Progress { get; init; }
    public required int BatchIndex { get; init; }
    public JsonNode? ItemId { get; init; }
    public string? ItemName { get; init; }
}

/// <summary>The progress of a task.</summary>
internal sealed record TaskProgressShape(int Percent, int Attempt, int MaxAttempts, TaskStageShape Stage);

/// <summary>An ended task of a job.</summary>
internal sealed record TaskResultShape : TaskCoreShape
{
    public required JsonNode? OutputJson { get; init; }
}

/// <summary>A task without its result.</summary>
internal record TaskSummaryShape : TaskCoreShape
{
    public required ErrorKindShape? ErrorKind { get; init; }
    public required int RetryCount { get; init; }
    public required int MaxRetries { get; init; }
    public required bool CancelRequested { get; init; }
    public required DateTimeOffset? CreatedAt { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required DateTimeOffset? ScheduledFor { get; init; }
    public JsonObject? InputData { get; init; }
}

/// <summary>A task in a list.</summary>
internal sealed record TaskListedShape : TaskSummaryShape
{
    public TaskListedShape()
    {
    }

    [SetsRequiredMembers]
    public TaskListedShape(TaskSummaryShape task)
        : base(task)
    {
    }

    public required string? OutputUrl { get; init; }
}

/// <summary>A page of tasks.</summary>
internal sealed record TaskPageShape(IReadOnlyList<TaskListedShape> Tasks, int? TotalCount, int Limit, int Offset, bool HasMore);

/// <summary>A task with its result.</summary>
internal record TaskDetailShape : TaskSummaryShape
{
    public TaskDetailShape()
    {
    }

    [SetsRequiredMembers]
    public TaskDetailShape(TaskSummaryShape task)
        : base(task)
    {
    }

    public required JsonNode? OutputJson { get; init; }
}

/// <summary>A task with its result and its attempts.</summary>
internal sealed record TaskHistoryShape : TaskDetailShape
{
    public TaskHistoryShape()
    {
    }

    [SetsRequiredMembers]
    public TaskHistoryShape(TaskSummaryShape task, JsonNode? output, IReadOnlyList<AttemptShape> attempts)
        : base(task) => (OutputJson, Attempts) = (output, attempts);

    public required IReadOnlyList<AttemptShape> Attempts { get; init; }
}

/// <summary>An ended attempt.</summary>
internal sealed record AttemptShape(
    int Attempt, long Fence, AttemptOutcomeShape Outcome, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, double? DurationMs,
    string? Node, int? HttpStatus, ErrorKindShape? ErrorKind, string? ErrorMessage, string? AnswerHead);

/// <summary>The status of a task.</summary>
internal sealed record TaskStatusShape : TaskDetailShape
{
    public required TaskKindShape Kind { get; init; }
}

/// <summary><c>kind</c> of a task.</summary>
internal enum TaskKindShape
{
    Task,
}

/// <summary>The status of an interaction or a session.</summary>
internal sealed record RecordStatusShape(
    RecordKindShape Kind, Guid TaskId, TaskStatusWordShape Status, TaskStateShape State, bool Ready, bool Successful,
    JsonObject OutputJson);

/// <summary><c>kind</c> of a record.</summary>
internal enum RecordKindShape
{
    Interaction,
    Session,
}

/// <summary>The status of a job, a task or a record; <c>kind</c> says which.</summary>
[OneOf("kind")]
internal sealed record StatusShape(JobStatusShape Job, TaskStatusShape Task, RecordStatusShape Record);
