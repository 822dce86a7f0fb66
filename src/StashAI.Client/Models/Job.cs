using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A job: a batch of items that one service works through, with one task for each item.</summary>
public record Job
{
    /// <summary>The id of the job.</summary>
    public Guid Id { get; init; }

    /// <summary>The service that the job's tasks call.</summary>
    public string Service { get; init; } = "";

    /// <summary>What the service does with the items, such as <c>identify</c>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>The name that people gave the job; null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>What people find the job by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The name of the API key that submitted the job; null where there was none.</summary>
    public string? Owner { get; init; }

    /// <summary>The job whose items this one runs again; null for other jobs.</summary>
    public Guid? SourceJob { get; init; }

    /// <summary>The state of the job. A job that starts later is pending, and <see cref="StartAt"/> says until when.</summary>
    public JobState State { get; init; }

    /// <summary>True while a person has paused the job: running tasks go on, and no further task starts.</summary>
    public bool Paused { get; init; }

    /// <summary>When its pause ends by itself; null when it is not paused, or until somebody resumes it.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>0 to 9; jobs with a higher number go first. The default of the server is 5.</summary>
    public int Priority { get; init; }

    /// <summary>The most tasks of the job that run at once; null for the limits of the service only.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>How often a task is tried at most.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>Whether its tasks take known results: <c>off</c>, <c>use</c> or <c>refresh</c>.</summary>
    public string Cache { get; init; } = "off";

    /// <summary>How many tasks the job has, and in which states.</summary>
    public TaskCounts Tasks { get; init; } = new();

    /// <summary>Tasks that have a result, in percent of all: 0 to 100.</summary>
    public double ProgressPercentage { get; init; }

    /// <summary>Tasks that have ended, however, in percent of all: 0 to 100.</summary>
    public double ProcessedPercentage { get; init; }

    /// <summary>Rises at every change. Of two views of a job, the one with the higher version is newer.</summary>
    public long Version { get; init; }

    /// <summary>The user that the submit named; null for none.</summary>
    public string? UserId { get; init; }

    /// <summary>The session that the submit named; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>What the job costs, in the currency that the service's declaration uses; null where it names no cost.</summary>
    public double? EstimatedCost { get; init; }

    /// <summary>What its calls have cost so far, exactly, in the same currency; null where that is not known of any.</summary>
    public decimal? Cost { get; init; }

    /// <summary>When the job was submitted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>No task starts before this time; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Tasks that have not ended by then fail; null for no deadline.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>When the first task started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the job ended; null until then.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When the job changed last.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>True when the job has ended. A retry by a person can start it again.</summary>
    [JsonIgnore]
    public bool IsOver => Progress.IsOver;

    /// <summary>How far the job is, in the form in which a watch tells it.</summary>
    [JsonIgnore]
    public JobProgress Progress => new()
    {
        JobId = Id,
        Service = Service,
        JobName = Name,
        State = State,
        Version = Version,
        TotalTasks = Tasks.Total,
        PendingTasks = Tasks.Available + Tasks.Scheduled,
        RunningTasks = Tasks.Running,
        CompletedTasks = Tasks.Completed,
        FailedTasks = Tasks.Failed,
        CancelledTasks = Tasks.Cancelled,
        CachedTasks = Tasks.Cached,
        ProcessedPercentage = ProcessedPercentage,
    };
}

/// <summary>A job with what is known of it alone: its configuration, its speed and why it waits.</summary>
public sealed record JobDetail : Job
{
    /// <summary>The configuration of the job, with secrets masked.</summary>
    public JsonElement? Config { get; init; }

    /// <summary>What the service's results add up to, in the service's own form; null where it adds nothing up.</summary>
    public JsonElement? AggregateResults { get; init; }

    /// <summary>The failed tasks by the kind of their error; null or empty where none failed.</summary>
    public IReadOnlyList<ErrorGroup>? ErrorSummary { get; init; }

    /// <summary>The size of all items, in bytes.</summary>
    public long InputBytes { get; init; }

    /// <summary>The sum of the times of the calls, in milliseconds.</summary>
    public double ProcessingMs { get; init; }

    /// <summary>Tasks that ended in a second since the job started; null before.</summary>
    public double? TasksPerSecond { get; init; }

    /// <summary>Tasks of other jobs that are served before the last of this one; null when the job has ended.</summary>
    public long? TasksAhead { get; init; }

    /// <summary>Seconds until the job will probably have ended; null where nothing was measured yet.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>Seconds until the job will have ended in nine of ten cases; null as <see cref="EtaSeconds"/>.</summary>
    public double? EtaP90Seconds { get; init; }

    /// <summary>Why the tasks of the job wait for their service; null where they do not.</summary>
    public WaitReason? Waiting { get; init; }
}

/// <summary>The tasks of a job by their states.</summary>
public sealed record TaskCounts
{
    /// <summary>All tasks.</summary>
    public int Total { get; init; }

    /// <summary>Tasks that wait for a free slot.</summary>
    public int Available { get; init; }

    /// <summary>Tasks that wait for a time: their start, or their next attempt.</summary>
    public int Scheduled { get; init; }

    /// <summary>Tasks whose service is being called.</summary>
    public int Running { get; init; }

    /// <summary>Tasks that have a result.</summary>
    public int Completed { get; init; }

    /// <summary>Tasks that failed and will not be tried again by themselves.</summary>
    public int Failed { get; init; }

    /// <summary>Tasks that were cancelled.</summary>
    public int Cancelled { get; init; }

    /// <summary>Completed tasks that got a known result, without a call.</summary>
    public int Cached { get; init; }
}
