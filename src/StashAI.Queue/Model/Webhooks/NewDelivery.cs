namespace StashAI.Queue.Model.Webhooks;

/// <summary>An event for one receiver.</summary>
public sealed record NewDelivery
{
    /// <summary>The public id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The internal key of the webhook; 0 for an address that a job names.</summary>
    public required long WebhookKey { get; init; }

    /// <summary>The address that the job names; null for that of the webhook.</summary>
    public string? Url { get; init; }

    /// <summary>The name of the job's API key, to which the secret of a named address belongs; null without a key.</summary>
    public string? Owner { get; init; }

    /// <summary>What shares a limit of calls at once: the webhook, or the host of the address.</summary>
    public required string Lane { get; init; }

    /// <summary>The id of the event, the same for all its receivers and at each attempt.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The type of the event, such as <c>job.completed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The public id of the job; null for none.</summary>
    public Guid? JobId { get; init; }

    /// <summary><c>data</c> of the event, a JSON object.</summary>
    public required string Data { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset HappenedAt { get; init; }
}
