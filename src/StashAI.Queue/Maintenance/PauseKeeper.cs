using StashAI.Queue.Live;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Ends pauses whose end has come. It sleeps until the next end, and wakes when a pause with an end is set.</summary>
/// <param name="store">Where pauses are.</param>
/// <param name="feed">Told of the jobs that go on.</param>
/// <param name="wakeWorkers">Called after something has ended, so that work begins at once in all processes.</param>
internal sealed class PauseKeeper(IControl store, QueueFeed feed, Action wakeWorkers)
{
    private const int Limit = 1000;

    /// <summary>Between two runs, at most: another process may have set a pause and died, or the clock may have been set.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var ended = await store.EndPausesAsync(Limit, cancellationToken);
        feed.Publish(ended.Changes);
        if (ended.Services > 0 || !ended.Changes.IsEmpty) wakeWorkers();
        if (ended.Changes.Jobs.Count == Limit) return TimeSpan.Zero;
        if (ended.Next is not { } next || next > Pause) return Pause;
        return next > ShortestPause ? next : ShortestPause;
    }
}
