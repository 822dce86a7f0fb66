using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>How far a job is: what changes while it runs.</summary>
public record JobProgress
{
    /// <summary>The id of the job.</summary>
    [JsonPropertyName("job_id")]
    public Guid JobId { get; init; }

    /// <summary>The service that the job's tasks call.</summary>
    [JsonPropertyName("adapter_name")]
    public string Service { get; init; } = "";

    /// <summary>What the job does, such as <c>visage_batch_face_identification</c>.</summary>
    public string JobType { get; init; } = "";

    /// <summary>The name that people gave the job; null where it has none.</summary>
    public string? JobName { get; init; }

    /// <summary>The state of the job.</summary>
    public JobState State { get; init; }

    /// <summary>Rises at every change. Of two views of a job, the one with the higher version is newer.</summary>
    public long Version { get; init; }

    /// <summary>All tasks of the job.</summary>
    public int TotalTasks { get; init; }

    /// <summary>Tasks that wait: for a free slot, for their start or for their next attempt.</summary>
    public int PendingTasks { get; init; }

    /// <summary>Tasks whose service is being called.</summary>
    public int RunningTasks { get; init; }

    /// <summary>Tasks that have a result.</summary>
    public int CompletedTasks { get; init; }

    /// <summary>Tasks that failed and will not be tried again by themselves.</summary>
    public int FailedTasks { get; init; }

    /// <summary>Tasks that were cancelled.</summary>
    public int CancelledTasks { get; init; }

    /// <summary>Completed tasks that got a known result, without a call.</summary>
    public int CachedTasks { get; init; }

    /// <summary>Tasks that have ended, however, in percent of all: 0 to 100.</summary>
    public double ProcessedPercentage { get; init; }

    /// <summary>True when the job has ended. A retry by a person can start it again.</summary>
    [JsonIgnore]
    public bool IsOver => State is JobState.Completed or JobState.Partial or JobState.Failed or JobState.Cancelled;
}
