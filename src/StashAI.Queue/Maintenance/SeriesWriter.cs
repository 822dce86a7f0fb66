using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Writes what this process counted to the series, every few seconds and at the end of each minute, and rolls minutes up into hours. What a
/// failed write took is written with the next one.
/// </summary>
internal sealed class SeriesWriter(IMeasure store, SeriesMeter meter, TimeProvider clock)
{
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RollPause = TimeSpan.FromMinutes(1);

    /// <summary>Without news, hours are still rolled up and old points removed this often.</summary>
    private static readonly TimeSpan LongestRollPause = TimeSpan.FromHours(1);

    private readonly List<SeriesAddition> unwritten = [];
    private DateTimeOffset minute = MinuteOf(clock.GetUtcNow());
    private DateTimeOffset? rolledAt;
    private bool hasNews;

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // What was counted since the last run belongs to its minute: a run comes at the end of each. While the database takes nothing, one
        // entry for each minute and service gathers here.
        if (unwritten.Count == 0 || MinuteOf(now) > minute) unwritten.AddRange(meter.Take(minute));
        if (unwritten.Count > 0 || MinuteOf(now) > minute)
        {
            hasNews |= await store.AddSeriesAsync(minute, unwritten, cancellationToken);
            unwritten.Clear();
        }

        minute = MinuteOf(now);
        if (rolledAt is not { } rolled || now - rolled >= (hasNews ? RollPause : LongestRollPause) || now < rolled)
        {
            await store.RollSeriesAsync(cancellationToken);
            (rolledAt, hasNews) = (now, false);
        }

        var left = minute.AddMinutes(1) - clock.GetUtcNow();
        return left > TimeSpan.Zero && left < Pause ? left : Pause;
    }

    private static DateTimeOffset MinuteOf(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));
}
