namespace StashAI.Gateway.Live.Hub;

/// <summary>How fast a client may send: a burst, then so many a second. Whoever is faster is read later.</summary>
internal sealed class MessagePace(LiveLimits limits, TimeProvider clock)
{
    private double tokens = limits.MessageBurst;
    private long at = clock.GetTimestamp();

    /// <summary>Takes one message and says how long to wait before the next is read.</summary>
    public TimeSpan Take()
    {
        var now = clock.GetTimestamp();
        tokens = Math.Min(limits.MessageBurst, tokens + (clock.GetElapsedTime(at, now).TotalSeconds * limits.MessagesPerSecond)) - 1;
        at = now;
        return tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / limits.MessagesPerSecond);
    }
}
