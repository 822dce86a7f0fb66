using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A webhook to create.</summary>
public sealed record NewWebhook
{
    /// <summary>A unique name of at most 100 characters, without <c>/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The http or https address that events are posted to.</summary>
    public required string Url { get; init; }

    /// <summary>For people; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>The events that it gets of all jobs; null for all events, empty for only those of jobs that name it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>A secret of one's own, <c>whsec_</c> and base64 of 24 to 64 bytes; null, and the server makes one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>What to change of a webhook. What is null stays as it is.</summary>
public sealed record WebhookChange
{
    /// <summary>The unique name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>For people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>The events that it gets of all jobs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>False for no more events; true for events again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsEnabled { get; init; }
}

/// <summary>The body of a rotation.</summary>
internal sealed record WireRotation(long? KeepSeconds);
