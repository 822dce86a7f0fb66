using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A task with its item, its result and its history.</summary>
public sealed record JobTaskDetail : JobTask
{
    /// <summary>The item without its files, and where they can be read.</summary>
    public JsonElement? InputData { get; init; }

    /// <summary>What the service answered; null until the task is completed.</summary>
    [JsonPropertyName("result")]
    public JsonElement? Output { get; init; }

    /// <summary>The attempts that have ended, oldest first; of very many, the newest 100.</summary>
    public IReadOnlyList<TaskAttempt> Attempts { get; init; } = [];
}
