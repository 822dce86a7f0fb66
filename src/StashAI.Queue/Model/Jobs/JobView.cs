namespace StashAI.Queue.Model.Jobs;

/// <summary>A job as readers see it. Times are UTC.</summary>
public sealed record JobView
{
    /// <summary>Internal key.</summary>
    public required long Key { get; init; }

    /// <summary>Public id.</summary>
    public required Guid JobId { get; init; }

    /// <summary>Rises at every change.</summary>
    public required long Version { get; init; }

    /// <summary>Its state.</summary>
    public required JobState State { get; init; }

    /// <summary>How many tasks are in which state.</summary>
    public required JobCounters Counters { get; init; }

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>`job_type` on the wire.</summary>
    public required string JobType { get; init; }

    /// <summary>`task_type` of its tasks.</summary>
    public required string TaskType { get; init; }

    /// <summary>The address that its tasks call.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>True for a lone task.</summary>
    public required bool IsSingleTask { get; init; }

    /// <summary>Who asked.</summary>
    public required string? UserId { get; init; }

    /// <summary>The client's session.</summary>
    public required string? SessionId { get; init; }

    /// <summary>The name of the API key that submitted it; null when nobody showed a key.</summary>
    public string? Owner { get; init; }

    /// <summary>Its tags, in order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The public id of the job whose items it repeats; null for none.</summary>
    public Guid? SourceJob { get; init; }

    /// <summary>True when a person paused it: nothing of it is claimed.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>0 to 9, higher first.</summary>
    public required int Priority { get; init; }

    /// <summary>The most of its tasks that run at once.</summary>
    public int MaxParallel { get; init; } = int.MaxValue;

    /// <summary>How often each task is tried at most.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>Its configuration, a UTF-8 JSON object; may be empty.</summary>
    public required ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>The sum of its inputs' binary parts, in bytes, decoded.</summary>
    public required long PayloadBytes { get; init; }

    /// <summary>The sum of its successful calls' durations.</summary>
    public required TimeSpan ProcessingTime { get; init; }

    /// <summary>Its results folded into one, UTF-8 JSON, where one job is asked for; empty without any.</summary>
    public ReadOnlyMemory<byte> Aggregate { get; init; }

    /// <summary>Its failed tasks by kind of error, most first, where one job is asked for.</summary>
    public IReadOnlyList<JobErrors> Errors { get; init; } = [];

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was asked to start; null for at once.</summary>
    public required DateTimeOffset? StartAt { get; init; }

    /// <summary>True while its tasks wait for <see cref="StartAt"/>.</summary>
    public required bool StartsLater { get; init; }

    /// <summary>When what is not over fails; null for never.</summary>
    public required DateTimeOffset? Deadline { get; init; }

    /// <summary>When its first task was claimed.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its last task ended.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
