using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>A job in a list.</summary>
internal record JobSummaryShape
{
    public required Guid JobId { get; init; }
    public required string AdapterName { get; init; }
    public required string JobType { get; init; }
    public required JobStatusWordShape Status { get; init; }
    public required JobStateShape State { get; init; }
    public required long Version { get; init; }
    public required int TotalTasks { get; init; }
    public required int PendingTasks { get; init; }
    public required int RunningTasks { get; init; }
    public required int CompletedTasks { get; init; }
    public required int CachedTasks { get; init; }
    public required int FailedTasks { get; init; }
    public required int CancelledTasks { get; init; }
    public required double ProgressPercentage { get; init; }
    public required double ProcessedPercentage { get; init; }
    public required string? JobName { get; init; }
    public required JsonObject? JobConfig { get; init; }
    public required double? EstimatedCost { get; init; }
    public required double? Cost { get; init; }
    public required JsonNode? AggregateResults { get; init; }
    public required IReadOnlyList<ErrorSummaryShape>? ErrorSummary { get; init; }
    public required double? TotalProcessingTimeMs { get; init; }
    public required CacheShape Cache { get; init; }
    public required int Priority { get; init; }
    public required bool Paused { get; init; }

    [Description("When the pause ends by itself; null when it is not paused, or until somebody resumes it.")]
    public required DateTimeOffset? PausedUntil { get; init; }

    public required string? UserId { get; init; }
    public required string? SessionId { get; init; }
    public required DateTimeOffset? CreatedAt { get; init; }
    public required DateTimeOffset? ScheduledFor { get; init; }
    public required DateTimeOffset? DeadlineAt { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? CompletedAt { get; init; }
    public required DateTimeOffset? UpdatedAt { get; init; }
    public bool? JobConfigShortened { get; init; }
}

/// <summary>Failures of one kind.</summary>
internal sealed record ErrorSummaryShape(ErrorKindShape ErrorKind, int Count, string? Example);

/// <summary>Why tasks wait. Without an error, they wait for the allowed hours of their service, or for whoever ends a pause.</summary>
internal sealed record WaitShape(
    WaitCauseShape Cause, string Service, string Address, ErrorKindShape? ErrorKind, string ErrorMessage, int? HttpStatus,
    DateTimeOffset? Since, DateTimeOffset? NextTryAt, string? Resume, string? ResumeScope);

/// <summary>A page of jobs.</summary>
internal sealed record JobPageShape(
    IReadOnlyList<JobSummaryShape> Jobs, int TotalCount, bool TotalIsExact, int Limit, int Offset, bool HasMore, string? Next);

/// <summary>A job with an estimate of its end.</summary>
internal abstract record JobEstimateShape : JobSummaryShape
{
    protected JobEstimateShape()
    {
    }

    [SetsRequiredMembers]
    protected JobEstimateShape(JobSummaryShape job)
        : base(job)
    {
    }

    public required string? EstimatedCompletion { get; init; }
    public required double? EtaSeconds { get; init; }
    public required double? EtaP90Seconds { get; init; }
    public required DateTimeOffset? EtaAt { get; init; }
    public required WaitShape? Waiting { get; init; }
}

/// <summary>A job with its tasks.</summary>
internal sealed record JobDetailShape : JobEstimateShape
{
    public JobDetailShape()
    {
    }

    [SetsRequiredMembers]
    public JobDetailShape(JobSummaryShape job, IReadOnlyList<Guid> taskIds, IReadOnlyList<TaskDetailShape> tasks)
        : base(job) => (TaskIds, Tasks) = (taskIds, tasks);

    public required IReadOnlyList<Guid>? TaskIds { get; init; }
    public required IReadOnlyList<TaskDetailShape> Tasks { get; init; }
    public int? Limit { get; init; }
    public int? Offset { get; init; }
    public bool? HasMore { get; init; }
}

/// <summary>A job with a page of its results.</summary>
internal sealed record JobStatusShape : JobEstimateShape
{
    public JobStatusShape()
    {
    }

    [SetsRequiredMembers]
    public JobStatusShape(JobSummaryShape job, IReadOnlyList<TaskResultShape> results)
        : base(job) => (Kind, Progress, Results) = (JobKindShape.Job, job.ProgressPercentage, results);

    public required JobKindShape Kind { get; init; }
    public required double Progress { get; init; }
    public required IReadOnlyList<TaskResultShape> Results { get; init; }
    public required int? ResultsNextOffset { get; init; }
}

/// <summary><c>kind</c> of a job.</summary>
internal enum JobKindShape
{
    Job,
}
