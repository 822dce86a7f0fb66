using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Queue.Model.Work;

/// <summary>The outcome of one attempt, for the store to record.</summary>
public sealed record AttemptResult
{
    public required ClaimedTask Task { get; init; }

    /// <summary>How it ended: Succeed, RetryLater, Throttle, Fail, Release, AwaitResult or Abort.</summary>
    public required TaskEvent Event { get; init; }

    /// <summary>The service's answer, UTF-8 JSON, when it succeeded.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>What the call computed, to judge the result again later; may be empty.</summary>
    public ReadOnlyMemory<byte> Derived { get; init; }

    /// <summary>
    /// What the result depends on, if it may be reused: a success is remembered by it in the same transaction. Empty for other tasks.
    /// </summary>
    public ReadOnlyMemory<byte> ResultKey { get; init; }

    /// <summary>True for a success without a call: another task had computed the result.</summary>
    public bool IsCached { get; init; }

    /// <summary>
    /// True for the task of a pack that ended last, if nothing was called: the results of all of them were known, or others compute them.
    /// </summary>
    public bool EndsUncalledPack { get; init; }

    /// <summary>What the call cost; null where that is not known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The answer's contribution to the job's aggregate; may be null.</summary>
    public ResultPart? Part { get; init; }

    /// <summary>Who or what the answer shows; empty for nothing.</summary>
    public IReadOnlyList<ResultSubject> Subjects { get; init; } = [];

    /// <summary>The kind of error, if it did not succeed.</summary>
    public ErrorKind ErrorKind { get; init; }

    /// <summary>A message for people; may be null.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What is stored about the call.</summary>
    public CallReport Call { get; init; } = CallReport.None;

    /// <summary>How long to wait before the next attempt (RetryLater, Throttle).</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>
    /// A throttled task waits at least as long as it has been throttled so far, up to this; zero for exactly its
    /// delay.
    /// </summary>
    public TimeSpan GrowsUpTo { get; init; }

    /// <summary>How long the whole lane waits after a throttle: zero for not at all, null for as long as the delay.</summary>
    public TimeSpan? LaneDelay { get; init; }

    /// <summary>True when the process ran out of memory during the call, so that it says nothing about the item or the service.</summary>
    public bool IsOutOfMemory { get; init; }

    /// <summary>The duration of the call; zero when it never began.</summary>
    public TimeSpan Duration { get; init; }
}
