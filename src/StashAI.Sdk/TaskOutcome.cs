namespace StashAI.Sdk;

/// <summary>
/// How one attempt ended: exactly one of <see cref="Completed"/>, <see cref="Retry"/>, <see cref="Throttled"/> and <see cref="Failed"/>.
/// </summary>
public abstract record TaskOutcome
{
    private TaskOutcome(CallReport call) => Call = call;

    /// <summary>What the attempt's history keeps of the call.</summary>
    public CallReport Call { get; }

    /// <summary>The service answered; <paramref name="Output"/> is its answer as UTF-8 JSON, unchanged.</summary>
    public sealed record Completed(ReadOnlyMemory<byte> Output, CallReport Call) : TaskOutcome(Call)
    {
        /// <summary>
        /// What the call computed and <see cref="IResultRematch"/> needs to judge the result again, in the adapter's own form; empty for
        /// nothing. It is stored with the result and never shown to clients.
        /// </summary>
        public ReadOnlyMemory<byte> Derived { get; init; }

        /// <summary>
        /// What the call cost, from 0 to 10^12, in the currency that the operator uses for this service; null where that is not known, as
        /// which any other number counts. It is added up by job, day and key.
        /// </summary>
        public decimal? Cost { get; init; }
    }

    /// <summary>The attempt failed but may succeed later: the queue retries with exponential backoff while attempts are left.</summary>
    public sealed record Retry(ErrorKind Kind, string Message, CallReport Call) : TaskOutcome(Call);

    /// <summary>
    /// The service asked to wait. The attempt does not count, and all calls to this address wait for <paramref name="RetryAfter"/>.
    /// </summary>
    public sealed record Throttled(TimeSpan? RetryAfter, string Message, CallReport Call) : TaskOutcome(Call);

    /// <summary>The attempt failed, and a retry cannot succeed.</summary>
    public sealed record Failed(ErrorKind Kind, string Message, CallReport Call) : TaskOutcome(Call);
}
