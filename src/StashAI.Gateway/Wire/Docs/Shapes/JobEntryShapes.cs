using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>How many tasks of a job are in each state; <c>cached</c> of the completed ones got a known result without a call.</summary>
internal sealed record TaskCountsShape(
    int Total, int Available, int Scheduled, int Running, int Completed, int Failed, int Cancelled, int Cached);

/// <summary>Whether the tasks of a job take known results.</summary>
internal enum CacheShape
{
    Off,
    Use,
    Refresh,
}

/// <summary>A job in a list.</summary>
internal record JobEntryShape
{
    public required Guid Id { get; init; }
    public required string Service { get; init; }
    public required string Operation { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }
    public required string? Owner { get; init; }
    public required Guid? SourceJob { get; init; }
    public required JobStatusWordShape State { get; init; }
    public required bool Paused { get; init; }

    [Description("When the pause ends by itself; null when it is not paused, or until somebody resumes it.")]
    public required DateTimeOffset? PausedUntil { get; init; }

    public required int Priority { get; init; }
    public required int? MaxParallel { get; init; }
    public required int MaxAttempts { get; init; }
    public required CacheShape Cache { get; init; }
    public required TaskCountsShape Tasks { get; init; }
    public required double ProgressPercentage { get; init; }
    public required double ProcessedPercentage { get; init; }
    public required long Version { get; init; }
    public required string? UserId { get; init; }
    public required string? SessionId { get; init; }
    public required double? EstimatedCost { get; init; }
    public required double? Cost { get; init; }
    public required DateTimeOffset? CreatedAt { get; init; }
    public required DateTimeOffset? StartAt { get; init; }
    public required DateTimeOffset? DeadlineAt { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required DateTimeOffset? UpdatedAt { get; init; }
    public required double? TasksPerSecond { get; init; }
    public required string? EstimatedCompletion { get; init; }
    public required double? EtaSeconds { get; init; }
    public required double? EtaP90Seconds { get; init; }
    public required DateTimeOffset? EtaAt { get; init; }
}

/// <summary>A page of jobs.</summary>
internal sealed record JobEntryPageShape(IReadOnlyList<JobEntryShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>A job without its tasks.</summary>
internal sealed record JobEntryDetailShape : JobEntryShape
{
    public JobEntryDetailShape()
    {
    }

    [SetsRequiredMembers]
    public JobEntryDetailShape(JobEntryShape job)
        : base(job)
    {
    }

    public required JsonObject? Config { get; init; }
    public required JsonNode? AggregateResults { get; init; }
    public required IReadOnlyList<ErrorSummaryShape>? ErrorSummary { get; init; }
    public required long InputBytes { get; init; }
    public required double ProcessingMs { get; init; }
    public required double? LaneTasksPerSecond { get; init; }
    public required long? TasksAhead { get; init; }
    public required WaitShape? Waiting { get; init; }
    public required string? BatchId { get; init; }
}

/// <summary>A task in a list.</summary>
internal record TaskEntryShape
{
    public required Guid Id { get; init; }
    public required Guid JobId { get; init; }
    public required string JobName { get; init; }
    public required int Index { get; init; }
    public JsonNode? ItemId { get; init; }
    public string? ItemName { get; init; }

    /// <summary>The first 80 characters of an item that is a text, or of what it asks a model; missing for any other.</summary>
    public string? ItemText { get; init; }
    public required string Service { get; init; }
    public required string Operation { get; init; }
    public required TaskStateShape State { get; init; }
    public required long Version { get; init; }
    public required int Attempt { get; init; }
    public required int MaxAttempts { get; init; }
    public required bool CancelRequested { get; init; }
    public required bool Cached { get; init; }
    public required double? Cost { get; init; }
    public required ErrorKindShape? ErrorKind { get; init; }
    public required string? ErrorMessage { get; init; }
    public required double? ProcessingMs { get; init; }
    public required DateTimeOffset? DueAt { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A page of tasks.</summary>
internal sealed record TaskEntryPageShape(IReadOnlyList<TaskEntryShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>A task with its input, its result and its attempts.</summary>
internal sealed record TaskEntryDetailShape : TaskEntryShape
{
    public TaskEntryDetailShape()
    {
    }

    [SetsRequiredMembers]
    public TaskEntryDetailShape(TaskEntryShape task, JsonNode? result, IReadOnlyList<AttemptShape> attempts)
        : base(task) => (Result, Attempts) = (result, attempts);

    public JsonObject? InputData { get; init; }
    public JsonNode? FirstInput { get; init; }
    public required JsonNode? Result { get; init; }
    public required IReadOnlyList<AttemptShape> Attempts { get; init; }
}

/// <summary>With which input a task runs again.</summary>
internal sealed record TaskRetryShape
{
    public JsonNode? Input { get; init; }
}

/// <summary>Failed tasks of a job that failed alike.</summary>
internal sealed record FailureGroupShape(
    string? Fingerprint, ErrorKindShape ErrorKind, int? HttpStatus, string? Pattern, string? Message, int Count, DateTimeOffset? FirstAt,
    DateTimeOffset? LastAt, IReadOnlyList<Guid> Examples, IReadOnlyList<string?> ExampleNames);

/// <summary>The groups of failures of a job.</summary>
internal sealed record FailurePageShape(IReadOnlyList<FailureGroupShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>What was done with a group of failures.</summary>
internal sealed record FailureChangeShape(Guid JobId, string Fingerprint, int Tasks, JobStatusWordShape State, string Message);

/// <summary>A job that is removed when its calls have ended, by a bulk operation.</summary>
internal sealed record DeleteAcceptedShape(Guid JobId, Guid BulkId, string Message);

/// <summary>What of a job is to change; what is left out stays.</summary>
internal sealed record JobChangeShape
{
    public string? Name { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public int? Priority { get; init; }
    public int? MaxParallel { get; init; }
    public DateTimeOffset? Deadline { get; init; }
}

/// <summary>What the comparison of an item says.</summary>
internal enum ComparedKindShape
{
    Same,
    Different,
    Open,
    OnlyHere,
    OnlyThere,
}

/// <summary>How the items of two jobs were matched.</summary>
internal enum MatchedByShape
{
    Source,
    Position,
}

/// <summary>How many items there are of each kind.</summary>
internal sealed record ComparisonCountsShape(int Same, int Different, int Open, int OnlyHere, int OnlyThere);

/// <summary>An item of two jobs.</summary>
internal sealed record ComparedItemShape(ComparedKindShape Kind, int? Index, Guid? Id, int? WithIndex, Guid? WithId)
{
    public JsonNode? ItemId { get; init; }
    public string? ItemName { get; init; }
    public string? ItemText { get; init; }
}

/// <summary>Two jobs, item by item.</summary>
internal sealed record ComparisonShape(
    Guid JobId, Guid With, MatchedByShape MatchedBy, ComparisonCountsShape Counts, IReadOnlyList<ComparedItemShape> Data, string? Next,
    long Total, bool TotalIsExact);

/// <summary>Which items run again.</summary>
internal enum RerunScopeShape
{
    All,
    Failed,
}

/// <summary>Which items of a job run again, and what differs; what is left out is as in the first job.</summary>
internal sealed record RerunShape
{
    [Description("`failed`: the items whose tasks failed. `all`, as without it: all items.")]
    public RerunScopeShape? Only { get; init; }

    [Description("What differs from the configuration of the first job; null removes a key.")]
    public JsonObject? Config { get; init; }

    public string? Name { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public int? Priority { get; init; }
}

/// <summary>One result of a job.</summary>
internal sealed record JobResultShape(
    int Index, Guid Id, TaskStateShape State, ErrorKindShape? ErrorKind, string? ErrorMessage, double? ProcessingMs,
        double? Cost, DateTimeOffset? FinishedAt,
    JsonNode? Result)
{
    public JsonNode? ItemId { get; init; }
    public string? ItemName { get; init; }

    [Description("Only with `format=json`: the beginning of the item, where it is a text or asks a model.")]
    public string? ItemText { get; init; }

    public string? Prompt { get; init; }
}

/// <summary>A page of results.</summary>
internal sealed record JobResultPageShape(IReadOnlyList<JobResultShape> Data, string? Next, long Total, bool TotalIsExact);
