namespace StashAI.Queue.Model.Jobs;

/// <summary>A job that is durable.</summary>
/// <param name="Key">Its internal key.</param>
/// <param name="JobId">Its public id.</param>
/// <param name="Total">How many tasks it has.</param>
public sealed record EnqueuedJob(long Key, Guid JobId, int Total)
{
    /// <summary>True when this is an earlier job with the same idempotency key; nothing is left of the upload.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>True when the earlier job was another request: its hash differs.</summary>
    public bool IsDifferentRequest { get; init; }
}
