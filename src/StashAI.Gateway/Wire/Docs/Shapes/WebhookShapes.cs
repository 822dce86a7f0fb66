using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary><c>state</c> of a delivery.</summary>
internal enum DeliveryStateShape
{
    Waiting,
    Delivered,
    GivenUp,
}

/// <summary>A webhook to create.</summary>
internal sealed record WebhookRequestShape
{
    public required string Name { get; init; }
    public required string Url { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<string>? Events { get; init; }
    public bool? IsEnabled { get; init; }
    public string? Secret { get; init; }
}

/// <summary>Changes of a webhook.</summary>
internal sealed record WebhookChangeShape
{
    public string? Name { get; init; }
    public string? Url { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<string>? Events { get; init; }
    public bool? IsEnabled { get; init; }
}

/// <summary>A new secret for a webhook.</summary>
internal sealed record WebhookRotationShape
{
    public long? KeepSeconds { get; init; }
    public string? Secret { get; init; }
}

/// <summary>A webhook.</summary>
internal record WebhookShape
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Url { get; init; }
    public required string? Description { get; init; }
    public required IReadOnlyList<string> Events { get; init; }
    public required bool IsEnabled { get; init; }
    public required string? DisabledReason { get; init; }
    public required DateTimeOffset? OldSecretUntil { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A webhook with its new secret.</summary>
internal sealed record WebhookWithSecretShape : WebhookShape
{
    public required string Secret { get; init; }
}

/// <summary>An address that jobs name.</summary>
internal sealed record WebhookAddressShape(string Url);

/// <summary>The secret for an address that jobs name.</summary>
internal sealed record WebhookSecretShape(string Url, string Secret);

/// <summary>An event for a webhook, and what became of it.</summary>
internal sealed record DeliveryShape
{
    public required Guid Id { get; init; }
    public required string Event { get; init; }
    public required string EventId { get; init; }
    public required Guid? JobId { get; init; }
    public required JsonObject Data { get; init; }
    public required string? Url { get; init; }
    public required DeliveryStateShape State { get; init; }
    public required int Attempts { get; init; }
    public required int? Status { get; init; }
    public required string? Error { get; init; }
    public required string? Answer { get; init; }
    public required int? DurationMs { get; init; }
    public required DateTimeOffset? AttemptedAt { get; init; }
    public required DateTimeOffset? NextAttemptAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A page of webhooks.</summary>
internal sealed record WebhookPageShape(IReadOnlyList<WebhookShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>A page of deliveries.</summary>
internal sealed record DeliveryPageShape(IReadOnlyList<DeliveryShape> Data, string? Next, long Total, bool TotalIsExact);
