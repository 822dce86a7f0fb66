using System.Text.Json;

namespace StashAI.Client.Models;

/// <summary>A task: one item of a job, and the call that it becomes.</summary>
public record JobTask
{
    /// <summary>The id of the task.</summary>
    public Guid Id { get; init; }

    /// <summary>The id of its job.</summary>
    public Guid JobId { get; init; }

    /// <summary>The name of its job; empty for none.</summary>
    public string JobName { get; init; } = "";

    /// <summary>The place of the item in the job, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The id that the submit gave the item; null where it gave none.</summary>
    public JsonElement? ItemId { get; init; }

    /// <summary>The name of the item's file, or another that the submit gave it; null for none.</summary>
    public string? ItemName { get; init; }

    /// <summary>The first 80 characters of an item that is a text, or of what it asks a model; null for any other.</summary>
    public string? ItemText { get; init; }

    /// <summary>The service that is called.</summary>
    public string Service { get; init; } = "";

    /// <summary>What the service does with the item, such as <c>identify</c>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>The state of the task.</summary>
    public TaskState State { get; init; }

    /// <summary>Rises at every change of the task.</summary>
    public long Version { get; init; }

    /// <summary>The number of the attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>The most attempts that are made.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>True while a running task is being cancelled.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>True when another task had computed the result, so that no call was made for it.</summary>
    public bool Cached { get; init; }

    /// <summary>What its call cost, in the currency that the service's declaration uses; null where that is not known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The kind of the last error; null where there is none.</summary>
    public string? ErrorKind { get; init; }

    /// <summary>Why the task failed, or why it will be tried again.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>How long the last call took, in milliseconds; null before the first call has ended.</summary>
    public double? ProcessingMs { get; init; }

    /// <summary>When the task starts or is tried again, if it waits for a time.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When the last attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the task ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
