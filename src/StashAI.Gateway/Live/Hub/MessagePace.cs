namespace StashAI.Gateway.Live.Hub;

/// <summary>A client's rate limit: a burst, then a number of messages per second. The socket of a faster client is read later.</summary>
internal sealed class MessagePace(LiveLimits limits, TimeProvider clock)
{
    private double tokens = limits.MessageBurst;
    private long at = clock.GetTimestamp();

    /// <summary>Counts one message and returns how long to wait before reading the next.</summary>
    public TimeSpan Take()
    {
        var now = clock.GetTimestamp();
        tokens = Math.Min(limits.MessageBurst, tokens + (clock.GetElapsedTime(at, now).TotalSeconds * limits.MessagesPerSecond)) - 1;
        at = now;
        return tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / limits.MessagesPerSecond);
    }
}
