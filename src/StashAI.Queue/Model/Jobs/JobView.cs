using StashAI.Sdk;

namespace StashAI.Queue.Model.Jobs;

/// <summary>A job as read from the store. Times are UTC.</summary>
public sealed record JobView
{
    public required long Key { get; init; }

    public required Guid JobId { get; init; }

    /// <summary>Increases with every change.</summary>
    public required long Version { get; init; }

    public required JobState State { get; init; }

    public required JobCounters Counters { get; init; }

    public required string Service { get; init; }

    /// <summary><c>job_type</c> on the wire.</summary>
    public required string JobType { get; init; }

    /// <summary><c>task_type</c> of its tasks.</summary>
    public required string TaskType { get; init; }

    public required Uri Upstream { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>True for a job that was submitted as a single task.</summary>
    public required bool IsSingleTask { get; init; }

    /// <summary>The user who submitted it.</summary>
    public required string? UserId { get; init; }

    /// <summary>The client's session.</summary>
    public required string? SessionId { get; init; }

    /// <summary>The name of the API key that submitted it; null when nobody showed a key.</summary>
    public string? Owner { get; init; }

    /// <summary>Its tags, in order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The public id of the job whose items it repeats; null for none.</summary>
    public Guid? SourceJob { get; init; }

    /// <summary>True when a person has paused it: none of its tasks is claimed.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>When its pause ends by itself; null when it is not paused, or until somebody resumes it.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>True while failed tasks are being retried or skipped, which takes several transactions in a large job.</summary>
    public bool IsChanging { get; init; }

    /// <summary>
    /// True when the job has ended for good, unless a person retries it: between two transactions of a retry it may have no open task.
    /// </summary>
    public bool IsOver => JobStateMachine.IsTerminal(State) && !IsChanging;

    /// <summary>0 to 9, higher first.</summary>
    public required int Priority { get; init; }

    /// <summary>The most of its tasks that run at once.</summary>
    public int MaxParallel { get; init; } = int.MaxValue;

    /// <summary>The most attempts per task.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>Whether its tasks take results that are known already.</summary>
    public ResultCache Cache { get; init; }

    /// <summary>The configuration for the adapter, a UTF-8 JSON object; may be empty.</summary>
    public required ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>The total size of the binary parts of its inputs, decoded, in bytes.</summary>
    public required long PayloadBytes { get; init; }

    /// <summary>The total duration of its successful calls.</summary>
    public required TimeSpan ProcessingTime { get; init; }

    /// <summary>What its calls have cost so far; null where that is not known of any.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Its results folded into one, UTF-8 JSON. Read only for a single job; may be empty.</summary>
    public ReadOnlyMemory<byte> Aggregate { get; init; }

    /// <summary>Its failed tasks by kind of error, most frequent first. Read only for a single job.</summary>
    public IReadOnlyList<JobErrors> Errors { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The requested start; null to start at once.</summary>
    public required DateTimeOffset? StartAt { get; init; }

    /// <summary>True while its tasks wait for <see cref="StartAt"/>.</summary>
    public required bool StartsLater { get; init; }

    /// <summary>When its open tasks fail; null for never.</summary>
    public required DateTimeOffset? Deadline { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
