namespace StashAI.Queue.Model.Webhooks;

/// <summary>An event for one receiver, and what became of it.</summary>
public sealed record Delivery
{
    /// <summary>The internal key.</summary>
    public required long Key { get; init; }

    /// <summary>What is sent.</summary>
    public required NewDelivery Content { get; init; }

    public required DeliveryState State { get; init; }

    /// <summary>Calls that have begun since it was made, or asked for again.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it is sent next, if it waits.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>After this time it is not sent again.</summary>
    public required DateTimeOffset GiveUpAt { get; init; }

    /// <summary>The HTTP status of the last answer; null for none.</summary>
    public int? Status { get; init; }

    /// <summary>Why the last call failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The beginning of the last answer; null for none.</summary>
    public string? Answer { get; init; }

    /// <summary>When the last call began; null before the first.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>How long the last call took, in milliseconds.</summary>
    public int? DurationMs { get; init; }

    /// <summary>When it was delivered or given up.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A delivery that a process has taken to send it.</summary>
/// <param name="Delivery">The delivery; its attempts include this one.</param>
/// <param name="Webhook">Its webhook; null for an address that a job names, and for a webhook that is gone.</param>
public sealed record ClaimedDelivery(Delivery Delivery, Webhook? Webhook);

/// <summary>What came of a call.</summary>
public sealed record DeliveryOutcome
{
    /// <summary><see cref="DeliveryState.Waiting"/> to try again after <see cref="Delay"/>, if there is time left.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>How long to wait for the next call.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The HTTP status; null without an answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why the call failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The beginning of the answer; null for none.</summary>
    public string? Answer { get; init; }

    /// <summary>How long the call took; null if none was made.</summary>
    public TimeSpan? Duration { get; init; }
}
