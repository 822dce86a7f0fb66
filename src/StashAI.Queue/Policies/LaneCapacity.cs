namespace StashAI.Queue.Policies;

/// <summary>How far a lane is open to a claim.</summary>
/// <param name="FreeCalls">How many calls it may begin now; 0 when it is shut.</param>
/// <param name="IsCapped">True when it has a hard limit, so that nothing may be claimed ahead of free slots.</param>
/// <param name="Bucket">Its saved-up calls as of now, before the claim takes any.</param>
/// <param name="IsTrial">True when the one task that it gives tries whether the service is back.</param>
/// <param name="OpensIn">When the passing of time alone opens it, and how long that takes; null otherwise.</param>
public readonly record struct LaneCapacity(int FreeCalls, bool IsCapped, TokenBucket Bucket, bool IsTrial, TimeSpan? OpensIn)
{
    /// <summary>True when it gives nothing for another reason than that its places or calls are taken.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>Which try this is, where one task tries the service: each goes to another place in the queue. Null otherwise.</summary>
    public int? TrialNumber { get; init; }
}
