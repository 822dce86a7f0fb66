namespace StashAI.Server.Hosting;

/// <summary>
/// The delays between restarts: from 1 s, doubling up to 30 s, and reset after the child has run for a minute. Without models, it is
/// started once a minute, because somebody must fetch them first.
/// </summary>
internal sealed class VisageChildBackoff
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HealthyLifetime = TimeSpan.FromMinutes(1);

    private TimeSpan next = FirstDelay;

    /// <summary>The delay when models are missing, because an earlier restart would fail again.</summary>
    public static TimeSpan WithoutModels { get; } = TimeSpan.FromMinutes(1);

    public TimeSpan After(TimeSpan lived)
    {
        var delay = lived >= HealthyLifetime ? FirstDelay : next;
        next = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
        return delay;
    }
}
