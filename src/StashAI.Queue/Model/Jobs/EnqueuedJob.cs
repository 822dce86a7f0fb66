namespace StashAI.Queue.Model.Jobs;

/// <summary>A submitted job, which is durable.</summary>
/// <param name="Key">The job's internal key.</param>
/// <param name="JobId">The job's public id.</param>
public sealed record EnqueuedJob(long Key, Guid JobId, int Total)
{
    /// <summary>True when this is an earlier job with the same idempotency key; the upload was discarded.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>True when the earlier job came from a different request, with another hash.</summary>
    public bool IsDifferentRequest { get; init; }
}
