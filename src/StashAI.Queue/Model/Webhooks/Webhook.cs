namespace StashAI.Queue.Model.Webhooks;

/// <summary>An address that is told when jobs and batches end.</summary>
public sealed record Webhook
{
    /// <summary>The internal key; 0 for one that is not stored yet.</summary>
    public long Key { get; init; }

    /// <summary>The public id.</summary>
    public required Guid Id { get; init; }

    /// <summary>A unique name.</summary>
    public required string Name { get; init; }

    /// <summary>Where events are posted to.</summary>
    public required string Url { get; init; }

    /// <summary>For people; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>The types of events that it gets of all jobs; empty for only those of jobs that name it.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>The bytes that sign what it gets.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>The secret before the last rotation, which signs too; null for none.</summary>
    public byte[]? OldSecret { get; init; }

    /// <summary>From then on the old secret signs no more.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>False when it gets nothing.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Why the server disabled it; null when a person did, or nobody.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Grows with each change.</summary>
    public long Version { get; init; } = 1;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
