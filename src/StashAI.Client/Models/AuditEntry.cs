using System.Text.Json;

namespace StashAI.Client.Models;

/// <summary>A change that a person made.</summary>
public sealed record AuditEntry
{
    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The name of the API key; null without one.</summary>
    public string? Who { get; init; }

    /// <summary>What was done, such as <c>cancel</c> or <c>delete</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary>What it was done to, such as <c>job</c> or <c>service</c>.</summary>
    public string? TargetKind { get; init; }

    /// <summary>The id or the name of what it was done to.</summary>
    public string? TargetId { get; init; }

    /// <summary>The address of the client.</summary>
    public string? Address { get; init; }

    /// <summary>What else is known of the change; null for nothing.</summary>
    public JsonElement? Details { get; init; }
}
