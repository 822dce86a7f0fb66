namespace StashAI.Server.Hosting;

/// <summary>
/// Waits between restarts: 1 s doubling to 30 s, from the start again once the child had lived for a minute. A child without models is tried once
/// a minute: somebody has to fetch them first.
/// </summary>
internal sealed class VisageChildBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    private TimeSpan next = First;

    /// <summary>After an end that another start soon would repeat.</summary>
    public static TimeSpan WithoutModels { get; } = TimeSpan.FromMinutes(1);

    public TimeSpan After(TimeSpan lived)
    {
        var delay = lived >= Healthy ? First : next;
        next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }
}
