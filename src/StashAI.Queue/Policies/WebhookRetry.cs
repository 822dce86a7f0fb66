namespace StashAI.Queue.Policies;

/// <summary>When a webhook is called again that did not take an event.</summary>
public static class WebhookRetry
{
    /// <summary>For how long an event is sent.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromDays(3);

    /// <summary>The pause after the first call, before jitter.</summary>
    public static TimeSpan FirstDelay { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause, before jitter.</summary>
    public static TimeSpan MaxDelay { get; } = TimeSpan.FromHours(6);

    /// <summary>The longest pause that is stored.</summary>
    public static TimeSpan LongestDelay { get; } = MaxDelay * (1 + Jitter);

    /// <summary>
    /// An event is given up after so many calls in a row during which the process ended; the stores have the number in an index.
    /// </summary>
    public const int MaxLost = 3;

    /// <summary>Why such an event is given up.</summary>
    public const string LostMessage = "Each of three processes that sent it ended during its call; replay it when you know why.";

    private const double Growth = 3;

    private const double Jitter = 0.2;

    /// <summary>The pause after a call: three times the last one, up to six hours, and up to a fifth more or less.</summary>
    /// <param name="attempts">The calls so far, at least 1.</param>
    /// <param name="random">0 to 1.</param>
    /// <param name="asked">The pause that the receiver asks for; it lengthens the pause, but never beyond the longest.</param>
    public static TimeSpan DelayAfter(int attempts, double random, TimeSpan? asked = null)
    {
        var seconds = Math.Min(FirstDelay.TotalSeconds * Math.Pow(Growth, Math.Max(0, attempts - 1)), MaxDelay.TotalSeconds);
        var delay = TimeSpan.FromSeconds(seconds * (1 - Jitter + (2 * Jitter * random)));
        return asked > delay ? asked.Value < MaxDelay ? asked.Value : MaxDelay : delay;
    }
}
