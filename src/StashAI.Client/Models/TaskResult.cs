using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>How one item of a job ended.</summary>
public sealed record TaskResult
{
    /// <summary>The place of the item in the job, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The id of the task.</summary>
    [JsonPropertyName("id")]
    public Guid TaskId { get; init; }

    /// <summary>The id that the submit gave the item; null where it gave none.</summary>
    public JsonElement? ItemId { get; init; }

    /// <summary>The name of the item's file, or another that the submit gave it; null for none.</summary>
    [JsonPropertyName("item_name")]
    public string? GivenName { get; init; }

    /// <summary><see cref="TaskState.Completed"/>, <see cref="TaskState.Failed"/> or <see cref="TaskState.Cancelled"/>.</summary>
    public TaskState State { get; init; }

    /// <summary>The kind of the error; null for a success.</summary>
    public string? ErrorKind { get; init; }

    /// <summary>Why the task failed; null for a success.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>How long the last call took, in milliseconds; null where the service was not called.</summary>
    public double? ProcessingMs { get; init; }

    /// <summary>When the task ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What the service answered; null unless the task is completed.</summary>
    [JsonPropertyName("result")]
    public JsonElement? Output { get; init; }

    /// <summary>What to call the item: <see cref="GivenName"/>, or else <see cref="ItemId"/> as text; null for neither.</summary>
    [JsonIgnore]
    public string? ItemName =>
        GivenName ?? (ItemId is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } id ? id.ToString() : null);
}

/// <summary>How one item of a job ended, with the answer of the service as an object.</summary>
/// <typeparam name="T">The form of the answer.</typeparam>
/// <param name="Task">The result as the server sent it.</param>
/// <param name="Output">The answer; the default value unless the task is completed.</param>
public sealed record TaskResult<T>(TaskResult Task, T? Output);
