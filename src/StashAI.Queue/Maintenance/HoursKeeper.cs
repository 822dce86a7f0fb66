using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Stores the next window of services whose allowed hours have ended. Opening needs nobody: the gate compares the stored window with the
/// clock, and a claim says when the next lane opens.
/// </summary>
internal sealed class HoursKeeper(IGate store)
{
    /// <summary>Between two runs, at most: a clock may have been set, or another process may have changed the hours.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await store.KeepHoursAsync(cancellationToken) is not { } end || end > Pause) return Pause;
        return end > ShortestPause ? end : ShortestPause;
    }
}
