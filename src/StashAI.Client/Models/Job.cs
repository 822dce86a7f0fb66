using System.Text.Json;

namespace StashAI.Client.Models;

/// <summary>A job: a batch of items that one service works through, with one task for each item.</summary>
public sealed record Job : JobProgress
{
    /// <summary>0 to 9; jobs with a higher number go first. The default of the server is 5.</summary>
    public int Priority { get; init; }

    /// <summary>True while a person has paused the job: running tasks go on, and no further task starts.</summary>
    public bool Paused { get; init; }

    /// <summary>The configuration of the job, with secrets masked.</summary>
    public JsonElement? JobConfig { get; init; }

    /// <summary>What the service's results add up to, in the service's own form; null where it adds nothing up.</summary>
    public JsonElement? AggregateResults { get; init; }

    /// <summary>The failed tasks grouped by the kind of their error; null or empty where none failed.</summary>
    public IReadOnlyList<ErrorGroup>? ErrorSummary { get; init; }

    /// <summary>Why the tasks of the job wait for their service; null where they do not, and in lists of jobs.</summary>
    public WaitReason? Waiting { get; init; }

    /// <summary>Seconds until the job will probably have ended; null where nothing was measured yet, and in lists of jobs.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>Seconds until the job will have ended in nine of ten cases; null as <see cref="EtaSeconds"/>.</summary>
    public double? EtaP90Seconds { get; init; }

    /// <summary>What the job costs, in the currency that the service's declaration uses; null where it names no cost.</summary>
    public double? EstimatedCost { get; init; }

    /// <summary>The sum of the times of the calls, in milliseconds; null until the job has ended.</summary>
    public double? TotalProcessingTimeMs { get; init; }

    /// <summary>When the job was submitted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the job may start, if it starts later.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Tasks that have not ended by then fail; null for no deadline.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>When the first task started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the job ended; null until then.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
}
