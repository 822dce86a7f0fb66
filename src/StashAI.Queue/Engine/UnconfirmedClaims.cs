namespace StashAI.Queue.Engine;

/// <summary>
/// Claims whose answer was lost: they may have been durable, and then this process holds tasks that it does not know of. It looks at once,
/// and once more a little later, because a commit may still be under way when the connection is gone.
/// </summary>
internal sealed class UnconfirmedClaims(TimeSpan pause, TimeProvider clock)
{
    private const int Checks = 2;

    private int checksLeft;
    private long lastCheckedAt;

    /// <summary>True when it is time to look.</summary>
    public bool IsDue => checksLeft == Checks || (checksLeft > 0 && clock.GetElapsedTime(lastCheckedAt) >= pause);

    public void Record() => checksLeft = Checks;

    public void RecordCheck()
    {
        checksLeft--;
        lastCheckedAt = clock.GetTimestamp();
    }
}
