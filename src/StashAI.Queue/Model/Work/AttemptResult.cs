using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Queue.Model.Work;

/// <summary>How one attempt ended, for the store to record.</summary>
public sealed record AttemptResult
{
    /// <summary>The claim that it belongs to.</summary>
    public required ClaimedTask Task { get; init; }

    /// <summary>What happened: Succeed, RetryLater, Throttle, Fail, Release or Abort.</summary>
    public required TaskEvent Event { get; init; }

    /// <summary>The service's answer, UTF-8 JSON, when it succeeded.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>What the answer adds to the job's aggregate; null for nothing.</summary>
    public ResultPart? Part { get; init; }

    /// <summary>Why it did not succeed.</summary>
    public ErrorKind ErrorKind { get; init; }

    /// <summary>For people.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What is kept of the call.</summary>
    public CallReport Call { get; init; } = CallReport.None;

    /// <summary>How long to wait before the next try (RetryLater, Throttle).</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How long the call took; zero when it never began.</summary>
    public TimeSpan Duration { get; init; }
}
