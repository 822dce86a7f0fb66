using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>What happens while the job of the run before is not over.</summary>
internal enum ScheduleOverlapShape
{
    Skip,
    Queue,
}

/// <summary><c>state</c> of a run of a schedule.</summary>
internal enum ScheduleRunStateShape
{
    Waiting,
    Running,
    Submitted,
    Nothing,
    Skipped,
    Failed,
}

/// <summary>A schedule to create.</summary>
internal sealed record ScheduleRequestShape
{
    public required string Name { get; init; }
    public required string Cron { get; init; }
    public string? TimeZone { get; init; }
    public ScheduleOverlapShape? Overlap { get; init; }
    public required string Service { get; init; }
    public string? Operation { get; init; }
    public JsonObject? Config { get; init; }
    public long? DeadlineSeconds { get; init; }
    public required JsonObject Source { get; init; }
    public bool? Paused { get; init; }
}

/// <summary>Changes of a schedule.</summary>
internal sealed record ScheduleChangeShape
{
    public string? Name { get; init; }
    public string? Cron { get; init; }
    public string? TimeZone { get; init; }
    public ScheduleOverlapShape? Overlap { get; init; }
    public string? Service { get; init; }
    public string? Operation { get; init; }
    public JsonObject? Config { get; init; }
    public long? DeadlineSeconds { get; init; }
    public JsonObject? Source { get; init; }
    public bool? Paused { get; init; }
    public bool? TakeOver { get; init; }
}

/// <summary>A run of a schedule.</summary>
internal sealed record ScheduleRunShape
{
    public required DateTimeOffset Moment { get; init; }
    public required bool Asked { get; init; }
    public required ScheduleRunStateShape State { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required Guid? JobId { get; init; }

    /// <summary>The name of the job; null without a job, and for one that was removed.</summary>
    public required string? JobName { get; init; }
    public required int? Items { get; init; }
    public required string? Reason { get; init; }
}

/// <summary>A schedule.</summary>
internal sealed record ScheduleShape
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Cron { get; init; }
    public required string TimeZone { get; init; }
    public required ScheduleOverlapShape Overlap { get; init; }
    public required string Service { get; init; }
    public required string? Operation { get; init; }
    public required JsonObject? Config { get; init; }
    public required long? DeadlineSeconds { get; init; }
    public required JsonObject Source { get; init; }
    public required bool Paused { get; init; }
    public required string? Owner { get; init; }
    public required DateTimeOffset? NextRunAt { get; init; }
    public required ScheduleRunShape? LastRun { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A page of schedules.</summary>
internal sealed record SchedulePageShape(IReadOnlyList<ScheduleShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>A page of runs of a schedule.</summary>
internal sealed record ScheduleRunPageShape(IReadOnlyList<ScheduleRunShape> Data, string? Next, long Total, bool TotalIsExact);
