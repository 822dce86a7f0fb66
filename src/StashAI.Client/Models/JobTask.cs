using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A task: one item of a job, and the call that it becomes.</summary>
public record JobTask
{
    /// <summary>The id of the task.</summary>
    public Guid TaskId { get; init; }

    /// <summary>The id of its job.</summary>
    public Guid JobId { get; init; }

    /// <summary>The service that is called.</summary>
    [JsonPropertyName("adapter_name")]
    public string Service { get; init; } = "";

    /// <summary>What the service does with the item, such as <c>face_identify</c>.</summary>
    public string TaskType { get; init; } = "";

    /// <summary>The state of the task.</summary>
    public TaskState State { get; init; }

    /// <summary>Rises at every change of the task.</summary>
    public long Version { get; init; }

    /// <summary>The place of the item in the job, from 0.</summary>
    [JsonPropertyName("batch_index")]
    public int Index { get; init; }

    /// <summary>How long the last call took, in milliseconds; null before the first call has ended.</summary>
    public double? ProcessingTimeMs { get; init; }

    /// <summary>The kind of the last error; null where there is none.</summary>
    public string? ErrorKind { get; init; }

    /// <summary>Why the task failed, or why it will be tried again.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>How many attempts were made, and how many may be made.</summary>
    public TaskProgress Progress { get; init; } = new();

    /// <summary>When the job was submitted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the last attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the task ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When the task starts or is tried again, if it waits for a time.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>The item without its files, and where they can be read; null where the server leaves it out.</summary>
    public JsonElement? InputData { get; init; }
}
