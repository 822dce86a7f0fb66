namespace StashAI.Queue.Engine;

/// <summary>
/// Tracks claims whose answer was lost. They may have been committed, so that this process holds tasks that it does not know. Two checks
/// are due: one at once, and one a little later, because the commit may still be in progress when the connection breaks.
/// </summary>
internal sealed class UnconfirmedClaims(TimeSpan pause, TimeProvider clock)
{
    private const int Checks = 2;

    private int checksLeft;
    private long lastCheckedAt;

    /// <summary>True when a check is due.</summary>
    public bool IsDue => checksLeft == Checks || (checksLeft > 0 && clock.GetElapsedTime(lastCheckedAt) >= pause);

    public void Record() => checksLeft = Checks;

    public void RecordCheck()
    {
        checksLeft--;
        lastCheckedAt = clock.GetTimestamp();
    }
}
