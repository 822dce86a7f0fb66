namespace StashAI.Queue.Policies;

/// <summary>
/// The longest possible waits. A stored time further ahead was written while the clock was different, and counts as over (docs/adr/0017).
/// </summary>
/// <param name="Pause">The longest time for which a service can block its lane.</param>
/// <param name="Retry">The longest wait of a task for its next attempt, besides the pauses of its lane.</param>
/// <param name="Lease">The longest lease of a node.</param>
public sealed record WaitLimits(TimeSpan Pause, TimeSpan Retry, TimeSpan Lease)
{
    /// <summary>After this time at most, a task that waits for another one's result asks again (docs/adr/0040).</summary>
    public static TimeSpan Result { get; } = TimeSpan.FromMinutes(20);

    /// <summary>The longest wait of a task, besides the pauses of its service's circuit.</summary>
    public TimeSpan Task => Pause + Retry > Result ? Pause + Retry : Result;

    /// <summary>The longest time for which an idempotency key is kept.</summary>
    public static TimeSpan Key { get; } = TimeSpan.FromDays(7);

    /// <summary>The longest validity of a ticket.</summary>
    public static TimeSpan Ticket { get; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The longest lease of work that a process takes from the database besides tasks: erasures, bulk operations, runs of schedules, and
    /// the checks of batches.
    /// </summary>
    public static TimeSpan Work { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How far a past event may seem to lie in the future, because clocks and transactions are slightly out of step.</summary>
    public static TimeSpan Slack { get; } = TimeSpan.FromSeconds(1);
}
