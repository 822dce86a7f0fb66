using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Webhooks;

/// <summary>
/// The end of a job, or of a batch that never became one, as the transaction that ended it has noted it. Nobody has been told yet.
/// </summary>
public sealed record EndedWork
{
    /// <summary>The internal key of the note.</summary>
    public required long Key { get; init; }

    /// <summary>The public id of the job; null for a batch without one.</summary>
    public Guid? JobId { get; init; }

    /// <summary>The public id of the batch that the job is, or that ended without a job; null for none.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>How the job ended; for a batch without one, <see cref="JobState.Failed"/> or <see cref="JobState.Cancelled"/>.</summary>
    public required JobState State { get; init; }

    /// <summary>The job's service; empty for a batch without a job.</summary>
    public string Service { get; init; } = "";

    public int Total { get; init; }

    public int Completed { get; init; }

    public int Failed { get; init; }

    public int Cancelled { get; init; }

    /// <summary>True for a job that job lists leave out.</summary>
    public bool IsSingleTask { get; init; }

    /// <summary>What the job named: the public id of a webhook, or an address; null for nothing.</summary>
    public string? Webhook { get; init; }

    /// <summary>The name of the API key that submitted the job; null without a key.</summary>
    public string? Owner { get; init; }

    /// <summary>The job's deadline; null for none.</summary>
    public DateTimeOffset? Deadline { get; init; }

    public required DateTimeOffset EndedAt { get; init; }
}
