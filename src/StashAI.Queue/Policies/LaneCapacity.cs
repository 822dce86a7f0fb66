namespace StashAI.Queue.Policies;

/// <summary>How many calls a claim may take from a lane.</summary>
/// <param name="FreeCalls">How many calls the lane may begin now; 0 when it is blocked.</param>
/// <param name="IsCapped">True when the lane has a hard limit, so that only <see cref="AheadCalls"/> may be claimed ahead of free slots.</param>
/// <param name="Bucket">The lane's token bucket before the claim.</param>
/// <param name="IsTrial">True when the lane may give one task, which tries whether the service is back.</param>
/// <param name="OpensIn">How long until the lane opens by itself; null when it does not.</param>
public readonly record struct LaneCapacity(int FreeCalls, bool IsCapped, TokenBucket Bucket, bool IsTrial, TimeSpan? OpensIn)
{
    /// <summary>How many calls it may give ahead of free slots, beyond <see cref="FreeCalls"/>, although it has a hard limit.</summary>
    public int AheadCalls { get; init; }

    /// <summary>True when it may give a call, now or ahead.</summary>
    public bool HasRoom => FreeCalls > 0 || AheadCalls > 0;

    /// <summary>True when it gives nothing for a reason other than its limits being used up.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>
    /// The number of the trial, while single tasks try the service. Each trial takes a task from another place in the queue. Null
    /// otherwise.
    /// </summary>
    public int? TrialNumber { get; init; }
}
