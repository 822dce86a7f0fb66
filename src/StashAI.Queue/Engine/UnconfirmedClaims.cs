namespace StashAI.Queue.Engine;

/// <summary>
/// Claims whose answer was lost: they may have been durable, and then this process holds tasks that it does not know of. It looks at once,
/// and once more a little later, because a commit may still be under way when the connection is gone.
/// </summary>
internal sealed class UnconfirmedClaims(TimeSpan pause, TimeProvider clock)
{
    private const int Checks = 2;

    private int left;
    private long last;

    /// <summary>True when it is time to look.</summary>
    public bool IsDue => left == Checks || (left > 0 && clock.GetElapsedTime(last) >= pause);

    public void Record() => left = Checks;

    public void Checked()
    {
        left--;
        last = clock.GetTimestamp();
    }
}
