namespace StashAI.Sdk;

/// <summary>How one attempt ended: exactly one of <see cref="Completed"/>, <see cref="Retry"/>, <see cref="Throttled"/> and <see cref="Failed"/>.</summary>
public abstract record TaskOutcome
{
    private TaskOutcome(CallReport call) => Call = call;

    /// <summary>What is kept of the call.</summary>
    public CallReport Call { get; }

    /// <summary>The service answered; <paramref name="Output"/> is its answer as UTF-8 JSON, untouched.</summary>
    public sealed record Completed(ReadOnlyMemory<byte> Output, CallReport Call) : TaskOutcome(Call);

    /// <summary>It may succeed later: the queue tries again with exponential backoff while attempts are left.</summary>
    public sealed record Retry(ErrorKind Kind, string Message, CallReport Call) : TaskOutcome(Call);

    /// <summary>The service asked to wait. The attempt is given back and the whole lane waits for <paramref name="RetryAfter"/>.</summary>
    public sealed record Throttled(TimeSpan? RetryAfter, string Message, CallReport Call) : TaskOutcome(Call);

    /// <summary>Trying again cannot help.</summary>
    public sealed record Failed(ErrorKind Kind, string Message, CallReport Call) : TaskOutcome(Call);
}
