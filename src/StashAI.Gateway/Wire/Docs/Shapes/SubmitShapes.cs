using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>
/// The answer to a submit. A 202 and a 200 have the same type, so that clients read both in the same way; fields of only one are optional.
/// </summary>
internal sealed record SubmitAnswerShape
{
    public required Guid JobId { get; init; }
    public required SubmitStatusWordShape Status { get; init; }
    public required JobStateShape State { get; init; }
    public required int TotalTasks { get; init; }
    public required int ExpectedTasks { get; init; }
    public required string? EstimatedCompletion { get; init; }
    public required double? EtaSeconds { get; init; }
    public required double? EtaP90Seconds { get; init; }
    public required DateTimeOffset? EtaAt { get; init; }
    public required double? EstimatedCost { get; init; }
    public required string AdapterName { get; init; }
    public string? Message { get; init; }

    /// <summary>Of the demo's jobs: true when the pictures are drawn, so that no faces will be found.</summary>
    public bool? Drawings { get; init; }

    public required IReadOnlyList<Guid>? TaskIds { get; init; }
    public required string? CoordinatorTaskId { get; init; }
    public Guid? TaskId { get; init; }
    public string? Type { get; init; }
    public string? Operation { get; init; }
    public Guid? SourceJob { get; init; }
    public string? ApiUrl { get; init; }
    public string? VisageApiUrl { get; init; }
    public double? ThresholdUsed { get; init; }
    public required ModeShape Mode { get; init; }
    public required bool Durable { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }
    public string? StatusUrl { get; init; }
    public SubscriptionShape? WebsocketSubscription { get; init; }

    // The following fields are only in a 200.
    public JobKindShape? Kind { get; init; }
    public string? JobType { get; init; }
    public long? Version { get; init; }
    public int? PendingTasks { get; init; }
    public int? RunningTasks { get; init; }
    public int? CompletedTasks { get; init; }
    public int? CachedTasks { get; init; }
    public int? FailedTasks { get; init; }
    public int? CancelledTasks { get; init; }
    public double? ProgressPercentage { get; init; }
    public double? ProcessedPercentage { get; init; }
    public double? Progress { get; init; }
    public WaitShape? Waiting { get; init; }
    public string? JobName { get; init; }
    public JsonObject? JobConfig { get; init; }
    public JsonNode? AggregateResults { get; init; }
    public IReadOnlyList<ErrorSummaryShape>? ErrorSummary { get; init; }
    public double? Cost { get; init; }
    public double? TotalProcessingTimeMs { get; init; }
    public CacheShape? Cache { get; init; }
    public int? Priority { get; init; }
    public bool? Paused { get; init; }
    public DateTimeOffset? PausedUntil { get; init; }
    public string? UserId { get; init; }
    public string? SessionId { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? ScheduledFor { get; init; }
    public DateTimeOffset? DeadlineAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
    public IReadOnlyList<TaskResultShape>? Results { get; init; }
    public int? ResultsNextOffset { get; init; }
}

/// <summary>The message that follows a job or a task over the WebSocket.</summary>
internal sealed record SubscriptionShape(string Type)
{
    public Guid? JobId { get; init; }
    public Guid? TaskId { get; init; }
}
