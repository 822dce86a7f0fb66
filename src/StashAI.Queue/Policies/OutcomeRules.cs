using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Policies;

/// <summary>What an outcome means for its task, the same on every database: limits of waits, and messages for people.</summary>
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

    /// <summary>The longest delay that is stored.</summary>
    public static TimeSpan LongestDelay { get; } = TimeSpan.FromDays(365);

    /// <summary>The shortest wait of a parked task after its service may be called again.</summary>
    public static TimeSpan ShortestPark { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The event for an attempt that failed with a temporary error.</summary>
    public static TaskEvent AfterFailure(int attempt, int maxAttempts) => attempt < maxAttempts ? TaskEvent.RetryLater : TaskEvent.Fail;

    /// <summary>
    /// How long a lane waits when its service asks for <paramref name="asked"/>; null when it names no time. The service is called again
    /// after <paramref name="longestPause"/> at the latest, however long a wait it asks for.
    /// </summary>
    public static TimeSpan? ThrottleDelay(TimeSpan? asked, TimeSpan longestPause) => asked is not { } wait ? null
        : wait < TimeSpan.Zero ? TimeSpan.Zero
        : wait > longestPause ? longestPause : wait;

    /// <summary>The delay in milliseconds, within the limits of what is stored for this event.</summary>
    public static long StoredDelayMs(TaskEvent taskEvent, TimeSpan delay) =>
        (long)Math.Clamp(delay.TotalMilliseconds, 0, (taskEvent == TaskEvent.Throttle ? ThrottleLimit : LongestDelay).TotalMilliseconds);

    /// <summary>True when the whole lane waits after this outcome.</summary>
    public static bool BlocksLane(AttemptResult result) => result.Event == TaskEvent.Throttle && result.LaneDelay != TimeSpan.Zero;

    /// <summary>How long the lane waits after a throttle, in milliseconds; 0 for not at all.</summary>
    public static long LaneDelayMs(AttemptResult result) => StoredDelayMs(TaskEvent.Throttle, result.LaneDelay ?? result.Delay);

    /// <summary>False for a claim that ended before a call began: it is not part of the task's history.</summary>
    public static bool IsAttempt(TaskEvent taskEvent) => taskEvent is not (TaskEvent.Release or TaskEvent.AwaitResult);

    /// <summary>
    /// True when the claim took a call from its lane's rate limit that was not made, because another task had computed the result, or is
    /// computing it. The one call of a pack goes back with its last task, if none of them was called.
    /// </summary>
    public static bool ReturnsTokens(AttemptResult result) =>
        IsUncalled(result) && (result.Task.CallNumber == 0 || result.EndsUncalledPack);

    /// <summary>True when another task had computed the result, or is computing it.</summary>
    public static bool IsUncalled(AttemptResult result) =>
        result.IsCached || (result.Event == TaskEvent.AwaitResult && !result.ResultKey.IsEmpty);

    /// <summary>True when a task whose call ended with this signal is parked while its lane's circuit is open.</summary>
    public static bool MayPark(CircuitSignal signal) =>
        signal is CircuitSignal.Failed or CircuitSignal.FailedAgain or CircuitSignal.ServerError;

    /// <summary>
    /// How long a parked task waits. It waits a little longer than the circuit, so that other tasks try the service first: a task that
    /// breaks the service must not be the one that tries it each time.
    /// </summary>
    /// <param name="circuit">The lane's circuit.</param>
    /// <param name="now">The database's clock, Unix milliseconds.</param>
    /// <param name="delay">The delay of the attempt.</param>
    public static TimeSpan ParkDelay(Circuit circuit, long now, TimeSpan delay) =>
        TimeSpan.FromMilliseconds(Math.Max(0, circuit.Until - now)) + (delay > ShortestPark ? delay : ShortestPark);

    /// <summary>Cuts a message to the length that is stored.</summary>
    public static string Shorten(string message) => message.Length <= MaxMessage ? message : message[..MaxMessage];
}
