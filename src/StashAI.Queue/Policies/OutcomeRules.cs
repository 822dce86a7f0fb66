using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Policies;

/// <summary>What an outcome means for its task, on every database: limits of waits, and the sentences that people read.</summary>
public static class OutcomeRules
{
    /// <summary>The message of a task that was cancelled while it waited.</summary>
    public const string CancelledBeforeRun = "Cancelled before it ran.";

    /// <summary>The message of a task whose call was aborted.</summary>
    public const string CancelledWhileRunning = "Cancelled while it was running.";

    /// <summary>The message of a task whose job's deadline passed while it waited.</summary>
    public const string DeadlineBeforeRun = "The job's deadline passed before it ran.";

    /// <summary>The message of a task whose job's deadline passed during its call.</summary>
    public const string DeadlineWhileRunning = "The job's deadline passed while it was running.";

    /// <summary>Comes before the message of a failed task that a person skipped.</summary>
    public const string SkippedBefore = "Skipped. It had failed: ";

    private const int MaxMessage = 2000;

    /// <summary>A task that was throttled for longer than this fails.</summary>
    public static TimeSpan ThrottleLimit { get; } = TimeSpan.FromHours(24);

    /// <summary>The longest wait that is stored.</summary>
    public static TimeSpan LongestDelay { get; } = TimeSpan.FromDays(365);

    /// <summary>How long a parked task waits at least after its service may be tried again.</summary>
    public static TimeSpan ShortestPark { get; } = TimeSpan.FromSeconds(1);

    /// <summary>What follows an attempt that failed in a way that may pass.</summary>
    public static TaskEvent AfterFailure(int attempt, int maxAttempts) => attempt < maxAttempts ? TaskEvent.RetryLater : TaskEvent.Fail;

    /// <summary>
    /// How long a lane waits whose service asked for <paramref name="asked"/>; null when it named no time. A service may ask for any wait, past
    /// the end of the calendar even; it is asked again when the longest pause is over.
    /// </summary>
    public static TimeSpan? ThrottleDelay(TimeSpan? asked, TimeSpan longestPause) => asked is not { } wait ? null
        : wait < TimeSpan.Zero ? TimeSpan.Zero
        : wait > longestPause ? longestPause : wait;

    /// <summary>A delay within the limits of what is stored for this event, in milliseconds.</summary>
    public static long StoredDelayMs(TaskEvent taskEvent, TimeSpan delay) =>
        (long)Math.Clamp(delay.TotalMilliseconds, 0, (taskEvent == TaskEvent.Throttle ? ThrottleLimit : LongestDelay).TotalMilliseconds);

    /// <summary>True when a call that ended so is no fault of its task while its lane's circuit is open: then the task is parked.</summary>
    public static bool MayPark(CircuitSignal signal) => signal is CircuitSignal.Failed or CircuitSignal.FailedAgain or CircuitSignal.Suspected;

    /// <summary>
    /// How long a parked task waits. Other tasks come first when the service is tried again: a task that breaks it must not be the one that
    /// tries each time.
    /// </summary>
    /// <param name="circuit">The lane's circuit.</param>
    /// <param name="now">The database's clock, Unix milliseconds.</param>
    /// <param name="delay">The delay of the attempt.</param>
    public static TimeSpan ParkDelay(Circuit circuit, long now, TimeSpan delay) =>
        TimeSpan.FromMilliseconds(Math.Max(0, circuit.Until - now)) + (delay > ShortestPark ? delay : ShortestPark);

    /// <summary>A message no longer than what is kept.</summary>
    public static string Shorten(string message) => message.Length <= MaxMessage ? message : message[..MaxMessage];
}
