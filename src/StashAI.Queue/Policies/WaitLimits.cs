namespace StashAI.Queue.Policies;

/// <summary>
/// The longest that each wait can be. A stored time further ahead was written under another clock, and counts as over (docs/adr/0017).
/// </summary>
/// <param name="Pause">How long a service may make its lane wait.</param>
/// <param name="Retry">How long a task may wait for its next attempt, besides the pauses of its lane.</param>
/// <param name="Lease">How long a node's lease may last.</param>
public sealed record WaitLimits(TimeSpan Pause, TimeSpan Retry, TimeSpan Lease)
{
    /// <summary>The longest that an idempotency key may be kept.</summary>
    public static TimeSpan Key { get; } = TimeSpan.FromDays(7);

    /// <summary>The longest that a ticket may be good for.</summary>
    public static TimeSpan Ticket { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How far what has happened may lie ahead: clocks and transactions are a little out of step.</summary>
    public static TimeSpan Slack { get; } = TimeSpan.FromSeconds(1);
}
