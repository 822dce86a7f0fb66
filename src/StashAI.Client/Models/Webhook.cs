using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A webhook: an address that the server tells when jobs and batches end.</summary>
public sealed record Webhook
{
    /// <summary>The id of the webhook.</summary>
    public Guid Id { get; init; }

    /// <summary>The unique name, by which it can be called in place of its id.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where events are posted to.</summary>
    public string Url { get; init; } = "";

    /// <summary>For people; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>The events that it gets of all jobs, such as <c>job.completed</c>; empty for only those of jobs that name it.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>False while it gets nothing.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Why the server disabled it; null when a person did, or nobody.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Until then the secret before the last rotation signs too; null for no such secret.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The secret that signs what it gets; only in the answers to a create and a rotation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>An event for a webhook, and what became of it.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The id of the delivery.</summary>
    public Guid Id { get; init; }

    /// <summary>The type of the event, such as <c>job.completed</c>.</summary>
    public string Event { get; init; } = "";

    /// <summary>The id of the event (<c>webhook-id</c>), the same at each attempt.</summary>
    public string EventId { get; init; } = "";

    /// <summary>The job; null for a test and for a batch without a job.</summary>
    public Guid? JobId { get; init; }

    /// <summary>What the event says: ids and counts.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The address that the job named; null for that of the webhook.</summary>
    public string? Url { get; init; }

    /// <summary>How far it is.</summary>
    public WebhookDeliveryState State { get; init; }

    /// <summary>The calls so far.</summary>
    public int Attempts { get; init; }

    /// <summary>The HTTP status of the last answer; null for none.</summary>
    public int? Status { get; init; }

    /// <summary>Why the last call failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The beginning of the last answer; null for none.</summary>
    public string? Answer { get; init; }

    /// <summary>How long the last call took, in milliseconds; null before the first.</summary>
    public int? DurationMs { get; init; }

    /// <summary>When the last call began; null before the first.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When it is sent next; null when it is over.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When it was delivered or given up; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>How far a delivery is.</summary>
public enum WebhookDeliveryState
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>It is to be sent, or sent again.</summary>
    Waiting,

    /// <summary>The receiver has taken it.</summary>
    Delivered,

    /// <summary>It is not sent again, unless a person asks for it.</summary>
    GivenUp,
}
